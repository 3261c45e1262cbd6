import { useState } from "preact/hooks";
import type { ApiKey, Scope } from "../api/answers.ts";
import { change } from "../api/client.ts";
import { usePolled } from "../api/use-polled.ts";
import { Tag, Time } from "../parts/badge.tsx";
import { Line, Name } from "../parts/data.tsx";
import { attempt } from "../parts/notices.tsx";
import { Problem } from "../parts/states.tsx";
import { beginSession, session } from "../session.ts";
import { say, t, time } from "../words.ts";

const PATH = "/api/v1/keys";
const SCOPES: readonly Scope[] = ["read", "triage", "feeds", "admin"];

interface NewKey {
  readonly name: string;
  readonly token: string;
}

export function Keys() {
  const { data, problem, refresh } = usePolled<{ keys: readonly ApiKey[] }>(PATH, { everyMs: 15_000 }); // prettier-ignore
  const [made, setMade] = useState<NewKey>();
  return (
    <section class="card wide">
      <h2>{t("settings.keys")}</h2>
      {problem !== undefined && <Problem problem={problem} retry={refresh} />}
      {made !== undefined && <Made made={made} />}
      {data?.keys.length === 0 && <p class="muted">{t("settings.keysFirst")}</p>}
      {data !== undefined && data.keys.length > 0 && (
        <table class="rows">
          <thead>
            <tr>
              <th>{t("settings.keyName")}</th>
              <th>{t("settings.keyScopes")}</th>
              <th>{t("settings.keyCreated")}</th>
              <th>{t("settings.keyUsed")}</th>
              <th>{t("settings.keyExpires")}</th>
              <th class="row-acts" aria-hidden="true" />
            </tr>
          </thead>
          <tbody>
            {data.keys.map((key) => (
              <Row key={key.id} one={key} onChanged={refresh} />
            ))}
          </tbody>
        </table>
      )}
      <MakeForm
        onMade={(key) => {
          setMade(key);
          refresh();
        }}
      />
    </section>
  );
}

/** A token is in this page as long as it is looked at, and is kept nowhere. */
function Made({ made: { name, token } }: { readonly made: NewKey }) {
  const [isCopied, setCopied] = useState(false);
  return (
    <div class="made" role="status">
      <p>{say("settings.keyToken", { name: <Name value={name} /> })}</p>
      <code>{token}</code>{" "}
      <button
        type="button"
        class="button small"
        onClick={() => void navigator.clipboard.writeText(token).then(() => setCopied(true))}
      >
        {isCopied ? t("app.copied") : t("app.copy")}
      </button>
    </div>
  );
}

function Row({ one, onChanged }: { readonly one: ApiKey; readonly onChanged: () => void }) {
  const { id, name, scopes, createdAt, lastUsedAt, expiresAt, revokedAt } = one;
  const revoke = async () => {
    await attempt(async () => {
      await change("DELETE", `${PATH}/${encodeURIComponent(id)}`);
    });
    onChanged();
  };
  return (
    <tr data-row tabIndex={-1}>
      <td class="what">
        <Line value={name} mono={false} />
        <small class="muted">{id}</small>
      </td>
      <td>
        {scopes.map((scope) => (
          <Tag key={scope} value={scope} />
        ))}
      </td>
      <td class="when">
        <Time iso={createdAt} relative />
      </td>
      <td class="when">
        <Time iso={lastUsedAt} relative />
      </td>
      <td class="when">
        {revokedAt !== null ? (
          t("settings.keyRevoked", { time: time(revokedAt) })
        ) : expiresAt === null ? (
          t("suppressions.never")
        ) : (
          <Time iso={expiresAt} />
        )}
      </td>
      <td class="row-acts">
        {revokedAt === null && (
          <button type="button" class="button small" onClick={() => void revoke()}>
            {t("settings.keyRevoke")}
          </button>
        )}
      </td>
    </tr>
  );
}

function MakeForm({ onMade }: { readonly onMade: (key: NewKey) => void }) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(["admin"]);
  const make = async () => {
    await attempt(async () => {
      const key = await change<NewKey>("POST", PATH, { name, scopes });
      // From the first key on this page needs one as well: it must not be lost with the page.
      const state = session.value;
      if (state.is === "good" && state.who.key === null) await beginSession(key.token);
      onMade(key);
      setName("");
    });
  };
  return (
    <form
      class="inline"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <input
        type="text"
        required
        maxLength={255}
        aria-label={t("settings.keyName")}
        placeholder={t("settings.keyName")}
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      {SCOPES.map((scope) => (
        <label key={scope} class="check">
          <input
            type="checkbox"
            checked={scopes.includes(scope)}
            onChange={
              () =>
              setScopes(scopes.includes(scope) ? scopes.filter((one) => one !== scope) : [...scopes, scope]) // prettier-ignore
            }
          />
          {scope}
        </label>
      ))}
      <button type="submit" class="button" disabled={scopes.length === 0}>
        {t("settings.keyMake")}
      </button>
    </form>
  );
}
