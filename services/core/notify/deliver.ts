/** Tells webhooks of alerts that were raised: in order, at least once, until they take them or are given up. */
import { messageOf } from "../errors.ts";
import type { Clock, State } from "../ports.ts";
import { SEVERITIES, type AlertRecord } from "../records.ts";
import { alertMessage, bodyOf, TEST_MESSAGE } from "./message.ts";
import { newWebhookState, type Webhook, type WebhookState } from "./webhook.ts";

export interface Delivery {
  readonly webhook: Webhook;
  /** The same for the same alert, however often it is sent: a receiver that sees it twice can tell. */
  readonly id: string;
  readonly at: number;
  readonly body: string;
}

export interface DeliverDeps {
  readonly state: Pick<State, "records" | "alerts" | "patterns" | "indicators">;
  /** Sends a request; throws where it was not taken, `isLasting` where it never will be. */
  readonly send: (delivery: Delivery) => Promise<void>;
  readonly now: Clock;
}

/** What was refused for good, and how long to wait where the other side says so. */
export class DeliveryError extends Error {
  readonly isLasting: boolean;
  readonly retryAfterMs: number;
  constructor(message: string, isLasting: boolean, retryAfterMs = 0) {
    super(message);
    this.name = "DeliveryError";
    this.isLasting = isLasting;
    this.retryAfterMs = retryAfterMs;
  }
}

const PAGE = 100;
const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 3_600_000;
/** An alert that is not taken for so long is given up; one that is refused as such, after so many tries. */
const GIVE_UP_MS = 86_400_000;
const MOST_REFUSALS = 5;
const MOST_DEAD = 100;

/** Ids of the webhooks that are to be looked after now. */
export async function dueWebhooks({ state, now }: DeliverDeps): Promise<readonly string[]> {
  const [hooks, states] = await Promise.all([
    state.records.list("webhook"),
    state.records.list("webhook-state"),
  ]);
  const nextAt = new Map(states.map(({ id, record }) => [id, record.nextAt] as const));
  return hooks
    .filter(({ id, record }) => record.webhook.enabled && (nextAt.get(id) ?? 0) <= now())
    .map(({ id }) => id);
}

/** Tells one webhook what is new, as far as it takes it; returns how many alerts it took. */
export async function deliver(deps: DeliverDeps, id: string): Promise<number> {
  const { state } = deps;
  let taken = 0;
  for (;;) {
    const webhook = (await state.records.get("webhook", id))?.record.webhook;
    const before = await state.records.get("webhook-state", id);
    const current = before?.record ?? newWebhookState(0);
    const next = webhook?.enabled === true ? await nextAlert(deps, webhook, current) : undefined;
    if (webhook === undefined || next === undefined) {
      return taken;
    }
    const after = await attempt(deps, webhook, current, next);
    if (
      !(await state.records.compareAndSet("webhook-state", {
        id,
        version: before?.version ?? 0,
        record: after.state,
      }))
    ) {
      // prettier-ignore
      return taken; // another looks after it
    }
    taken += after.isTaken ? 1 : 0;
    if (after.state.nextAt > deps.now()) {
      return taken;
    }
  }
}

/** What is to be told next; `alert` undefined where only the place moves, past what is none of its business. */
interface Next {
  readonly alert: AlertRecord | "test" | undefined;
  /** The state once it is told. */
  readonly told: Pick<WebhookState, "after" | "again">;
}

async function nextAlert(
  { state }: DeliverDeps,
  webhook: Webhook,
  { after, again }: WebhookState,
): Promise<Next | undefined> {
  const [first, ...rest] = again;
  if (first !== undefined) {
    const told = { after, again: rest };
    return { alert: first === "test" ? "test" : await state.alerts.get(first), told };
  }
  const page = await state.alerts.list({}, after, PAGE, false);
  const last = page.at(-1);
  if (last === undefined) {
    return undefined;
  }
  for (const alert of page) {
    if (await concerns(state, webhook, alert)) {
      return { alert, told: { after: alert.number, again } };
    }
  }
  return { alert: undefined, told: { after: last.number, again } };
}

async function concerns(
  state: DeliverDeps["state"],
  { minSeverity, feeds }: Webhook,
  { severity, group }: AlertRecord,
): Promise<boolean> {
  if (SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(minSeverity)) {
    return false;
  }
  const named = feeds.length === 0 ? [] : await state.indicators.byPattern([group.patternKey]);
  return feeds.length === 0 || named.some(({ feed }) => feeds.includes(feed));
}

async function attempt(
  deps: DeliverDeps,
  webhook: Webhook,
  current: WebhookState,
  { alert, told }: Next,
): Promise<{ readonly state: WebhookState; readonly isTaken: boolean }> {
  const { now } = deps;
  const well = { failures: 0, refusals: 0, failingSince: undefined, error: undefined, nextAt: 0 };
  if (alert === undefined) {
    return { state: { ...current, ...told }, isTaken: false };
  }
  try {
    await deps.send(await deliveryOf(deps, webhook, alert));
    const delivered = current.delivered + 1;
    return {
      state: { ...current, ...told, ...well, delivered, deliveredAt: now() },
      isTaken: true,
    };
  } catch (error) {
    const failures = current.failures + 1;
    const isRefusal = error instanceof DeliveryError && error.isLasting;
    const refusals = isRefusal ? current.refusals + 1 : 0;
    const failingSince = current.failingSince ?? now();
    const reason = messageOf(error).slice(0, 500);
    const isRefused = refusals >= MOST_REFUSALS;
    if (isRefused || now() - failingSince >= GIVE_UP_MS) {
      const letter = { alert: alert === "test" ? "test" : alert.id, at: now(), reason };
      const dead = [...current.dead, letter].slice(-MOST_DEAD);
      return { state: { ...current, ...told, ...well, error: reason, dead }, isTaken: false };
    }
    const said = error instanceof DeliveryError ? error.retryAfterMs : 0;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 20), LONGEST_PAUSE_MS);
    const nextAt = now() + Math.max(pause, Math.min(said, LONGEST_PAUSE_MS));
    return {
      state: { ...current, failures, refusals, failingSince, error: reason, nextAt },
      isTaken: false,
    };
  }
}

async function deliveryOf(
  { state, now }: DeliverDeps,
  webhook: Webhook,
  alert: AlertRecord | "test",
): Promise<Delivery> {
  const at = now();
  const timestamp = new Date(at).toISOString();
  if (alert === "test") {
    return {
      webhook,
      id: `test-${at}`,
      at,
      body: bodyOf(webhook, "test", timestamp, TEST_MESSAGE),
    };
  }
  const [patterns, indicators] = await Promise.all([
    state.patterns.find([alert.group.patternKey]),
    state.indicators.byPattern([alert.group.patternKey]),
  ]);
  const message = alertMessage(alert, patterns[0]?.pattern, indicators);
  return { webhook, id: alert.id, at, body: bodyOf(webhook, "alert.raised", timestamp, message) };
}
