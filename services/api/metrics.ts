import { z } from "zod";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { listDead, QUEUES } from "../core/pipeline/dead-jobs.ts";
import { entryThatHolds, listThatHolds } from "../core/suppress/held-back.ts";
import type { ApiDeps } from "./api-deps.ts";
import { measureCoverage } from "./coverage.ts";
import type { Endpoint } from "./endpoint.ts";

/** Dead jobs that are counted at most. */
const MOST_DEAD = 10_000;

/** What this process itself takes: made once, since it counts from then on. */
const own = new Registry();
collectDefaultMetrics({ register: own, prefix: "stixsweep_" });

interface Measure {
  readonly name: string;
  readonly help: string;
  /** With one label at most, the same for all. */
  readonly values: readonly { readonly value: number; readonly queue?: string; readonly feed?: string }[]; // prettier-ignore
}

/** Measures for Prometheus, in its text format; asked of the store at each scrape. */
export const getMetrics: Endpoint = {
  method: "get",
  path: "/metrics",
  summary: "Gives measures for Prometheus.",
  query: z.looseObject({}),
  status: 200,
  answers: { mediaTypes: ["text/plain"] },
  answer: async (deps) => {
    const registry = new Registry();
    for (const { name, help, values } of await measures(deps)) {
      const labelNames = (["queue", "feed"] as const).filter((label) => values.some((one) => one[label] !== undefined)); // prettier-ignore
      const gauge = new Gauge({ name: `stixsweep_${name}`, help, labelNames, registers: [registry] }); // prettier-ignore
      for (const { value, ...labels } of values) gauge.set(labels, value);
    }
    const all = Registry.merge([registry, own]);
    return { status: 200, body: await all.metrics(), type: all.contentType };
  },
};

function countOf(
  reasons: ReadonlyMap<string, number>,
  by: (heldBack: string) => string | undefined,
): number {
  return [...reasons].reduce((sum, [reason, n]) => sum + (by(reason) === undefined ? 0 : n), 0);
}

async function measures(deps: ApiDeps): Promise<readonly Measure[]> {
  const { state, queues } = deps;
  const [coverage, matches, reasons, alerts, indicators] = await Promise.all([
    measureCoverage(deps),
    state.matches.count(),
    state.matches.heldBackBy(),
    state.alerts.count(),
    state.indicators.count(),
  ]);
  const one = (name: string, help: string, value: number): Measure => ({
    name,
    help,
    values: [{ value }],
  });
  const { total, covered, stale, partitions, exceptions, revision } = coverage;
  const list = [
    one("pairs_total", "Events times pattern revisions that there are to be met.", total),
    one("pairs_uncovered", "Of these, those that have not met.", total - covered),
    one("pairs_stale", "Covered pairs that met under older rules.", stale),
    one("partitions", "Parts of the event store.", partitions.length),
    one("partitions_unreachable", "Parts that can't be read now.", partitions.filter(({ reachable }) => !reachable).length), // prettier-ignore
    one("pattern_revision", "Changes of patterns so far.", revision),
    one("pattern_exceptions", "Patterns that can't be evaluated, or not everywhere.", exceptions.length), // prettier-ignore
    one("indicators", "Indicators of all feeds.", indicators),
    one("matches", "Stored matches.", matches.matches),
    one("matches_held_back", "Matches that raise no alert: by validity, warning lists or suppressions.", matches.heldBack), // prettier-ignore
    one("matches_suppressed", "Of these, by suppressions.", countOf(reasons, entryThatHolds)),
    one("matches_warning_listed", "Of these, by warning lists.", countOf(reasons, listThatHolds)),
    one("alerts", "Alerts, open and closed.", alerts),
  ];
  list.push(...(await feedMeasures(deps)));
  const depths = [];
  const dead = [];
  for (const queue of QUEUES) {
    const jobs = queues[queue];
    if (jobs !== undefined) {
      depths.push({ queue, value: await jobs.depth() });
      dead.push({ queue, value: (await listDead(queues, queue, MOST_DEAD)).length });
    }
  }
  return depths.length === 0
    ? list
    : [
        ...list,
        { name: "queue_jobs", help: "Jobs that wait or are done.", values: depths },
        { name: "queue_dead_jobs", help: "Jobs that failed too often.", values: dead },
      ];
}

async function feedMeasures({ state, now }: ApiDeps): Promise<readonly Measure[]> {
  const [feeds, states] = await Promise.all([
    state.records.list("feed"),
    state.records.list("feed-state"),
  ]);
  const taken = new Set(feeds.flatMap(({ id, record }) => (record.source?.enabled === true ? id : []))); // prettier-ignore
  const known = states.filter(({ id }) => taken.has(id));
  const ages = known.flatMap(({ id, record: { succeededAt } }) =>
    succeededAt === undefined ? [] : [{ feed: id, value: (now() - succeededAt) / 1000 }],
  );
  const failures = known.map(({ id, record }) => ({ feed: id, value: record.failures }));
  return [
    { name: "feed_age_seconds", help: "Time since a feed was last taken whole.", values: ages },
    { name: "feed_failures", help: "Takings of a feed that failed in a row.", values: failures },
  ].filter(({ values }) => values.length > 0);
}
