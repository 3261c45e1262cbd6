import { z } from "zod";
import { describePlan, type Plan } from "../core/sweep/describe-plan.ts";
import { setPaused } from "../core/sweep/pause.ts";
import { endpoint } from "./endpoint.ts";
import { isoTime } from "./iso-time.ts";
import { paging } from "./query.ts";

/** The plan as clients see it; estimates are whole milliseconds. */
export type PlanDescription = ReturnType<typeof describe> & { readonly asOf: string | null };

/** What would be swept now, how, and what it is likely to take; and what sweeps took of late. */
export const getPlan = endpoint(
  "get",
  "/api/v1/plan",
  z.strictObject({ limit: paging.limit }),
  async ({ state, events, semantics, jobEvents, now }, { limit }) => ({
    asOf: isoTime(now()),
    ...describe(await describePlan({ state, events, semantics, jobEvents }, limit)),
  }),
);

export const pausePlan = switchPlan("pause", true);
export const resumePlan = switchPlan("resume", false);

/** While sweeps are paused nothing is lost: what comes is swept when they are resumed. */
function switchPlan(name: "pause" | "resume", paused: boolean) {
  return endpoint(
    "post",
    `/api/v1/plan/${name}`,
    z.strictObject({}),
    async ({ state, logger }, _query, { keyId }) => {
      await setPaused(state.bookmarks, paused);
      logger.info({ by: keyId }, paused ? "sweeps were paused" : "sweeps were resumed");
      return { paused };
    },
  );
}

function describe(plan: Plan) {
  return {
    ...plan,
    estimateMs: Math.round(plan.estimateMs),
    partitions: plan.partitions.map((one) => ({
      ...one,
      estimateMs: Math.round(one.estimateMs),
      measured: Object.fromEntries(
        Object.entries(one.measured).map(([strategy, cost]) => [strategy, perJob(cost)]),
      ),
    })),
    next: plan.next.map(({ partition, from, to, revision, urgency, strategy, estimateMs }) => {
      const job = { partition, from, to, revision, urgency, strategy };
      return { ...job, estimateMs: Math.round(estimateMs) };
    }),
  };
}

/** Sums of weighted jobs, as what one job took. */
function perJob({
  jobs,
  positions,
  candidates,
  ms,
}: {
  readonly jobs: number;
  readonly positions: number;
  readonly candidates: number;
  readonly ms: number;
}) {
  // prettier-ignore
  return {
    positions: Math.round(positions / jobs),
    candidates: Math.round(candidates / jobs),
    ms: Math.round(ms / jobs),
  };
}
