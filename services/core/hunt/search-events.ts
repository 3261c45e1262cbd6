/** Events that meet criteria, sorted by their times, a page at a time. */
import { narrow } from "./narrow.ts";
import { testOf, type Criteria, type CriteriaDeps } from "./criteria.ts";
import { Hunt, type FoundEvent, type HuntDeps, type HuntLimits } from "./hunt.ts";

/** Where an event stands among all, by time and place. */
export interface EventPlace {
  readonly time: number;
  readonly partition: string;
  readonly position: number;
}

export interface EventQuery {
  readonly criteria: Criteria;
  /** Times at or after, and before. */
  readonly from?: number;
  readonly to?: number;
  readonly order: "asc" | "desc";
  readonly limit: number;
  /** The last of the page before. */
  readonly after?: EventPlace;
}

export interface EventsFound {
  readonly events: readonly FoundEvent[];
  /** Of all pages; where the search is not complete, of what was searched. */
  readonly total: number;
  readonly next: EventPlace | undefined;
  readonly complete: boolean;
  readonly stoppedBy: Hunt["stoppedBy"];
  readonly problems: readonly string[];
}

/**
 * Searches events. The answer is what the test of the criteria lets through of all stored events, unless it says that it is not
 * complete. Each page searches anew: what arrives meanwhile neither moves nor repeats what was given.
 */
export async function searchEvents(
  deps: HuntDeps & CriteriaDeps,
  { criteria, from = -Infinity, to = Infinity, order, limit, after }: EventQuery,
  limits: HuntLimits,
): Promise<EventsFound> {
  const test = testOf(criteria, deps);
  const patterns = narrow(criteria)?.map((one) => deps.compile(one));
  const hunt = new Hunt(deps, limits);
  const sign = order === "asc" ? 1 : -1;
  const compare = (a: EventPlace, b: EventPlace): number => sign * comparePlaces(a, b);
  const page = new SortedPage(limit + 1, compare);
  let total = 0;
  await hunt.each(
    patterns,
    (event) => event.time >= from && event.time < to && test(event),
    (found) => {
      total += 1;
      const place = placeOf(found);
      if (after === undefined || compare(place, after) > 0) page.add(place, found);
    },
  );
  const events = page.entries;
  const { complete, stoppedBy, problems } = hunt;
  const last = events.length > limit ? events[limit - 1] : undefined;
  const next = last === undefined ? undefined : placeOf(last);
  return { events: events.slice(0, limit), total, next, complete, stoppedBy, problems };
}

function placeOf({ event, partition, position }: FoundEvent): EventPlace {
  return { time: event.time, partition, position };
}

function comparePlaces(a: EventPlace, b: EventPlace): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.partition !== b.partition) return a.partition < b.partition ? -1 : 1;
  return a.position - b.position;
}

/** The first of all that is added, by an order: no more are kept than twice as many. */
class SortedPage {
  readonly #most: number;
  readonly #compare: (a: EventPlace, b: EventPlace) => number;
  #entries: { readonly place: EventPlace; readonly event: FoundEvent }[] = [];

  constructor(most: number, compare: (a: EventPlace, b: EventPlace) => number) {
    this.#most = most;
    this.#compare = compare;
  }

  add(place: EventPlace, event: FoundEvent): void {
    this.#entries.push({ place, event });
    if (this.#entries.length >= 2 * this.#most) this.#cut();
  }

  get entries(): readonly FoundEvent[] {
    this.#cut();
    return this.#entries.map(({ event }) => event);
  }

  #cut(): void {
    this.#entries = this.#entries
      .toSorted((a, b) => this.#compare(a.place, b.place))
      .slice(0, this.#most);
  }
}
