import { z } from "zod";
import { ServiceError } from "../core/errors.ts";
import { declareFeed, removeFeed } from "../core/feeds/declare-feed.ts";
import { NO_COUNTS, type FeedRecord, type FeedState } from "../core/feeds/feed-record.ts";
import { feedId, givenSourceSchema } from "../core/feeds/feed-source.ts";
import { hastenFeed } from "../core/feeds/plan-feeds.ts";
import type { ApiDeps } from "./api-deps.ts";
import { answeredTime, endpoint, list } from "./endpoint.ts";
import { isoTime } from "./iso-time.ts";
import { QueryError, type QueryProblem } from "./problem.ts";

const source = givenSourceSchema({ isSchedule: () => true, isTimezone: () => true });

const STATES = ["unusable", "disabled", "running", "waiting", "failing", "good"] as const;

const countsAnswer = z.strictObject({
  documents: z.number(),
  unusable: z.number(),
  problem: z.string().nullable(),
  bytes: z.number(),
  entries: z.record(z.string(), z.number()),
});

const feedAnswer = z.strictObject({
  id: z.string(),
  title: z.string(),
  origin: z.enum(["file", "api"]),
  kind: z.string().nullable(),
  url: z.string().nullable(),
  state: z.enum(STATES),
  problem: z.string().nullable(),
  error: z.strictObject({ code: z.string(), message: z.string(), at: answeredTime }).nullable(),
  failures: z.number(),
  nextAt: answeredTime,
  endedAt: answeredTime,
  succeededAt: answeredTime,
  runningSince: answeredTime,
  last: countsAnswer,
  indicators: z.number(),
});

const feedDetails = feedAnswer.extend({
  by: z.string(),
  at: answeredTime,
  source: z.record(z.string(), z.unknown()).nullable(),
});

export const listFeeds = endpoint({
  method: "get",
  path: "/api/v1/feeds",
  summary: "Lists the feeds that have a source, with what became of taking each.",
  answers: z.strictObject({ feeds: list(feedAnswer) }),
  handle: async ({ state }) => {
    const [feeds, states, counts] = await Promise.all([
      state.records.list("feed"),
      state.records.list("feed-state"),
      state.indicators.countByFeed(),
    ]);
    const stateById = new Map(states.map(({ id, record }) => [id, record] as const));
    return {
      feeds: feeds.map(({ id, record }) =>
        describe(id, record, stateById.get(id), counts.get(id) ?? 0),
      ),
    };
  },
});

export const getFeed = endpoint({
  method: "get",
  path: "/api/v1/feeds/:id",
  summary: "Gives a feed with its source; secrets are named there, and nowhere told.",
  answers: feedDetails,
  handle: async (deps, { id }) => details(deps, id),
});

export const postFeed = endpoint({
  method: "post",
  path: "/api/v1/feeds",
  summary: "Makes a feed, or replaces one that was made so; it is taken at once, then on schedule.",
  body: z.strictObject({ id: feedId, source }),
  status: 201,
  answers: feedDetails,
  handle: async (deps, { body, keyId }) => {
    requireTimes(deps, body.source);
    const by = keyId ?? "local";
    await declareFeed({ records: deps.state.records, now: deps.now }, body.id, body.source, by);
    deps.logger.info({ feed: body.id, by }, "a feed was declared");
    return details(deps, body.id);
  },
});

export const deleteFeed = endpoint({
  method: "delete",
  path: "/api/v1/feeds/:id",
  summary: "Takes a feed away that was made through the API; its indicators stay.",
  answers: z.strictObject({ id: z.string() }),
  handle: async ({ state, logger }, { id, keyId }) => {
    if (!(await removeFeed(state.records, id))) {
      throw unknown(id);
    }
    logger.info({ feed: id, by: keyId ?? "local" }, "a feed was taken away");
    return { id };
  },
});

export const runFeed = endpoint({
  method: "post",
  path: "/api/v1/feeds/:id/run",
  summary: "Has a feed taken now, whatever its schedule says.",
  status: 202,
  answers: feedDetails,
  handle: async (deps, { id }) => {
    if (!(await hastenFeed(deps.state.records, id, deps.now))) {
      throw new ServiceError("api/not-found", `there is no feed ${id} that is taken`);
    }
    return details(deps, id);
  },
});

/** The description of the API knows nothing of times: they are looked at here. */
function requireTimes({ times }: ApiDeps, { schedule, timezone }: z.output<typeof source>): void {
  const problems: QueryProblem[] = [];
  if (!times.isSchedule(schedule)) {
    problems.push({ parameter: "source.schedule", message: "must be a cron expression, seconds first" }); // prettier-ignore
  }
  if (timezone !== undefined && !times.isTimezone(timezone)) {
    problems.push({ parameter: "source.timezone", message: "must be a time zone" });
  }
  if (problems.length > 0) {
    throw new QueryError(problems, "api/invalid-body");
  }
}

async function details({ state }: ApiDeps, id: string): Promise<z.input<typeof feedDetails>> {
  const [feed, found, counts] = await Promise.all([
    state.records.get("feed", id),
    state.records.get("feed-state", id),
    state.indicators.countByFeed(),
  ]);
  if (feed === undefined) {
    throw unknown(id);
  }
  const { record } = feed;
  return {
    ...describe(id, record, found?.record, counts.get(id) ?? 0),
    by: record.by,
    at: isoTime(record.at),
    source: record.source === undefined ? null : { ...record.source, url: told(record.source.url) },
  };
}

function describe(
  id: string,
  { source: from, origin, problem }: FeedRecord,
  state: FeedState | undefined,
  indicators: number,
): z.input<typeof feedAnswer> {
  const { running, error } = state ?? {};
  const { problem: lost = null, ...last } = running?.counts ?? state?.counts ?? NO_COUNTS;
  return {
    id,
    title: from?.title ?? id,
    origin,
    kind: from?.kind ?? null,
    url: from === undefined ? null : told(from.url),
    state: stateOf(from, state),
    problem: problem ?? null,
    error: error === undefined ? null : { code: error.code, message: error.message, at: isoTime(error.at) }, // prettier-ignore
    failures: state?.failures ?? 0,
    nextAt: isoTime(state?.nextAt),
    endedAt: isoTime(state?.endedAt),
    succeededAt: isoTime(state?.succeededAt),
    runningSince: isoTime(running?.since),
    last: { ...last, problem: lost },
    indicators,
  };
}

function stateOf(
  from: FeedRecord["source"],
  state: FeedState | undefined,
): (typeof STATES)[number] {
  if (from === undefined) return "unusable";
  if (!from.enabled) return "disabled";
  if (state === undefined) return "waiting";
  if (state.running !== undefined) return "running";
  return state.error === undefined ? "good" : "failing";
}

/** An address for whoever may read: keys of feeds often stand in its query. */
function told(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return `${origin}${pathname}${search === "" ? "" : "?…"}`;
}

function unknown(id: string): ServiceError {
  return new ServiceError("api/not-found", `there is no feed ${id}`);
}
