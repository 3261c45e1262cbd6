import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { parsePattern, walkComparisons, type ObjectPath, type Pattern } from "stix2-ts";
import { documentOf } from "../../services/core/ingest/document.ts";
import {
  canonicalContent,
  eventIdsFor,
  observe,
  readEvent,
  type SysmonEvent,
} from "../../services/core/schema/index.ts";
import { notCoverable, pathText } from "../../services/core/schema/not-coverable.ts";
import { CORPUS, describeCorpus } from "../support/corpus.ts";
import { corpusEvents, type EventFile } from "../support/corpus-events.ts";

/** Sysmon events by file and event id. */
const counts: readonly {
  name: EventFile;
  layout: string;
  want: Readonly<Record<number, number>>;
}[] = [
  {
    name: "nxlog_flat.ndjson.gz",
    layout: "flat",
    // prettier-ignore
    want: { 1: 53, 2: 4, 3: 139, 5: 24, 7: 3002, 8: 2, 9: 55, 10: 4683, 11: 90, 12: 1077, 13: 523, 17: 1, 18: 16, 22: 17, 23: 8, 24: 4 },
  },
  {
    name: "winlogbeat6_event_data.ndjson.gz",
    layout: "winlogbeat6",
    // prettier-ignore
    want: { 1: 13, 3: 167, 5: 7, 7: 593, 9: 3, 10: 2207, 11: 17, 12: 793, 13: 307, 17: 7, 18: 32 },
  },
  {
    name: "winlog_event_data.ndjson.gz",
    layout: "winlogbeat7",
    // prettier-ignore
    want: { 1: 14, 3: 2, 7: 3, 10: 3, 11: 9, 12: 16, 13: 44, 17: 4, 18: 14, 19: 2, 20: 1, 22: 1 },
  },
  {
    name: "evtx_event_json.ndjson.gz",
    layout: "evtx",
    // prettier-ignore
    want: { 1: 14, 3: 2, 7: 3, 10: 3, 11: 9, 12: 16, 13: 44, 17: 4, 18: 14, 19: 2, 20: 1, 22: 1 },
  },
  { name: "ecs_samples.ndjson", layout: "ecs", want: { 1: 2 } },
];
const notCoverableCount = 37;

function eventsOf(name: EventFile): readonly SysmonEvent[] {
  return corpusEvents(name)
    .map(({ document }) => readEvent(documentOf(document)))
    .filter((event) => event !== undefined);
}

/** Patterns of all indicators under a JSON value. */
function patternsIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap((v) => patternsIn(v));
  const isPattern =
    "pattern" in value &&
    "type" in value &&
    value.type === "indicator" &&
    typeof value.pattern === "string";
  return isPattern && typeof value.pattern === "string" ? [value.pattern, ...inner] : inner;
}

/** Undefined for what is no STIX pattern (Snort rules, failed conversions): the feed's tests count these. */
function parsed(text: string): Pattern | undefined {
  try {
    return parsePattern(text);
  } catch {
    return undefined;
  }
}

function corpusPaths(): ReadonlyMap<string, ObjectPath> {
  const files = globSync("{stix1,stix20,stix21}/**/*.json", { cwd: CORPUS });
  const patterns = files.flatMap((file) => {
    const text = readFileSync(join(CORPUS, file), "utf8").replace(/^\uFEFF/, "");
    return patternsIn(JSON.parse(text));
  });
  const paths = [...new Set(patterns)]
    .map((text) => parsed(text))
    .flatMap((pattern) => (pattern === undefined ? [] : [...walkComparisons(pattern)]))
    .map(({ path }) => path);
  return new Map(paths.map((path) => [pathText(path), path]));
}

describeCorpus("Sysmon events of the corpus", () => {
  test.each(counts)("$name: events by id, all with host and time", ({ name, layout, want }) => {
    const found: Record<number, number> = {};
    const events = eventsOf(name);
    for (const { eventId } of events) found[eventId] = (found[eventId] ?? 0) + 1;
    expect(found).toEqual(want);
    const odd = events.filter((e) => e.host === undefined || e.time === 0 || e.layout !== layout);
    expect(odd).toEqual([]);
  });

  test("the same events in two layouts are the same", () => {
    const [a, b] = (["winlog_event_data.ndjson.gz", "evtx_event_json.ndjson.gz"] as const).map(
      (name) =>
        eventsOf(name).map((event) => ({
          host: event.host,
          recordId: event.recordId,
          time: event.time,
          content: canonicalContent(event),
          observation: observe(event).observation,
        })),
    );
    expect(a).toHaveLength(113);
    expect(a).toEqual(b);
  });

  test("every event gives objects", () => {
    const silent = counts
      .flatMap(({ name }) => eventsOf(name))
      .filter((event) => Object.keys(observe(event).observation.objects).length === 0);
    expect(silent).toEqual([]);
  });
});

describeCorpus("paths of the corpus's patterns", () => {
  const listed = notCoverable.flatMap(({ paths }) => paths);

  test("are mapped, or listed as not coverable with a reason", () => {
    const unmapped = [...corpusPaths()]
      .filter(([, path]) => eventIdsFor(path).size === 0)
      .map(([text]) => text);
    expect(unmapped.toSorted()).toEqual(listed.toSorted());
  });

  test(`the list has ${notCoverableCount} paths, each once`, () => {
    expect(new Set(listed).size).toBe(notCoverableCount);
    expect(listed).toHaveLength(notCoverableCount);
  });
});
