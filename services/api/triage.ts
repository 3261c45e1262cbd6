import { z } from "zod";
import { triageAlert, type Triage } from "../core/alert/triage.ts";
import { ServiceError } from "../core/errors.ts";
import { inParallel } from "../core/in-parallel.ts";
import { ALERT_STATUSES, RESOLUTIONS } from "../core/records.ts";
import { alertAnswer, describeAlerts, type AlertAnswer } from "./alerts.ts";
import type { ApiDeps } from "./api-deps.ts";
import { endpoint, list } from "./endpoint.ts";
import { label, word } from "./query.ts";

/** Alerts of one bulk request, and how many of them at a time. */
const MOST_IDS = 1000;
const AT_A_TIME = 16;
const MOST_COMMENT = 4000;

const tags = z.array(label).max(50, "are more than 50");

const change = {
  status: word(...ALERT_STATUSES).optional(),
  resolution: word(...RESOLUTIONS).optional(),
  /** Empty: nobody. */
  assignee: z.union([z.literal(""), label]).optional(),
  addTags: tags.optional(),
  removeTags: tags.optional(),
  comment: z
    .string("must be a text")
    .trim()
    .max(MOST_COMMENT, `is longer than ${MOST_COMMENT} characters`)
    .regex(/\S/, "must not be empty")
    .optional(),
};

const one = z.strictObject({ ...change, version: z.number().int().min(1).optional() });
const failure = z.strictObject({ id: z.string(), code: z.string(), detail: z.string() });
type Failure = z.input<typeof failure>;

const many = z.strictObject({
  ...change,
  ids: z.array(z.string().min(1).max(64)).min(1, "must not be empty").max(MOST_IDS),
});

export const triageOne = endpoint({
  method: "post",
  path: "/api/v1/alerts/:id/triage",
  summary:
    "Changes an alert: status, resolution, assignee, tags, a comment; answers with it as it is then.",
  body: one,
  answers: alertAnswer,
  handle: async (deps, { id, body: { version, ...wanted }, keyId }) => {
    const by = keyId ?? "local";
    const alert = await triageAlert(deps, id, wanted, by, version);
    deps.logger.info({ alert: id, by, ...told(wanted) }, "an alert was triaged");
    const [described] = await describeAlerts(deps, [alert]);
    return described as AlertAnswer;
  },
});

export const triageMany = endpoint({
  method: "post",
  path: "/api/v1/alerts/triage",
  summary:
    "Makes one change to many alerts; what fails of some does not keep the others, and is told of each.",
  body: many,
  answers: z.strictObject({ triaged: z.number(), failures: list(failure) }),
  handle: async (deps, { body: { ids, ...wanted }, keyId }) => {
    const by = keyId ?? "local";
    const failures = new Map<string, Failure>();
    const distinct = [...new Set(ids)];
    await inParallel(distinct, AT_A_TIME, async (id) => {
      const failed = await failureOf(deps, id, wanted, by);
      if (failed !== undefined) failures.set(id, failed);
    });
    const triaged = distinct.length - failures.size;
    deps.logger.info({ alerts: triaged, by, ...told(wanted) }, "alerts were triaged");
    return {
      triaged,
      failures: distinct.flatMap((id) => failures.get(id) ?? []),
    };
  },
});

async function failureOf(
  deps: ApiDeps,
  id: string,
  wanted: Triage,
  by: string,
): Promise<Failure | undefined> {
  try {
    await triageAlert(deps, id, wanted, by);
    return undefined;
  } catch (error) {
    if (!(error instanceof ServiceError) || !error.code.startsWith("alert/")) {
      throw error;
    }
    return { id, code: error.code, detail: error.message };
  }
}

/** What the log keeps of a change: not what people wrote. */
function told({ status, resolution, assignee, addTags, removeTags, comment }: Triage): object {
  return { status, resolution, assignee, addTags, removeTags, hasComment: comment !== undefined };
}
