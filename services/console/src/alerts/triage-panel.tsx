import { useState } from "preact/hooks";
import type { Alert, AlertChange } from "../api/answers.ts";
import { ApiProblem, change } from "../api/client.ts";
import { StatusBadge, Tag, Time } from "../parts/badge.tsx";
import { Data, Name } from "../parts/data.tsx";
import { tell } from "../parts/notices.tsx";
import { describeProblem } from "../parts/states.tsx";
import { may } from "../session.ts";
import { visibleText } from "../text/visible.ts";
import { say, t } from "../words.ts";
import { CloseDialog, type Triage } from "./triage.tsx";

/** Status, assignee, tags and comments of one alert, and what was done so far. */
export function TriagePanel({
  alert,
  onChanged,
}: {
  readonly alert: Alert;
  readonly onChanged: () => void;
}) {
  const { id, version, status, resolution, assignee, tags, history } = alert;
  const [isClosing, setClosing] = useState(false);
  const isMine = may("triage");

  const triage = async (wanted: Triage): Promise<void> => {
    try {
      await change("POST", `/api/v1/alerts/${encodeURIComponent(id)}/triage`, {
        ...wanted,
        version,
      });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      tell(error.code === "alert/changed" ? t("triage.conflict") : describeProblem(error), true);
    }
    onChanged();
  };

  return (
    <section class="card triage" aria-labelledby="triage">
      <h2 id="triage">{t("alert.triage")}</h2>
      <p class="triage-now">
        <StatusBadge status={status} />
        {resolution !== null && <span>{t(`resolution.${resolution}`)}</span>}
      </p>
      {isMine && status !== "closed" && (
        <div class="actions">
          {status === "new" && (
            <button
              type="button"
              class="button primary"
              data-act="acknowledge"
              onClick={() => void triage({ status: "acknowledged" })}
            >
              {t("triage.acknowledge")}
            </button>
          )}
          {status !== "in-progress" && (
            <button
              type="button"
              class="button"
              onClick={() => void triage({ status: "in-progress" })}
            >
              {t("triage.progress")}
            </button>
          )}
          <button type="button" class="button" data-act="close" onClick={() => setClosing(true)}>
            {t("triage.close")}
          </button>
        </div>
      )}
      <TextForm
        label={t("alerts.assignee")}
        act={t("triage.assign")}
        initial={assignee ?? ""}
        isOff={!isMine}
        key={assignee ?? ""}
        onText={(text) => triage({ assignee: text })}
      />
      <div class="tags">
        {tags.map((tag) => (
          <span key={tag} class="tag-box">
            <Tag value={tag} />
            {isMine && (
              <button
                type="button"
                class="link"
                aria-label={t("triage.removeTag", { tag: visibleText(tag) })}
                onClick={() => void triage({ removeTags: [tag] })}
              >
                ×
              </button>
            )}
          </span>
        ))}
      </div>
      <TextForm
        label={t("triage.tags")}
        act={t("triage.addTag")}
        isOff={!isMine}
        isNeeded
        onText={(text) => triage({ addTags: [text] })}
      />
      <TextForm
        label={t("triage.comment")}
        act={t("triage.addComment")}
        isOff={!isMine}
        isNeeded
        isLong
        onText={(text) => triage({ comment: text })}
      />
      <h3>{t("alert.history")}</h3>
      {history.length === 0 && <p class="muted">{t("alert.historyEmpty")}</p>}
      <ol class="history">
        {history.toReversed().map((one, i) => (
          <li key={history.length - i}>
            <Change change={one} />
          </li>
        ))}
      </ol>
      {isClosing && (
        <CloseDialog
          n={1}
          onClose={() => setClosing(false)}
          onDone={(wanted) => void triage(wanted)}
        />
      )}
    </section>
  );
}

function Change({ change: made }: { readonly change: AlertChange }) {
  const { at, by, status, resolution, assignee, tags, comment } = made;
  return (
    <>
      <p class="muted">
        <Time iso={at} />{" "}
        {by === "local" ? t("alert.local") : say("alert.by", { who: <Name value={by} /> })}
      </p>
      {status !== undefined && (
        <p>
          {t("alert.changed.status", { value: t(`status.${status}`) })}
          {resolution !== undefined && ` · ${t(`resolution.${resolution}`)}`}
        </p>
      )}
      {assignee !== undefined && (
        <p>
          {assignee === ""
            ? t("alert.changed.unassigned")
            : say("alert.changed.assignee", { value: <Name value={assignee} /> })}
        </p>
      )}
      {tags !== undefined && (
        <p>
          {say("alert.changed.tags", {
            value:
              tags.length === 0 ? t("app.none") : tags.map((tag) => <Tag key={tag} value={tag} />),
          })}
        </p>
      )}
      {comment !== undefined && (
        <p class="comment">
          <Data value={comment} limit={1000} prose />
        </p>
      )}
    </>
  );
}

function TextForm({
  label,
  act,
  initial = "",
  isOff,
  isNeeded = false,
  isLong = false,
  onText,
}: {
  readonly label: string;
  readonly act: string;
  readonly initial?: string;
  readonly isOff: boolean;
  readonly isNeeded?: boolean;
  readonly isLong?: boolean;
  readonly onText: (text: string) => Promise<void>;
}) {
  const [text, setText] = useState(initial);
  if (isOff) return initial === "" ? null : <p>{`${label}: ${visibleText(initial)}`}</p>;
  const field = {
    value: text,
    "aria-label": label,
    placeholder: label,
    required: isNeeded,
  };
  return (
    <form
      class={isLong ? "stack" : "inline"}
      onSubmit={(event) => {
        event.preventDefault();
        const given = text.trim();
        if (isNeeded && given === "") return;
        setText(initial);
        void onText(given);
      }}
    >
      {isLong ? (
        <textarea
          {...field}
          rows={3}
          maxLength={4000}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      ) : (
        <input
          {...field}
          type="text"
          maxLength={255}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      )}
      <button type="submit" class="button">
        {act}
      </button>
    </form>
  );
}
