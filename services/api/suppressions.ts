import { z } from "zod";
import { ServiceError } from "../core/errors.ts";
import type { Versioned } from "../core/ports.ts";
import { SUPPRESSION_KINDS, type Suppression } from "../core/records.ts";
import { addSuppression, liftSuppression, problemOfValue } from "../core/suppress/entries.ts";
import { heldByEntry } from "../core/suppress/held-back.ts";
import { stands } from "../core/suppress/suppressions.ts";
import { answeredTime, endpoint, list } from "./endpoint.ts";
import { isoTime } from "./iso-time.ts";
import { QueryError, type QueryProblem } from "./problem.ts";
import { label, text, time, word } from "./query.ts";

const STATES = ["standing", "expired", "lifted"] as const;

const suppressionAnswer = z.strictObject({
  id: z.string(),
  kind: z.enum(SUPPRESSION_KINDS),
  value: z.string(),
  scope: z.strictObject({
    feed: z.string().nullable(),
    host: z.string().nullable(),
    from: answeredTime,
    until: answeredTime,
  }),
  reason: z.string(),
  by: z.string(),
  at: answeredTime,
  expiresAt: answeredTime,
  state: z.enum(STATES),
  lifted: z.strictObject({ by: z.string(), at: answeredTime }).nullable(),
  heldBack: z.number(),
});

export const listSuppressions = endpoint({
  method: "get",
  path: "/api/v1/suppressions",
  summary: "Lists all suppressions, or those of one state, with how many matches each holds back.",
  query: z.strictObject({ state: word(...STATES).optional() }),
  answers: z.strictObject({ suppressions: list(suppressionAnswer) }),
  handle: async ({ state, now }, { query: { state: only } }) => {
    const counts = await state.matches.heldBackBy();
    const all = (await state.records.list("suppression"))
      .toSorted((a, b) => a.record.at - b.record.at)
      .map((one) => describe(one, now(), counts.get(heldByEntry(one.id)) ?? 0));
    return { suppressions: all.filter((one) => only === undefined || one.state === only) };
  },
});

const LONGEST_REGEX = 500;
const LONGEST_REASON = 2000;

const newEntry = z.strictObject({
  kind: word(...SUPPRESSION_KINDS),
  value: text,
  scope: z
    .strictObject({
      feed: label.optional(),
      host: label.optional(),
      from: time.optional(),
      until: time.optional(),
    })
    .optional(),
  reason: z
    .string("must be given: why is this no alert?")
    .trim()
    .regex(/\S/, "must not be empty")
    .max(LONGEST_REASON, `is longer than ${LONGEST_REASON} characters`),
  expiresAt: time.optional(),
});

export const postSuppression = endpoint({
  method: "post",
  path: "/api/v1/suppressions",
  summary: "Adds a suppression, which acts on matches that come after; its author is whoever asks.",
  body: newEntry,
  answers: suppressionAnswer,
  status: 201,
  handle: async (deps, { body: { kind, value, scope = {}, reason, expiresAt }, keyId }) => {
    const problems: QueryProblem[] = [];
    const refuse = (parameter: string, message: string) => problems.push({ parameter, message });
    const problem =
      kind === "regex" && value.length > LONGEST_REGEX
        ? `is longer than ${LONGEST_REGEX} characters`
        : problemOfValue(kind, value, deps.regex);
    if (problem !== undefined) refuse("value", problem);
    if (expiresAt !== undefined && expiresAt <= deps.now()) {
      refuse("expiresAt", "must be in the future");
    }
    if (scope.from !== undefined && scope.until !== undefined && scope.from >= scope.until) {
      refuse("scope.until", "must be after scope.from");
    }
    if (problems.length > 0) {
      throw new QueryError(problems, "api/invalid-body");
    }
    const by = keyId ?? "local";
    const { feed, host, from, until } = scope;
    const added = await addSuppression(deps, {
      kind,
      value,
      scope: {
        ...(feed !== undefined && { feed }),
        ...(host !== undefined && { host }),
        ...(from !== undefined && { from }),
        ...(until !== undefined && { until }),
      },
      reason,
      by,
      ...(expiresAt !== undefined && { expiresAt }),
    });
    deps.logger.info({ suppression: added.id, kind, by }, "a suppression was added");
    return describe(added, deps.now(), 0);
  },
});

export const deleteSuppression = endpoint({
  method: "delete",
  path: "/api/v1/suppressions/:id",
  summary:
    "Lifts a suppression: matches that come after count again. It stays in the list, and what it held back stays so.",
  answers: suppressionAnswer,
  handle: async (deps, { id, keyId }) => {
    const by = keyId ?? "local";
    const lifted = await liftSuppression(deps, id, by);
    if (lifted === undefined) {
      throw new ServiceError("api/not-found", `there is no suppression ${id}`);
    }
    deps.logger.info({ suppression: id, by }, "a suppression was lifted");
    const counts = await deps.state.matches.heldBackBy();
    return describe(lifted, deps.now(), counts.get(heldByEntry(id)) ?? 0);
  },
});

function describe(
  { id, record }: Versioned<Suppression>,
  now: number,
  heldBack: number,
): z.input<typeof suppressionAnswer> {
  const { kind, value, scope, reason, by, at, expiresAt, lifted } = record;
  const [standing, expired, wasLifted] = STATES;
  return {
    id,
    kind,
    value,
    scope: {
      feed: scope.feed ?? null,
      host: scope.host ?? null,
      from: isoTime(scope.from),
      until: isoTime(scope.until),
    },
    reason,
    by,
    at: isoTime(at),
    expiresAt: isoTime(expiresAt),
    state: lifted !== undefined ? wasLifted : stands(record, now) ? standing : expired,
    lifted: lifted === undefined ? null : { by: lifted.by, at: isoTime(lifted.at) },
    heldBack,
  };
}
