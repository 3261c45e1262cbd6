import { z } from "zod";
import { measure } from "../core/coverage/ledger.ts";
import type { LedgerRow } from "../core/records.ts";
import type { ApiDeps } from "./api-deps.ts";
import { answeredTime, endpoint, list } from "./endpoint.ts";
import { isoTime } from "./iso-time.ts";

const sizes = { covered: z.number(), stale: z.number(), total: z.number() };

/** A log that can't be read counts as not covered. */
export const getCoverage = endpoint({
  method: "get",
  path: "/api/v1/coverage",
  summary: "Says what has met what, in events × pattern revisions.",
  answers: z.strictObject({
    asOf: answeredTime,
    revision: z.number(),
    semantics: z.number(),
    ...sizes,
    ratio: z.number(),
    partitions: list(
      z.strictObject({
        id: z.string(),
        bound: z.number(),
        reachable: z.boolean(),
        unreachableSince: answeredTime,
        pieces: list(
          z.strictObject({ to: z.number(), revision: z.number(), semantics: z.number() }),
        ),
        ...sizes,
      }),
    ),
    limitations: list(
      z.strictObject({ code: z.string(), subject: z.string(), reason: z.string() }),
    ),
    exceptions: list(
      z.strictObject({
        pattern: z.string(),
        partition: z.string(),
        code: z.string(),
        reason: z.string(),
        retryAt: answeredTime,
      }),
    ),
  }),
  handle: async (deps) => {
    const { exceptions, ...measured } = await measureCoverage(deps);
    return {
      asOf: isoTime(deps.now()),
      ...measured,
      exceptions: exceptions.map((one) => ({ ...one, retryAt: isoTime(one.retryAt) })),
    };
  },
});

/** Measures coverage as of now. */
export async function measureCoverage({
  state,
  events,
  semantics,
}: Pick<ApiDeps, "state" | "events" | "semantics">) {
  // Bounds first, rows last: coverage that is won in between is cut off by them, never overstated.
  const revision = await state.patterns.bound();
  const partitions = await events.partitions();
  const rows = await state.ledger.rows();
  const exceptions = await state.ledger.exceptions();
  const rowOf = new Map(rows.map((row) => [row.partition, row] as const));
  const here = new Set(partitions.map(({ id }) => id));
  const measured = [
    ...partitions.map(({ id, bound }) => {
      const pieces = rowOf.get(id)?.pieces ?? [];
      const area = measure(pieces, bound, revision, semantics);
      return { id, bound, reachable: true, unreachableSince: null, pieces, ...area };
    }),
    ...rows.filter((row) => !here.has(row.partition)).map((row) => vanished(row, revision)),
  ];
  const sum = (part: "covered" | "stale" | "total") =>
    measured.reduce((all, partition) => all + partition[part], 0);
  const [covered, stale, total] = [sum("covered"), sum("stale"), sum("total")];
  return {
    revision,
    semantics,
    covered,
    stale,
    total,
    // Nothing to cover is covered.
    ratio: total === 0 ? 1 : covered / total,
    partitions: measured,
    // What the store can't look at is not among the partitions, or with less than it has.
    limitations: events.limitations(),
    exceptions,
  };
}

/** Its bound is not known any more: what the ledger knows of it is the least that is missing. */
function vanished(row: LedgerRow, revision: number) {
  const bound = row.pieces.at(-1)?.to ?? 0;
  return {
    id: row.partition,
    bound,
    reachable: false,
    // Null until the next sweep notes the time.
    unreachableSince: isoTime(row.unreachableSince),
    pieces: row.pieces,
    covered: 0,
    stale: 0,
    total: bound * revision,
  };
}
