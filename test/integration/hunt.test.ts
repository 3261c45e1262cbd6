/** Hunts over stores find what the specification finds; trees show the processes of the sample as they were. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  openJournalStore,
  type JournalStore,
} from "../../services/adapters/duckdb/journal-store.ts";
import { MemoryEventStore } from "../../services/adapters/memory/event-store.ts";
import { valuesOf, type Criteria } from "../../services/core/hunt/criteria.ts";
import { guidOf } from "../../services/core/hunt/process-node.ts";
import { documentOf } from "../../services/core/ingest/document.ts";
import { ingestEvents } from "../../services/core/ingest/ingest-events.ts";
import { SEMANTICS } from "../../services/core/match/semantics.ts";
import { readEvent, type SysmonEvent } from "../../services/core/schema/index.ts";
import { makeHunter } from "../../services/runtime/hunter.ts";
import { sampleEvents } from "../../services/sample/index.ts";
import { allEvents, drawnCriteria, naively, searched, type Placed } from "../support/hunt-cases.ts";
import { sampleDocuments } from "../support/role-cluster.ts";

const sample = sampleDocuments(2500).map(({ source }, i) => ({ line: i + 1, text: source }));

let folder: string;
let journal: JournalStore;
const memory = new MemoryEventStore({ sealEvery: 500 });
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "stixsweep-hunt-"));
  journal = await openJournalStore({ folder, segmentEvents: 700, keysVersion: SEMANTICS });
  await ingestEvents(memory, "log", "log", [sample]);
  await ingestEvents(journal, "log", "log", [sample]);
}, 60_000);
afterAll(async () => {
  await journal.close();
  await rm(folder, { recursive: true });
});

describe.each([
  { name: "memory", store: () => memory },
  { name: "journal", store: () => journal },
])("a search of the $name store", ({ store }) => {
  test("finds what the specification finds, in its order, page by page", async () => {
    const all = await allEvents(store());
    expect(all.length).toBeGreaterThan(2000);
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(drawnCriteria(all), async (criteria) => {
        const want = naively(all, criteria);
        hits += want.length > 0 && want.length < 500 ? 1 : 0;
        const limit = want.length > 1000 ? 5000 : 400;
        const { places, totals } = await searched(store(), criteria, limit);
        expect(places).toEqual(want);
        expect([...totals]).toEqual([want.length]);
      }),
      { numRuns: 50, seed: 7 },
    );
    // Otherwise it would have shown little.
    expect(hits).toBeGreaterThan(15);
  }, 180_000);
});

test.each<{ name: string; criteria: Criteria }>([
  { name: "a STIX pattern", criteria: { pattern: "[process:name = 'vssadmin.exe']" } },
  { name: "a pattern and a field", criteria: { all: [{ pattern: "[process:name LIKE '%.exe']" }, { field: "EventId", op: "is", value: "3" }] } }, // prettier-ignore
  { name: "a denial", criteria: { not: { field: "EventId", op: "in", value: ["1", "3", "7"] } } },
])("$name is searched as specified", async ({ criteria }) => {
  const all: readonly Placed[] = await allEvents(journal);
  const want = naively(all, criteria);
  expect(want.length).toBeGreaterThan(0);
  expect((await searched(journal, criteria, 1000)).places).toEqual(want);
});

describe("bounds of a hunt", () => {
  test("what they cut off is told", async () => {
    const { searchEvents } = await import("../../services/core/hunt/search-events.ts");
    const { re2 } = await import("../../services/adapters/regex/re2.ts");
    const found = await searchEvents(
      { events: memory, elapsed: () => 0, regex: re2, compile: () => { throw new Error("none"); } }, // prettier-ignore
      { criteria: { field: "EventId", op: "exists" }, order: "desc", limit: 10 },
      { mostMs: 1000, mostEvents: 600 },
    );
    expect(found).toMatchObject({ complete: false, stoppedBy: "events" });
  });

  test("a partition that can't be read is told, and the others are searched", async () => {
    const broken = {
      partitions: async () => [...(await memory.partitions()), { id: "broken", bound: 5 }],
      gone: async () => [],
      limitations: () => [],
      read: (id: string, from: number, to: number) => {
        if (id === "broken") throw new Error("no");
        return memory.read(id, from, to);
      },
      search: () => {
        throw new Error("not asked");
      },
    };
    const found = await makeHunter(broken).search({
      criteria: { field: "EventId", op: "is", value: "1" },
      order: "asc",
      limit: 1,
    });
    expect(found.total).toBeGreaterThan(0);
    expect(found).toMatchObject({ complete: false, problems: ["broken: no"] });
  });
});

describe("the tree of the ransomware", () => {
  const isVssadmin = (event: SysmonEvent): boolean =>
    event.eventId === 1 &&
    (valuesOf(event, "Image")[0] ?? "").endsWith("\\vssadmin.exe") &&
    (valuesOf(event, "ParentImage")[0] ?? "").endsWith("\\cmd.exe");
  let host: string;
  let guid: string;
  const store = new MemoryEventStore();
  beforeAll(async () => {
    const documents = [...sampleEvents()];
    const events = documents.map((one) => readEvent(documentOf(one)));
    const at = events.findIndex((event) => event !== undefined && isVssadmin(event));
    host = events[at]?.host ?? "";
    guid = events[at]?.fields.get("ProcessGuid")?.[0]?.value ?? "";
    const own = documents.filter((_, i) => events[i]?.host === host);
    const text = own.map((one, i) => ({ line: i + 1, text: JSON.stringify(documentOf(one)) }));
    await ingestEvents(store, "log", "log", [text]);
  }, 60_000);

  test("shows what started it, up to the first process, and what it did", async () => {
    const tree = await makeHunter(store).tree({ host, guid, depth: 3, activities: 20 });
    expect(tree).toMatchObject({ complete: true, problems: [], focus: guidOf(guid) });
    const nodes = new Map(tree?.nodes.map((node) => [node.guid, node] as const));
    const line: string[] = [];
    for (let at = nodes.get(tree?.focus ?? ""); at !== undefined; at = nodes.get(at.parent ?? "")) {
      line.push(at.image.split("\\").at(-1) ?? "");
    }
    expect(line.slice(0, 2)).toEqual(["vssadmin.exe", "cmd.exe"]);
    expect(line).toContain("tasksche.exe");
    expect(nodes.get(tree?.root ?? "")).toMatchObject({ isInferred: true, parent: undefined });
  });

  test("from its first process on shows vssadmin below, and each child once", async () => {
    const hunter = makeHunter(store);
    const up = await hunter.tree({ host, guid, depth: 1, activities: 0 });
    const tasksche = up?.nodes.find(({ image }) => image.endsWith("\\tasksche.exe"));
    const tree = await hunter.tree({ host, guid: tasksche?.guid ?? "", depth: 5, activities: 5 });
    expect(tree?.nodes.map((node) => node.guid)).toContain(guidOf(guid));
    const children = tree?.nodes.flatMap((node) => node.children) ?? [];
    expect(new Set(children).size).toBe(children.length);
    for (const { activities, counts } of tree?.nodes ?? []) {
      for (const [eventId, count] of Object.entries(counts)) {
        const given = activities.filter((one) => one.eventId === Number(eventId));
        expect(given).toHaveLength(Math.min(count, 5));
      }
    }
  });

  test("of another host, or of no process, is none", async () => {
    const hunter = makeHunter(store);
    const query = { depth: 3, activities: 5 };
    expect(await hunter.tree({ ...query, host: "elsewhere", guid })).toBeUndefined();
    expect(await hunter.tree({ ...query, host, guid: "{00000000-0000-0000-0000-000000000000}" })).toBeUndefined(); // prettier-ignore
    expect(await hunter.tree({ ...query, host, guid: "' OR 1=1" })).toBeUndefined();
  });
});

describe("odd families", () => {
  const made = (own: string, parent: string, at: number): string =>
    JSON.stringify({
      "@timestamp": new Date(at).toISOString(),
      winlog: {
        provider_name: "Microsoft-Windows-Sysmon",
        event_id: 1,
        computer_name: "h",
        event_data: { UtcTime: new Date(at).toISOString(), ProcessGuid: own, ProcessId: "7", Image: `C:\\${own}.exe`, ParentProcessGuid: parent, ParentImage: "C:\\p.exe" }, // prettier-ignore
      },
    });
  async function treeOf(lines: readonly string[], guid: string, depth = 5) {
    const store = new MemoryEventStore();
    const all = lines.map((text, i) => ({ line: i + 1, text }));
    await ingestEvents(store, "log", "log", [all]);
    return makeHunter(store).tree({ host: "h", guid, depth, activities: 1 });
  }
  const id = (n: number): string => `${String(n).padStart(8, "0")}-1111-2222-3333-444444444444`;

  test("in a circle end", async () => {
    const tree = await treeOf([made(id(1), id(2), 1000), made(id(2), id(1), 2000)], id(1));
    expect(tree?.nodes.map(({ guid }) => guid).toSorted()).toEqual([id(1), id(2)]);
  });

  test("whose members are their own parents end", async () => {
    const tree = await treeOf([made(id(1), id(1), 1000)], id(1));
    expect(tree?.nodes).toHaveLength(1);
    expect(tree?.root).toBe(id(1));
  });

  test("with one process id for several processes keep them apart", async () => {
    const tree = await treeOf([made(id(1), id(9), 1000), made(id(2), id(1), 2000), made(id(3), id(1), 3000)], id(1)); // prettier-ignore
    expect(tree?.nodes.find(({ guid }) => guid === id(1))?.children).toEqual([id(2), id(3)]);
    expect(tree?.root).toBe(id(9));
    expect(tree?.nodes.find(({ guid }) => guid === id(9))).toMatchObject({ isInferred: true, image: "C:\\p.exe" }); // prettier-ignore
  });

  test("of twenty thousand children tell how many there are", async () => {
    const children = Array.from({ length: 20_000 }, (_, i) => made(id(i + 10), id(1), 2000 + i));
    const tree = await treeOf([made(id(1), id(9), 1000), ...children], id(1), 2);
    const focus = tree?.nodes.find(({ guid }) => guid === id(1));
    expect(focus?.childCount).toBe(20_000);
    expect(focus?.children).toHaveLength(200);
    expect(focus?.children[0]).toBe(id(10));
    expect(tree?.complete).toBe(true);
  }, 30_000);
});
