/** Criteria drawn from the values of events, and what they must find: the specification, over all events. */
import fc from "fast-check";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { makeCompiler } from "../../services/core/match/compile.ts";
import {
  OPERATORS,
  testOf,
  valuesOf,
  type Criteria,
  type Operator,
} from "../../services/core/hunt/criteria.ts";
import { searchEvents, type EventPlace } from "../../services/core/hunt/search-events.ts";
import { documentOf } from "../../services/core/ingest/document.ts";
import type { EventStore } from "../../services/core/ports.ts";
import { readEvent, type SysmonEvent } from "../../services/core/schema/index.ts";

const compiler = makeCompiler(re2);
const compile = (pattern: string) => compiler(pattern, { mode: "observable", subdomains: false });
const deps = { regex: re2, compile };
const LIMITS = { mostMs: 600_000, mostEvents: Infinity };

export interface Placed extends EventPlace {
  readonly event: SysmonEvent;
}

/** Every Sysmon event of a store. */
export async function allEvents(store: EventStore): Promise<readonly Placed[]> {
  const found: Placed[] = [];
  for (const { id, bound } of await store.partitions()) {
    for await (const batch of store.read(id, 0, bound)) {
      for (const { position, document } of batch) {
        const event = readEvent(documentOf(document));
        if (event !== undefined) found.push({ partition: id, position, time: event.time, event });
      }
    }
  }
  return found;
}

export const placeText = ({ time, partition, position }: EventPlace): string =>
  `${time} ${partition} ${position}`;

function inOrder(a: EventPlace, b: EventPlace): number {
  if (a.time !== b.time) return b.time - a.time;
  if (a.partition !== b.partition) return a.partition < b.partition ? 1 : -1;
  return b.position - a.position;
}

/** What criteria must find, the newest first. */
export function naively(all: readonly Placed[], criteria: Criteria): readonly string[] {
  const test = testOf(criteria, deps);
  return all
    .filter(({ event }) => test(event))
    .toSorted(inOrder)
    .map(placeText);
}

/** What a search finds, page by page. */
export async function searched(
  store: EventStore,
  criteria: Criteria,
  limit: number,
): Promise<{ readonly places: readonly string[]; readonly totals: ReadonlySet<number> }> {
  const places: string[] = [];
  const totals = new Set<number>();
  let after: EventPlace | undefined;
  do {
    const page = await searchEvents(
      { ...deps, events: store, elapsed: () => performance.now() },
      { criteria, order: "desc", limit, ...(after !== undefined && { after }) },
      LIMITS,
    );
    if (!page.complete) throw new Error(page.problems.join());
    totals.add(page.total);
    places.push(...page.events.map((one) => placeText({ ...one, time: one.event.time })));
    after = page.next;
  } while (after !== undefined);
  return { places, totals };
}

const FIELDS = ["Image", "ParentImage", "CommandLine", "ParentCommandLine", "User", "ProcessGuid", "ParentProcessGuid", "SourceProcessGuid", "TargetImage", "TargetFilename", "ImageLoaded", "TargetObject", "QueryName", "QueryResults", "DestinationIp", "SourceIp", "DestinationHostname", "DestinationPort", "MD5", "SHA1", "SHA256", "PipeName", "Host", "EventId", "ProcessId"]; // prettier-ignore

/** Criteria over what events hold: whole values, pieces of them, in other case, and what none holds. */
export function drawnCriteria(all: readonly Placed[]): fc.Arbitrary<Criteria> {
  const fields = FIELDS.flatMap((field) => {
    const values = new Set(all.flatMap(({ event }) => valuesOf(event, field)));
    return values.size === 0 ? [] : [{ field, values: [...values].slice(0, 400) }];
  });
  const text = (values: readonly string[]) =>
    fc
      .record({
        value: fc.constantFrom(...values),
        cut: fc.integer({ min: 0, max: 40 }),
        size: fc.integer({ min: 1, max: 30 }),
        how: fc.constantFrom("whole", "upper", "piece", "start", "end", "other"),
      }) // prettier-ignore
      .map(({ value, cut, size, how }) => {
        switch (how) {
          case "upper":
            return value.toUpperCase();
          case "piece":
            return value.slice(cut, cut + size) || value;
          case "start":
            return value.slice(0, size);
          case "end":
            return value.slice(-size);
          case "other":
            return `${value}~`;
          default:
            return value;
        }
      });
  const leaf = fc
    .constantFrom(...fields)
    .chain(({ field, values }) =>
      fc
        .record({ op: fc.constantFrom(...OPERATORS), one: text(values), two: text(values) })
        .map(({ op, one, two }) => conditionOf(field, op, one, two)),
    );
  return fc.letrec<{ node: Criteria }>((tie) => ({
    node: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      fc.array(tie("node"), { minLength: 1, maxLength: 3 }).map((some): Criteria => ({ all: some })), // prettier-ignore
      fc.array(tie("node"), { minLength: 1, maxLength: 3 }).map((some): Criteria => ({ any: some })), // prettier-ignore
      tie("node").map((one): Criteria => ({ not: one })),
    ),
  })).node;
}

/** A condition whose value fits its operator. */
function conditionOf(field: string, op: Operator, one: string, two: string): Criteria {
  switch (op) {
    case "in":
      return { field, op, value: [one, two] };
    case "matches":
      return { field, op, value: one.replace(/[^\w ]/g, ".") };
    case "cidr":
      return /^\d+\.\d+\.\d+\.\d+$/.test(one)
        ? { field, op, value: `${one}/20` }
        : { field, op: "is", value: one };
    case "lt":
    case "lte":
    case "gt":
    case "gte":
      return { field, op: /^\d+$/.test(one) ? op : "contains", value: one };
    default:
      return { field, op, value: one };
  }
}
