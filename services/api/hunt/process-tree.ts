import { z } from "zod";
import { ServiceError } from "../../core/errors.ts";
import type { Activity } from "../../core/hunt/process-node.ts";
import type { TreeNode } from "../../core/hunt/process-tree.ts";
import { eventNames } from "../../core/schema/index.ts";
import { answeredTime, endpoint, list } from "../endpoint.ts";
import { isoTime } from "../iso-time.ts";
import { text } from "../query.ts";
import { eventRef } from "./event-answer.ts";

/** A whole number, by an expression that the description of the API gives to others. */
const small = (numbers: RegExp, most: number, usual: number) =>
  z
    .string("must be given at most once")
    .regex(numbers, `must be a whole number, ${most} at most`)
    .transform(Number)
    .optional()
    .transform((n) => n ?? usual);

const activityAnswer = z.strictObject({
  /** Names the event: `/api/v1/events/ID`. */
  event: z.string(),
  eventId: z.number(),
  eventName: z.string(),
  time: answeredTime,
  object: z.string(),
  other: z
    .strictObject({ process: z.string(), image: z.string(), isActor: z.boolean() })
    .nullable(),
});

const nodeAnswer = z
  .strictObject({
    process: z.string(),
    pid: z.string(),
    image: z.string(),
    commandLine: z.string(),
    user: z.string(),
    integrityLevel: z.string(),
    directory: z.string(),
    hashes: z.record(z.string(), z.string()),
    start: answeredTime,
    end: answeredTime,
    /** Known from what others say of it alone. */
    isInferred: z.boolean(),
    parent: z.string().nullable(),
    children: list(z.string()),
    childCount: z.number(),
    /** By event id. */
    counts: z.record(z.string(), z.number()),
    activities: list(activityAnswer),
    /** Whether what it did and started was looked for. */
    isOpen: z.boolean(),
  })
  .meta({ id: "ProcessNode" });

export const getProcessTree = endpoint({
  method: "get",
  path: "/api/v1/process-tree",
  summary:
    "Gives the processes around one, named by host and ProcessGuid: its ancestors, its descendants, and what each of them did.",
  query: z.strictObject({
    host: text,
    process: text,
    depth: small(/^(?:\d|10)$/, 10, 3),
    activities: small(/^(?:\d{1,2}|1\d\d|200)$/, 200, 20),
  }),
  answers: z.strictObject({
    root: z.string(),
    focus: z.string(),
    nodes: list(nodeAnswer),
    complete: z.boolean(),
    stoppedBy: z.enum(["time", "events"]).nullable(),
    problems: list(z.string()),
  }),
  handle: async ({ hunter }, { query: { host, process: guid, depth, activities } }) => {
    const tree = await hunter.tree({ host: host.toLowerCase(), guid, depth, activities });
    if (tree === undefined) {
      throw new ServiceError("api/not-found", "no stored event names this process on this host");
    }
    const { nodes, stoppedBy = null, ...rest } = tree;
    return { ...rest, stoppedBy, nodes: nodes.map(describeNode) };
  },
});

function describeNode({
  guid,
  start,
  end,
  parent,
  activities,
  ...node
}: TreeNode): z.input<typeof nodeAnswer> {
  // prettier-ignore
  return {
    ...node,
    process: guid,
    start: isoTime(start),
    end: isoTime(end),
    parent: parent ?? null,
    activities: activities.map(describeActivity),
  };
}

function describeActivity(activity: Activity): z.input<typeof activityAnswer> {
  const { eventId, time, object, other } = activity;
  return {
    event: eventRef(activity),
    eventId,
    eventName: eventNames.get(eventId) ?? "",
    time: isoTime(time),
    object,
    other: other === undefined ? null : { process: other.guid, image: other.image, isActor: other.isActor }, // prettier-ignore
  };
}
