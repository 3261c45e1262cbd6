import { z } from "zod";
import { ServiceError } from "../../core/errors.ts";
import { objectOf } from "../../core/hunt/process-node.ts";
import type { FoundEvent } from "../../core/hunt/hunt.ts";
import { eventNames } from "../../core/schema/index.ts";
import { answeredTime, list } from "../endpoint.ts";
import { isoTime } from "../iso-time.ts";

/** An event as it is given out: by Sysmon's own field names, whatever the layout. */
export const eventAnswer = z
  .strictObject({
    /** Names the event: `/api/v1/events/ID`. */
    id: z.string(),
    partition: z.string(),
    position: z.number(),
    locator: z.string(),
    eventId: z.number(),
    eventName: z.string(),
    time: answeredTime,
    host: z.string(),
    layout: z.string(),
    /** What it is about, in a few words. */
    object: z.string(),
    fields: z.record(z.string(), list(z.string())),
  })
  .meta({ id: "Event" });

export function describeFound(found: FoundEvent): z.input<typeof eventAnswer> {
  const { event, partition, position, locator } = found;
  return {
    id: eventRef(found),
    partition,
    position,
    locator,
    eventId: event.eventId,
    eventName: eventNames.get(event.eventId) ?? "",
    time: isoTime(event.time),
    host: event.host ?? "",
    layout: event.layout,
    object: objectOf(event),
    fields: Object.fromEntries(
      [...event.fields].map(([name, values]) => [name, values.map(({ value }) => value)]),
    ),
  };
}

/** Names the place of an event, fit for a URL. */
export function eventRef({
  partition,
  position,
}: Pick<FoundEvent, "partition" | "position">): string {
  return Buffer.from(`${position} ${partition}`).toString("base64url");
}

/** Reads such a name; throws `api/not-found` for what is none. */
export function readEventRef(ref: string): {
  readonly partition: string;
  readonly position: number;
} {
  const text = Buffer.from(ref, "base64url").toString();
  const [, position = "", partition = ""] = /^([1-9]\d{0,15}) (.+)$/s.exec(text) ?? [];
  if (partition === "") {
    throw new ServiceError("api/not-found", "there is no such event");
  }
  return { partition, position: Number(position) };
}
