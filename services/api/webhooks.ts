import { z } from "zod";
import { ServiceError } from "../core/errors.ts";
import { feedId } from "../core/feeds/feed-source.ts";
import {
  newWebhookState,
  webhookSchema,
  type WebhookRecord,
  type WebhookState,
} from "../core/notify/webhook.ts";
import type { ApiDeps } from "./api-deps.ts";
import { answeredTime, endpoint, list } from "./endpoint.ts";
import { isoTime } from "./iso-time.ts";

const MOST_WEBHOOKS = 100;

const webhookAnswer = z.strictObject({
  id: z.string(),
  webhook: webhookSchema,
  by: z.string(),
  at: answeredTime,
  delivered: z.number(),
  deliveredAt: answeredTime,
  failures: z.number(),
  error: z.string().nullable(),
  nextAt: answeredTime,
  waiting: list(z.string()),
  dead: list(z.strictObject({ alert: z.string(), at: answeredTime, reason: z.string() })),
});

export const listWebhooks = endpoint({
  method: "get",
  path: "/api/v1/webhooks",
  summary: "Lists the webhooks that are told of alerts, with what became of telling each.",
  answers: z.strictObject({ webhooks: list(webhookAnswer) }),
  handle: async ({ state }) => {
    const [hooks, states] = await Promise.all([
      state.records.list("webhook"),
      state.records.list("webhook-state"),
    ]);
    const byId = new Map(states.map(({ id, record }) => [id, record] as const));
    return { webhooks: hooks.map(({ id, record }) => describe(id, record, byId.get(id))) };
  },
});

export const postWebhook = endpoint({
  method: "post",
  path: "/api/v1/webhooks",
  summary: "Makes a webhook, or replaces it; it is told of alerts that are raised from now on.",
  body: z.strictObject({ id: feedId, webhook: webhookSchema }),
  status: 201,
  answers: webhookAnswer,
  handle: async (deps, { body: { id, webhook }, keyId }) => {
    const { records, alerts } = deps.state;
    const [newest] = await alerts.list({}, 0, 1, true);
    const record: WebhookRecord = { webhook, by: keyId ?? "local", at: deps.now() };
    const before = await records.get("webhook", id);
    if (before === undefined && (await records.list("webhook")).length >= MOST_WEBHOOKS) {
      throw new ServiceError("webhook/too-many", `there are ${MOST_WEBHOOKS} webhooks`);
    }
    // First where it stands: without that it would be told of all that ever was.
    const known = await records.get("webhook-state", id);
    const standing = before === undefined ? undefined : known?.record;
    const state: WebhookState = {
      ...newWebhookState(newest?.number ?? 0),
      ...standing,
      // What failed with what it was before says nothing of what it is now.
      failures: 0,
      refusals: 0,
      failingSince: undefined,
      error: undefined,
      nextAt: 0,
    };
    await records.compareAndSet("webhook-state", {
      id,
      version: known?.version ?? 0,
      record: state,
    });
    if (!(await records.compareAndSet("webhook", { id, version: before?.version ?? 0, record }))) {
      throw new ServiceError("webhook/changed", `another changed the webhook ${id} just now`);
    }
    deps.logger.info({ webhook: id, by: record.by }, "a webhook was made");
    return found(deps, id);
  },
});

export const deleteWebhook = endpoint({
  method: "delete",
  path: "/api/v1/webhooks/:id",
  summary: "Takes a webhook away.",
  answers: z.strictObject({ id: z.string() }),
  handle: async ({ state, logger }, { id, keyId }) => {
    const before = await state.records.get("webhook", id);
    if (before === undefined || !(await state.records.remove("webhook", id, before.version))) {
      throw unknown(id);
    }
    logger.info({ webhook: id, by: keyId ?? "local" }, "a webhook was taken away");
    return { id };
  },
});

export const testWebhook = endpoint({
  method: "post",
  path: "/api/v1/webhooks/:id/test",
  summary: "Sends a webhook a test message at the next look.",
  status: 202,
  answers: webhookAnswer,
  handle: async (deps, { id }) => {
    await again(deps, id, (state) => [...state.again, "test"]);
    return found(deps, id);
  },
});

export const replayWebhook = endpoint({
  method: "post",
  path: "/api/v1/webhooks/:id/replay",
  summary: "Tells a webhook once more of the alerts that were given up.",
  status: 202,
  answers: webhookAnswer,
  handle: async (deps, { id }) => {
    await again(deps, id, (state) => [...state.again, ...state.dead.map(({ alert }) => alert)], []);
    return found(deps, id);
  },
});

async function again(
  { state: { records } }: ApiDeps,
  id: string,
  waiting: (state: WebhookState) => readonly string[],
  dead?: readonly [],
): Promise<void> {
  if ((await records.get("webhook", id)) === undefined) {
    throw unknown(id);
  }
  for (;;) {
    const before = await records.get("webhook-state", id);
    const state = before?.record ?? newWebhookState(0);
    const record: WebhookState = {
      ...state,
      again: [...new Set(waiting(state))].slice(0, 200),
      ...(dead !== undefined && { dead }),
      nextAt: 0,
    };
    if (
      await records.compareAndSet("webhook-state", { id, version: before?.version ?? 0, record })
    ) {
      return;
    }
  }
}

async function found({ state }: ApiDeps, id: string): Promise<z.input<typeof webhookAnswer>> {
  const [hook, its] = await Promise.all([
    state.records.get("webhook", id),
    state.records.get("webhook-state", id),
  ]);
  if (hook === undefined) {
    throw unknown(id);
  }
  return describe(id, hook.record, its?.record);
}

function describe(
  id: string,
  { webhook, by, at }: WebhookRecord,
  state: WebhookState = newWebhookState(0),
): z.input<typeof webhookAnswer> {
  return {
    id,
    webhook,
    by,
    at: isoTime(at),
    delivered: state.delivered,
    deliveredAt: isoTime(state.deliveredAt),
    failures: state.failures,
    error: state.error ?? null,
    nextAt: isoTime(state.nextAt),
    waiting: state.again,
    dead: state.dead.map((one) => ({ ...one, at: isoTime(one.at) })),
  };
}

function unknown(id: string): ServiceError {
  return new ServiceError("api/not-found", `there is no webhook ${id}`);
}
