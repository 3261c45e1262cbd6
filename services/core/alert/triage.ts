/** What people make of alerts: status, resolution, who works on one, tags, comments; every change is kept. */
import { ServiceError } from "../errors.ts";
import type { Clock, State } from "../ports.ts";
import type { AlertChange, AlertRecord, AlertStatus, Resolution } from "../records.ts";

export interface TriageDeps {
  readonly state: Pick<State, "alerts">;
  readonly now: Clock;
}

/** A change that is asked for; what is absent stays as it is. */
export interface Triage {
  readonly status?: AlertStatus | undefined;
  /** Needed to close, and nothing else has one. */
  readonly resolution?: Resolution | undefined;
  /** Empty: nobody. */
  readonly assignee?: string | undefined;
  readonly addTags?: readonly string[] | undefined;
  readonly removeTags?: readonly string[] | undefined;
  readonly comment?: string | undefined;
}

/** Changes that one alert keeps at most: they stand in its document. */
const MOST_CHANGES = 500;
const MOST_TAGS = 50;

/**
 * Changes an alert, and keeps who did it and when; a change that changes nothing writes nothing. With `version` only an
 * alert that still has it. Throws `alert/unknown`, `alert/changed`, `alert/resolution`, `alert/superseded`, `alert/full`.
 */
export async function triageAlert(
  { state, now }: TriageDeps,
  id: string,
  wanted: Triage,
  by: string,
  version?: number,
): Promise<AlertRecord> {
  for (;;) {
    const alert = await state.alerts.get(id);
    if (alert === undefined) {
      throw new ServiceError("alert/unknown", `there is no alert ${id}`);
    }
    if (version !== undefined && alert.version !== version) {
      throw new ServiceError(
        "alert/changed",
        `the alert has version ${alert.version} now, not ${version}`,
        { facts: { version: alert.version } },
      );
    }
    const next = changed(alert, wanted, by, now());
    if (next === undefined) {
      return alert;
    }
    const isReopened = alert.through !== undefined && next.through === undefined;
    if (isReopened && (await state.alerts.latest(alert.group))?.id !== id) {
      throw new ServiceError(
        "alert/superseded",
        "what came after it was closed stands in a newer alert of the same pattern, host and value",
      );
    }
    if (await state.alerts.compareAndSet(next)) {
      return { ...next, version: next.version + 1 };
    }
  }
}

/** The alert after a change; undefined where it stays as it is. */
function changed(
  alert: AlertRecord,
  wanted: Triage,
  by: string,
  at: number,
): AlertRecord | undefined {
  const status = wanted.status ?? alert.status;
  const resolution = status === "closed" ? (wanted.resolution ?? alert.resolution) : undefined;
  if (status === "closed" && resolution === undefined) {
    throw new ServiceError("alert/resolution", "an alert is closed with a resolution");
  }
  if (status !== "closed" && wanted.resolution !== undefined) {
    throw new ServiceError("alert/resolution", "a resolution is of a closed alert alone");
  }
  const assignee = wanted.assignee === undefined ? alert.assignee : wanted.assignee || undefined;
  const removed = new Set(wanted.removeTags);
  const tags = [...new Set([...alert.tags, ...(wanted.addTags ?? [])])]
    .filter((tag) => !removed.has(tag))
    .toSorted();
  const change: AlertChange = {
    at,
    by,
    ...(status !== alert.status && { status }),
    ...(resolution !== alert.resolution && { resolution }),
    ...(assignee !== alert.assignee && { assignee: assignee ?? "" }),
    ...(tags.join("\n") !== alert.tags.join("\n") && { tags }),
    ...(wanted.comment !== undefined && { comment: wanted.comment }),
  };
  if (Object.keys(change).length === 2) {
    return undefined;
  }
  if (alert.history.length >= MOST_CHANGES || tags.length > MOST_TAGS) {
    throw new ServiceError(
      "alert/full",
      `an alert keeps at most ${MOST_CHANGES} changes and ${MOST_TAGS} tags`,
    );
  }
  return {
    ...alert,
    status,
    resolution,
    assignee,
    tags,
    history: [...alert.history, change],
    updatedAt: at,
    through: endOf(alert, resolution),
  };
}

/**
 * The last match that belongs to the alert: those it counts, and the next one makes a new alert. An open one has no end, and
 * one that was closed as false positive neither: what comes is counted there, and raises nothing.
 */
function endOf(alert: AlertRecord, resolution: Resolution | undefined): number | undefined {
  if (resolution === undefined || resolution === "false-positive") {
    return undefined;
  }
  return alert.through ?? alert.covers;
}
