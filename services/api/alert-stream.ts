/** Alerts as they are raised, as server-sent events (HTML Living Standard §9.2). */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { AlertFilter } from "../core/records.ts";
import { LOOK_MS } from "./alert-tail.ts";
import { alertFilter, toAlertFilter } from "./alerts.ts";
import type { ApiRequest, Endpoint } from "./endpoint.ts";
import { QueryError } from "./problem.ts";
import { readQuery } from "./query.ts";

/** What stands between client and server ends connections that are silent, mostly after 30 or 60 s. */
const HEARTBEAT_MS = 15_000;
/** How long a client waits before it comes back. */
const RETRY_MS = 2000;
/** A stream ends by itself after that; the client comes back and goes on where it was. */
const LONGEST_S = 3600;

const PLACE = /^\d{1,15}$/;
const WRONG_PLACE = "must be the id of an event";

const streamQuery = z.strictObject({
  host: alertFilter.host,
  indicator: alertFilter.indicator,
  severity: alertFilter.severity,
  /** Where a client goes on that can't send `Last-Event-ID`; 0: with the first alert. */
  after: z
    .string("must be given at most once")
    .regex(PLACE, WRONG_PLACE)
    .transform(Number)
    .optional(),
  seconds: z
    .string("must be given at most once")
    .regex(/^(?:[1-9]\d{0,2}|[12]\d{3}|3[0-5]\d{2}|3600)$/, `must be 1 to ${LONGEST_S}`)
    .transform(Number)
    .optional(),
});

/**
 * Nothing is kept for a client: it is read on when the client has taken what was sent, so one that is slow costs a page and
 * holds up no other.
 */
export const streamAlerts: Endpoint = {
  method: "get",
  path: "/api/v1/alerts/stream",
  summary: "Sends alerts as they are raised (server-sent events), each once; goes on after Last-Event-ID.", // prettier-ignore
  query: streamQuery,
  status: 200,
  answers: { mediaTypes: ["text/event-stream"] },
  answer: async (deps, request) => {
    const { tail, lastEventId } = request;
    const { after, seconds = LONGEST_S, ...given } = readQuery(streamQuery, request.query);
    if (lastEventId !== undefined && !PLACE.test(lastEventId)) {
      throw new QueryError([{ parameter: "Last-Event-ID", message: WRONG_PLACE }]);
    }
    tail.requireRoom();
    const from = lastEventId === undefined ? (after ?? (await tail.newest())) : Number(lastEventId);
    const stream = events(request, toAlertFilter(given), from, seconds * 1000, deps.stop);
    return {
      status: 200,
      type: "text/event-stream",
      // nginx keeps answers back otherwise.
      headers: { "X-Accel-Buffering": "no" },
      body: tail.counted(stream),
    };
  },
};

async function* events(
  { tail, keyId, session }: ApiRequest,
  filter: AlertFilter,
  from: number,
  lastsMs: number,
  stop: AbortSignal | undefined,
): AsyncGenerator<string, void> {
  const end = performance.now() + lastsMs;
  let after = from;
  let toldAt = performance.now();
  // Without data it is no event, but the client has the place: one that is cut off at once misses nothing.
  yield `retry: ${RETRY_MS}\nid: ${from}\n\n`;
  for (;;) {
    if (stop?.aborted === true || !(await tail.isStanding({ keyId, session }))) return;
    const page = await tail.after(filter, after);
    if (page.text !== "" || performance.now() - toldAt >= HEARTBEAT_MS) {
      yield page.text === "" ? ":\n\n" : page.text;
      toldAt = performance.now();
    }
    after = page.last;
    const left = end - performance.now();
    if (left <= 0) return;
    if (!page.isFull) await sleep(Math.min(LOOK_MS, left), undefined, { ref: false });
  }
}
