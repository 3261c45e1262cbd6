import { z } from "zod";
import { URGENCIES } from "../core/sweep/cells.ts";
import { describePlan, type Plan } from "../core/sweep/describe-plan.ts";
import { ServiceError } from "../core/errors.ts";
import { inParallel } from "../core/in-parallel.ts";
import type { State } from "../core/ports.ts";
import { requestExpress } from "../core/sweep/express.ts";
import { setPaused } from "../core/sweep/pause.ts";
import { answeredTime, endpoint, list } from "./endpoint.ts";
import { isoTime } from "./iso-time.ts";
import { paging } from "./query.ts";

const strategyName = z.enum(["push", "pull"]);

const planAnswer = z.strictObject({
  asOf: answeredTime,
  paused: z.boolean(),
  revision: z.number(),
  jobs: z.number(),
  estimateMs: z.number(),
  partitions: list(
    z.strictObject({
      partition: z.string(),
      bound: z.number(),
      jobs: z.number(),
      positions: z.number(),
      estimateMs: z.number(),
      jobSize: z.number(),
      measured: z.partialRecord(
        strategyName,
        z.strictObject({ positions: z.number(), candidates: z.number(), ms: z.number() }),
      ),
    }),
  ),
  express: list(
    z.strictObject({ id: z.string(), patterns: z.number(), by: z.string(), at: answeredTime }),
  ),
  next: list(
    z.strictObject({
      partition: z.string(),
      from: z.number(),
      to: z.number(),
      revision: z.number(),
      urgency: z.enum(URGENCIES),
      strategy: strategyName,
      estimateMs: z.number(),
    }),
  ),
});

export const getPlan = endpoint({
  method: "get",
  path: "/api/v1/plan",
  summary:
    "Says what would be swept now, how, and what it is likely to take; and what sweeps took of late.",
  query: z.strictObject({ limit: paging.limit }),
  answers: planAnswer,
  handle: async (deps, { query: { limit } }) => ({
    asOf: isoTime(deps.now()),
    ...describe(await describePlan(deps, limit)),
  }),
});

export const pausePlan = switchPlan("pause", true);
export const resumePlan = switchPlan("resume", false);

/** While sweeps are paused nothing is lost: what comes is swept when they are resumed. */
function switchPlan(name: "pause" | "resume", paused: boolean) {
  return endpoint({
    method: "post",
    path: `/api/v1/plan/${name}`,
    summary: paused ? "Has sweeps rest; nothing is lost meanwhile." : "Has sweeps go on.",
    answers: z.strictObject({ paused: z.boolean() }),
    handle: async ({ state, logger }, { keyId }) => {
      await setPaused(state.bookmarks, paused);
      logger.info({ by: keyId }, paused ? "sweeps were paused" : "sweeps were resumed");
      return { paused };
    },
  });
}

const MOST_INDICATORS = 100;
const AT_A_TIME = 16;
/** Feeds that have the same indicator. */
const MOST_FEEDS = 1000;

export const hastenPlan = endpoint({
  method: "post",
  path: "/api/v1/plan/express",
  summary: "Has the patterns of indicators meet history before the others that are new.",
  body: z.strictObject({
    indicators: z
      .array(z.string().min(1).max(2048))
      .min(1, "must not be empty")
      .max(MOST_INDICATORS, `are more than ${MOST_INDICATORS}`),
  }),
  status: 202,
  answers: z.strictObject({ id: z.string(), patterns: z.number() }),
  handle: async (deps, { body: { indicators }, keyId }) => {
    const patterns = await patternsOf(deps.state, indicators);
    const by = keyId ?? "local";
    const request = await requestExpress(deps, patterns, by);
    deps.logger.info({ by, ...request }, "patterns were put before the others");
    return request;
  },
});

/** The patterns of indicators by id, whatever feeds they are of. */
async function patternsOf(
  { indicators }: State,
  ids: readonly string[],
): Promise<readonly string[]> {
  const patterns = new Set<string>();
  const unknown: string[] = [];
  await inParallel(new Set(ids), AT_A_TIME, async (id) => {
    const found = await indicators.list({ id }, 0, MOST_FEEDS);
    if (found.length === 0) unknown.push(id);
    for (const { patternKey } of found) patterns.add(patternKey);
  });
  if (unknown.length > 0) {
    throw new ServiceError("api/not-found", `there is no indicator ${unknown.join(", ")}`);
  }
  return [...patterns];
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
    express: plan.express.map(({ id, record: { patterns, by, at } }) => ({
      id,
      patterns: patterns.length,
      by,
      at: isoTime(at),
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
