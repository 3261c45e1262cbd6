/** Index state management of OpenSearch. */
import { z } from "zod";
import type { EngineClient } from "../client.ts";
import type { LifecyclePolicy } from "./ilm-policy.ts";

/** Not there, or not for us. */
const NO_ANSWER = [400, 401, 403, 404, 405];
const KEPT = "kept";
const DELETED = "deleted";

const list = z.object({ total_policies: z.number() });
const policy = z.object({
  _seq_no: z.number(),
  _primary_term: z.number(),
  policy: z.object({
    states: z.array(
      z.object({
        transitions: z.array(
          z.object({ conditions: z.object({ min_index_age: z.string().optional() }).optional() }),
        ),
      }),
    ),
  }),
});

/** Whether it is there. */
export async function isIsmThere(client: EngineClient): Promise<boolean> {
  const answer = await client.call({
    method: "GET",
    path: "/_plugins/_ism/policies",
    absent: NO_ANSWER,
  });
  return list.safeParse(answer).success;
}

/** Installs a policy and puts the indices under it, where that is not so yet; false without the right to. */
export async function installIsmPolicy(
  client: EngineClient,
  { name, alerts, ageDays }: LifecyclePolicy,
): Promise<boolean> {
  const path = `/_plugins/_ism/policies/${encodeURIComponent(name)}`;
  const months = `${encodeURIComponent(alerts)}-*`;
  const found = policy.safeParse(
    await client.call({ method: "GET", path, absent: NO_ANSWER }),
  ).data;
  const age = `${ageDays}d`;
  const isKnown = found?.policy.states[0]?.transitions[0]?.conditions?.min_index_age === age;
  if (!isKnown) {
    const put = await client.call({
      method: "PUT",
      path,
      ...(found !== undefined && {
        query: { if_seq_no: found._seq_no, if_primary_term: found._primary_term },
      }),
      body: { policy: bodyOf(alerts, age) },
      absent: [401, 403],
    });
    if (put === undefined) {
      return false;
    }
  }
  const managed = { method: "POST", absent: [404] } as const;
  // The policy takes indices made later by itself; one that it has already it leaves as it is.
  const add = `/_plugins/_ism/add/${months}`;
  await client.call({ ...managed, path: add, body: { policy_id: name } });
  if (found !== undefined && !isKnown) {
    const change = `/_plugins/_ism/change_policy/${months}`;
    const body = { policy_id: name, state: KEPT, include: [{ state: KEPT }] };
    await client.call({ ...managed, path: change, body });
  }
  return true;
}

function bodyOf(alerts: string, age: string): object {
  return {
    description: "alerts of stixsweep go when they are old",
    default_state: KEPT,
    states: [
      {
        name: KEPT,
        actions: [],
        transitions: [{ state_name: DELETED, conditions: { min_index_age: age } }],
      },
      { name: DELETED, actions: [{ delete: {} }], transitions: [] },
    ],
    ism_template: [{ index_patterns: [`${alerts}-*`], priority: 500 }],
  };
}
