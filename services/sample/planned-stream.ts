import { planDecoys } from "./decoys.ts";
import type { DraftEvent } from "./host-activity.ts";
import { HostActivity } from "./host-activity.ts";
import { planOutbreak } from "./outbreak.ts";
import { createRandom } from "./random.ts";
import type { SampleEvent, SampleSettings } from "./sample-event.ts";
import { HOUR_MS } from "./sample-event.ts";
import type { SampleHost } from "./sample-host.ts";
import { createHosts } from "./sample-host.ts";

/** An event on its way into the store, with what it is known to hit. */
export interface PlannedEvent {
  readonly id: string;
  readonly host: SampleHost;
  readonly event: SampleEvent;
  /** Keys of `SAMPLE_INDICATORS` that the event's own fields meet. */
  readonly hits: readonly string[];
  /** The same, with what is known of the acting process from its creation. */
  readonly processHits: readonly string[];
  /** When the event reached the store; later than its time by minutes or hours for one in a hundred. */
  readonly arrival: number;
}

/** Ordinary events of a host in a day at scale 1. */
const EVENTS_PER_DAY = 354;
const LATE_SHARE = 0.01;

/** Weight of each hour (UTC) of a working day on a workstation: office hours, a dip at noon. */
const OFFICE_HOURS = [
  2, 2, 2, 2, 2, 4, 10, 40, 90, 100, 95, 85, 60, 85, 95, 90, 70, 35, 14, 8, 5, 4, 3, 2,
]; // prettier-ignore
const OFFICE_SUM = OFFICE_HOURS.reduce((sum, weight) => sum + weight, 0);

function expected(host: SampleHost, hour: number, settings: SampleSettings): number {
  const clock = hour % 24;
  const weekday = new Date(settings.start + hour * HOUR_MS).getUTCDay();
  const quiet = weekday === 0 || weekday === 6;
  const office = ((OFFICE_HOURS[clock] ?? 0) / OFFICE_SUM) * (quiet ? 0.08 : 1);
  const share = host.role === "server" ? 0.7 / 24 + 0.5 * office : office;
  return share * EVENTS_PER_DAY * settings.scale;
}

function byArrival(a: PlannedEvent, b: PlannedEvent): number {
  return a.arrival - b.arrival || (a.id < b.id ? -1 : 1);
}

/** Streams every event in the order in which it reached the store, an hour of the network at a time. */
export function* plannedStream(settings: SampleSettings): Generator<PlannedEvent, void, undefined> {
  const activities = createHosts(settings).map((host) => new HostActivity(host, settings.start));
  const plans = new Map([
    ...planOutbreak(activities, settings),
    ...planDecoys(activities, settings),
  ]);
  const records = new Map(activities.map((activity) => [activity, 1_000]));
  const lateness = createRandom(`${settings.seed}:late`);
  let pending: PlannedEvent[] = [];

  const admit = (activity: HostActivity, draft: DraftEvent): void => {
    const { host } = activity;
    const recordId = (records.get(activity) ?? 0) + 1;
    records.set(activity, recordId);
    const { eventId, time, fields, hits = [], processHits = [] } = draft;
    const late = lateness.next() < LATE_SHARE;
    const arrival = late ? time + lateness.between(5 * 60_000, 6 * HOUR_MS) : time;
    const event = { eventId, computer: host.computer, recordId, time, fields };
    const id = `${host.name.toLowerCase()}-${recordId}`;
    pending.push({ id, host, event, hits, processHits, arrival });
  };

  for (let hour = 0; hour < settings.days * 24; hour++) {
    const from = settings.start + hour * HOUR_MS;
    const to = from + HOUR_MS;
    for (const activity of activities) {
      const { random } = activity.host;
      const count = Math.floor(expected(activity.host, hour, settings) + random.next());
      const drafts = activity.events(from, to, count);
      for (const draft of plans.get(activity) ?? []) {
        if (draft.time >= from && draft.time < to) drafts.push(draft);
      }
      drafts.sort((a, b) => a.time - b.time);
      for (const draft of drafts) admit(activity, draft);
    }
    const ready = pending.filter(({ arrival }) => arrival < to).toSorted(byArrival);
    pending = pending.filter(({ arrival }) => arrival >= to);
    yield* ready;
  }
  yield* pending.toSorted(byArrival);
}
