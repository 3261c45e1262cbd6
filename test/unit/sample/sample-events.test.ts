import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { sampleEvents } from "../../../services/sample/index.ts";
import { plannedStream } from "../../../services/sample/planned-stream.ts";
import { sampleSettings } from "../../../services/sample/sample-event.ts";
import { eventIdOf, layoutOf } from "./document-values.ts";

const documents = [...sampleEvents()];
const planned = [...plannedStream(sampleSettings())];

function digest(options?: Parameters<typeof sampleEvents>[0]): string {
  const hash = createHash("sha256");
  for (const document of sampleEvents(options)) hash.update(`${JSON.stringify(document)}\n`);
  return hash.digest("hex");
}

describe("the stream of sample events", () => {
  test("is the same, byte for byte, on every machine", () => {
    expect(digest()).toBe("7bae5fcd75de8092e023c9e8972ab9dfdad4df58f3788f64d44fc1f7494510eb");
    expect(digest({ seed: 2, scale: 0.1 })).toBe(digest({ seed: 2, scale: 0.1 }));
    expect(digest({ seed: 2, scale: 0.1 })).not.toBe(digest({ seed: 3, scale: 0.1 }));
  });

  test("has about 40,000 events with ids of their own", () => {
    expect(documents.length).toBe(40_618);
    expect(new Set(documents.map(({ _id }) => _id)).size).toBe(documents.length);
  });

  test("comes in the order of arrival, one in a hundred late", () => {
    let last = 0;
    let late = 0;
    let backward = 0;
    for (const { arrival, event } of planned) {
      if (arrival < last) backward += 1;
      last = arrival;
      if (arrival > event.time) late += 1;
    }
    expect(backward).toBe(0);
    expect(late / planned.length).toBeGreaterThan(0.008);
    expect(late / planned.length).toBeLessThan(0.012);
  });

  test("numbers the records of a host in the order of their times, without a gap", () => {
    const byHost = Map.groupBy(planned, ({ event }) => event.computer);
    expect(byHost.size).toBe(36);
    for (const events of byHost.values()) {
      const inOrder = events.toSorted((a, b) => a.event.recordId - b.event.recordId);
      const wrong = inOrder.filter(
        ({ event }, i) =>
          event.recordId !== 1001 + i || event.time < (inOrder[i - 1]?.event.time ?? 0),
      );
      expect(wrong).toEqual([]);
    }
  });

  test("has the skew of real logs", () => {
    const counts = new Map<number, number>();
    for (const { _source } of documents) {
      const id = eventIdOf(_source);
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const byCount = [...counts].toSorted((a, b) => b[1] - a[1]).map(([id]) => id);
    expect(new Set(byCount.slice(0, 9))).toEqual(new Set([7, 10, 11, 12, 13, 3, 22, 1, 5]));
    expect(byCount.slice(0, 2)).toEqual([7, 10]);
    const all = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 255]; // prettier-ignore
    expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual(all);
  });

  test("is quiet at night and busy in office hours", () => {
    const hours = Array.from({ length: 24 }, () => 0);
    for (const { event, hits } of planned) {
      if (hits.length > 0) continue;
      const hour = new Date(event.time).getUTCHours();
      hours[hour] = (hours[hour] ?? 0) + 1;
    }
    expect(hours[9]).toBeGreaterThan(10 * (hours[3] ?? 0));
  });

  test("keeps each host to one layout", () => {
    const layouts = new Map<string, Set<string>>();
    for (const [i, { _source }] of documents.entries()) {
      const computer = planned[i]?.event.computer ?? "";
      layouts.set(computer, (layouts.get(computer) ?? new Set()).add(layoutOf(_source)));
    }
    const named = [...layouts.values()].map((set) => [...set].join("+"));
    const count = (layout: string): number => named.filter((name) => name === layout).length;
    expect({
      raw: count("raw"),
      ecs: count("ecs"),
      wazuh: count("wazuh"),
      flat: count("flat"),
    }).toEqual({ raw: 26, ecs: 6, wazuh: 2, flat: 2 });
  });

  test("creates a process before it acts, under one GUID, pid and user", () => {
    const seen = new Map<string, string>();
    const ended = new Set<string>();
    const wrong: unknown[] = [];
    for (const { event } of planned.toSorted((x, y) => x.event.time - y.event.time)) {
      const { ProcessGuid, ProcessId, Image } = event.fields;
      if (ProcessGuid === undefined) continue;
      const facts = `${ProcessId}|${Image}`;
      const known = seen.get(ProcessGuid);
      if (event.eventId === 1 ? known !== undefined : (known ?? facts) !== facts) wrong.push(event);
      if (ended.has(ProcessGuid)) wrong.push(event);
      if (event.eventId === 5) ended.add(ProcessGuid);
      seen.set(ProcessGuid, facts);
    }
    expect(wrong).toEqual([]);
    expect(ended.size).toBeGreaterThan(1000);
  });

  test("grows with days, hosts and scale", () => {
    const count = (options: Parameters<typeof sampleEvents>[0]): number =>
      [...sampleEvents(options)].length;
    const small = count({ hosts: 9, days: 2, scale: 0.1 });
    expect(count({ hosts: 16, days: 2, scale: 0.1 })).toBeGreaterThan(small);
    expect(count({ hosts: 9, days: 4, scale: 0.1 })).toBeGreaterThan(small);
    expect(count({ hosts: 9, days: 2, scale: 1 })).toBeGreaterThan(2 * small);
  });

  test.each([{ hosts: 8 }, { days: 1 }, { scale: -1 }])("refuses %j", (options) => {
    expect(() => [...sampleEvents(options)]).toThrow(RangeError);
  });
});
