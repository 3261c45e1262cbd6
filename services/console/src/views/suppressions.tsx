import { useState } from "preact/hooks";
import type { Suppression, SuppressionKind, WarningList } from "../api/answers.ts";
import { change } from "../api/client.ts";
import { usePolled } from "../api/use-polled.ts";
import { Tag, Time } from "../parts/badge.tsx";
import { Data, Line } from "../parts/data.tsx";
import { attempt } from "../parts/notices.tsx";
import { Empty, Loading, Problem } from "../parts/states.tsx";
import { place } from "../route.ts";
import { may } from "../session.ts";
import { count, t } from "../words.ts";

const PATH = "/api/v1/suppressions";
const KINDS: readonly SuppressionKind[] = ["value", "cidr", "domain", "regex", "indicator"];

export function SuppressionsView() {
  const entries = usePolled<{ suppressions: readonly Suppression[] }>(PATH);
  const lists = usePolled<{ warningLists: readonly WarningList[] }>("/api/v1/warning-lists", { everyMs: 30_000 }); // prettier-ignore
  const all = entries.data?.suppressions.toReversed();
  return (
    <div class="view">
      <div class="head">
        <h1>{t("suppressions.title")}</h1>
      </div>
      <p class="muted intro">{t("suppressions.intro")}</p>
      {may("triage") && <AddForm onAdded={entries.refresh} />}
      {entries.problem !== undefined && (
        <Problem problem={entries.problem} retry={entries.refresh} />
      )}
      {all === undefined ? (
        entries.problem === undefined && <Loading />
      ) : all.length === 0 ? (
        <Empty title={t("suppressions.empty")} why={t("suppressions.emptyWhy")} />
      ) : (
        <table class="rows">
          <thead>
            <tr>
              <th>{t("suppressions.value")}</th>
              <th>{t("suppressions.reason")}</th>
              <th class="number">{t("suppressions.held")}</th>
              <th>{t("suppressions.state")}</th>
              <th>{t("suppressions.expires")}</th>
              <th class="row-acts" aria-hidden="true" />
            </tr>
          </thead>
          <tbody>
            {all.map((one) => (
              <Row key={one.id} one={one} onLifted={entries.refresh} />
            ))}
          </tbody>
        </table>
      )}
      <h2>{t("lists.title")}</h2>
      {lists.problem !== undefined && <Problem problem={lists.problem} retry={lists.refresh} />}
      {lists.data !== undefined && <Lists lists={lists.data.warningLists} />}
    </div>
  );
}

function AddForm({ onAdded }: { readonly onAdded: () => void }) {
  const { query } = place.value;
  const [kind, setKind] = useState<SuppressionKind>("value");
  const [value, setValue] = useState(query.get("value") ?? "");
  const [host, setHost] = useState(query.get("host") ?? "");
  const [reason, setReason] = useState("");
  const [day, setDay] = useState("");
  const submit = async () => {
    const wanted = {
      kind,
      value,
      reason,
      ...(host.trim() !== "" && { scope: { host: host.trim() } }),
      ...(day !== "" && { expiresAt: `${day}T23:59:59Z` }),
    };
    const isAdded = await attempt(async () => {
      await change("POST", PATH, wanted);
    });
    if (isAdded) {
      setValue("");
      setReason("");
      onAdded();
    }
  };
  return (
    <details class="card" open={value !== ""}>
      <summary>{t("suppressions.add")}</summary>
      <form
        class="grid-form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <label>
          {t("suppressions.kind")}
          <select
            value={kind}
            onChange={(event) => setKind(KINDS.find((one) => one === event.currentTarget.value) ?? "value")} // prettier-ignore
          >
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {t(`suppressions.kind.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <label class="wide">
          {t("suppressions.value")}
          <input
            type="text"
            class="mono"
            required
            maxLength={2048}
            value={value}
            onInput={(event) => setValue(event.currentTarget.value)}
          />
        </label>
        <label>
          {t("suppressions.host")}
          <input
            type="text"
            maxLength={255}
            placeholder={t("suppressions.hostHint")}
            value={host}
            onInput={(event) => setHost(event.currentTarget.value)}
          />
        </label>
        <label class="wide">
          {t("suppressions.reason")}
          <input
            type="text"
            required
            maxLength={2000}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        <label>
          {t("suppressions.expires")}
          <input type="date" value={day} onInput={(event) => setDay(event.currentTarget.value)} />
        </label>
        <button type="submit" class="button primary">
          {t("suppressions.add")}
        </button>
      </form>
    </details>
  );
}

function Row({ one, onLifted }: { readonly one: Suppression; readonly onLifted: () => void }) {
  const { id, kind, value, scope, reason, by, at, heldBack, state, expiresAt } = one;
  const lift = async () => {
    await attempt(async () => {
      await change("DELETE", `${PATH}/${encodeURIComponent(id)}`);
    });
    onLifted();
  };
  return (
    <tr data-row tabIndex={-1}>
      <td class="what">
        <Data value={value} limit={200} />
        <span class="row-sub">
          <span class="muted">{t(`suppressions.kind.${kind}`)}</span>
          {scope.host !== null && <Tag value={`${t("suppressions.host")}: ${scope.host}`} />}
          {scope.feed !== null && <Tag value={`${t("suppressions.feed")}: ${scope.feed}`} />}
        </span>
      </td>
      <td>
        <Data value={reason} limit={200} prose />
        <small class="muted">
          <Line value={by === "local" ? t("alert.local") : by} mono={false} /> <Time iso={at} />
        </small>
      </td>
      <td class="number">{count(heldBack)}</td>
      <td>
        <span class={`state state-${state}`}>{t(`suppressions.state.${state}`)}</span>
      </td>
      <td class="when">
        {expiresAt === null ? t("suppressions.never") : <Time iso={expiresAt} />}
      </td>
      <td class="row-acts">
        {may("triage") && state === "standing" && (
          <button type="button" class="button small" onClick={() => void lift()}>
            {t("suppressions.lift")}
          </button>
        )}
      </td>
    </tr>
  );
}

function Lists({ lists }: { readonly lists: readonly WarningList[] }) {
  if (lists.length === 0) return <Empty title={t("lists.empty")} why={t("lists.emptyWhy")} />;
  return (
    <table class="rows">
      <thead>
        <tr>
          <th>{t("lists.name")}</th>
          <th class="number">{t("lists.entries")}</th>
          <th>{t("suppressions.state")}</th>
          <th class="number">{t("suppressions.held")}</th>
        </tr>
      </thead>
      <tbody>
        {lists.map(({ id, name, version, entries, holds, heldBack }) => (
          <tr key={id} data-row tabIndex={-1}>
            <td class="what">
              <Line value={name} mono={false} />
              <small class="muted">{`${id} · ${version}`}</small>
            </td>
            <td class="number">{count(entries)}</td>
            <td>{holds ? t("lists.holds") : t("lists.names")}</td>
            <td class="number">{count(heldBack)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
