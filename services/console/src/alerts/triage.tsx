/** Working on alerts: the same acts for one and for many. */
import { useState } from "preact/hooks";
import type { AlertStatus, Resolution } from "../api/answers.ts";
import { change } from "../api/client.ts";
import { Dialog } from "../parts/dialog.tsx";
import { attempt, tell } from "../parts/notices.tsx";
import { visibleText } from "../text/visible.ts";
import { t } from "../words.ts";

export interface Triage {
  readonly status?: AlertStatus;
  readonly resolution?: Resolution;
  readonly assignee?: string;
  readonly addTags?: readonly string[];
  readonly removeTags?: readonly string[];
  readonly comment?: string;
}

interface Outcome {
  readonly triaged: number;
  readonly failures: readonly { readonly detail: string }[];
}

/** As many as one request may name. */
const MOST_IDS = 1000;

/** Makes one change to alerts, and tells what became of it. */
export async function triageMany(ids: readonly string[], wanted: Triage): Promise<boolean> {
  return attempt(async () => {
    const outcomes: Outcome[] = [];
    for (let at = 0; at < ids.length; at += MOST_IDS) {
      const body = { ids: ids.slice(at, at + MOST_IDS), ...wanted };
      outcomes.push(await change<Outcome>("POST", "/api/v1/alerts/triage", body));
    }
    const n = outcomes.reduce((all, { triaged }) => all + triaged, 0);
    const failures = outcomes.flatMap((one) => one.failures);
    const [first] = failures;
    if (first === undefined) tell(t("triage.done", { n }));
    else tell(t("triage.partly", { n, failed: failures.length, detail: visibleText(first.detail) }), true); // prettier-ignore
  });
}

const RESOLUTIONS: readonly Resolution[] = ["true-positive", "benign", "false-positive"];

/** Asks what it was, and closes. */
export function CloseDialog({
  n,
  onClose,
  onDone,
}: {
  readonly n: number;
  readonly onClose: () => void;
  readonly onDone: (wanted: Triage) => void;
}) {
  const [resolution, setResolution] = useState<Resolution>("true-positive");
  const [comment, setComment] = useState("");
  return (
    <Dialog
      title={n === 1 ? t("triage.closeOne") : t("triage.closeTitle", { n })}
      onClose={onClose}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const said = comment.trim();
          onDone({ status: "closed", resolution, ...(said !== "" && { comment: said }) });
          onClose();
        }}
      >
        <fieldset class="choices">
          <legend>{t("triage.as")}</legend>
          {RESOLUTIONS.map((one) => (
            <label key={one} class="choice">
              <input
                type="radio"
                name="resolution"
                checked={one === resolution}
                onChange={() => setResolution(one)}
              />
              <span>
                <strong>{t(`resolution.${one}`)}</strong>
                <small>{t(`triage.${one}`)}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <label>
          {t("triage.comment")}
          <textarea
            rows={2}
            maxLength={4000}
            placeholder={t("triage.commentHint")}
            value={comment}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
        </label>
        <div class="actions">
          <button type="submit" class="button primary">
            {t("triage.closeOne")}
          </button>
          <button type="button" class="button" onClick={onClose}>
            {t("app.cancel")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
