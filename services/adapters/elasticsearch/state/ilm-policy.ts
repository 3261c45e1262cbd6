/** Index lifecycle management of Elasticsearch. */
import { z } from "zod";
import type { EngineClient } from "../client.ts";

export interface LifecyclePolicy {
  readonly name: string;
  /** The alias of the indices, which begins their names. */
  readonly alerts: string;
  /** An index goes when it was made so long ago. */
  readonly ageDays: number;
}

/** Not there, or not for us. */
const NO_ANSWER = [400, 401, 403, 404, 405];

const status = z.object({ operation_mode: z.literal("RUNNING") });
const policies = z.record(
  z.string(),
  z.object({
    policy: z.object({
      phases: z.object({ delete: z.object({ min_age: z.string() }).optional() }),
    }),
  }),
);
const settings = z.record(z.string(), z.object({ settings: z.record(z.string(), z.unknown()) }));

/** Whether it is there, and at work. */
export async function isIlmRunning(client: EngineClient): Promise<boolean> {
  const answer = await client.call({ method: "GET", path: "/_ilm/status", absent: NO_ANSWER });
  return status.safeParse(answer).success;
}

/** Installs a policy and puts the indices under it, where that is not so yet; false without the right to. */
export async function installIlmPolicy(
  client: EngineClient,
  { name, alerts, ageDays }: LifecyclePolicy,
): Promise<boolean> {
  const path = `/_ilm/policy/${encodeURIComponent(name)}`;
  const found = policies.safeParse(
    await client.call({ method: "GET", path, absent: NO_ANSWER }),
  ).data;
  const age = `${ageDays}d`;
  if (found?.[name]?.policy.phases.delete?.min_age !== age) {
    const phases = {
      hot: { min_age: "0ms", actions: {} },
      delete: { min_age: age, actions: { delete: {} } },
    };
    const body = { policy: { phases } };
    const put = await client.call({ method: "PUT", path, body, absent: [401, 403] });
    if (put === undefined) {
      return false;
    }
  }
  const answer = await client.call({
    method: "GET",
    path: `/${encodeURIComponent(alerts)}-*/_settings`,
    query: { flat_settings: true },
    absent: [404],
  });
  for (const [index, one] of Object.entries(settings.parse(answer ?? {}))) {
    if (one.settings["index.lifecycle.name"] !== name) {
      await client.call({
        method: "PUT",
        path: `/${encodeURIComponent(index)}/_settings`,
        body: { "index.lifecycle.name": name },
        absent: [404],
      });
    }
  }
  return true;
}
