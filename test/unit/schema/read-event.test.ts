import { describe, expect, test } from "@jest/globals";
import {
  canonicalContent,
  layoutNames,
  observe,
  readEvent,
} from "../../../services/core/schema/index.ts";
import { arrangements, ecsEvents, processCreation } from "./documents.ts";

const flatOf = (document: unknown): Record<string, string[]> =>
  Object.fromEntries(
    [...(readEvent(document)?.fields ?? [])].map(([k, list]) => [k, list.map((v) => v.value)]),
  );
const sysmon = "Microsoft-Windows-Sysmon/Operational";

describe("a process creation in each layout", () => {
  const want = readEvent(arrangements[0]?.lay(1, processCreation));
  test.each(arrangements)("$name", ({ layout, lay }) => {
    const event = readEvent(lay(1, processCreation));
    expect(event).toMatchObject({
      layout,
      eventId: 1,
      host: "ws1.lab.example",
      channel: sysmon,
      recordId: "77",
      time: Date.UTC(2024, 4, 6, 7, 8, 9, 123),
    });
    if (event === undefined || want === undefined) return;
    expect(canonicalContent(event)).toBe(canonicalContent(want));
    expect(canonicalContent(event)).toContain("\nProcessId=4321");
    expect(observe(event).observation).toEqual(observe(want).observation);
  });
  test("every layout but ECS is among them", () => {
    expect(new Set([...arrangements.map(({ layout }) => layout), "ecs"])).toEqual(
      new Set(layoutNames),
    );
  });
});

describe("ECS gives what the raw event gives", () => {
  test.each(ecsEvents)("$name", ({ eventId, fields, document }) => {
    const event = readEvent(document);
    const raw = readEvent(
      arrangements[1]?.lay(eventId, { UtcTime: "2024-05-06 07:08:09.123", ...fields }),
    );
    expect(event).toMatchObject({ layout: "ecs", eventId, host: raw?.host, time: raw?.time });
    if (event === undefined || raw === undefined) return;
    expect(canonicalContent(event)).toBe(canonicalContent(raw));
    expect(observe(event).observation).toEqual(observe(raw).observation);
  });
});

describe("field names are the document's", () => {
  const cases = [
    { name: "raw", given: arrangements[1]?.lay(1, processCreation), field: "MD5", want: "winlog.event_data.Hashes" }, // prettier-ignore
    { name: "ECS", given: ecsEvents[0]?.document, field: "MD5", want: "process.hash.md5" },
    { name: "Wazuh", given: arrangements[3]?.lay(1, processCreation), field: "CommandLine", want: "data.win.eventdata.commandLine" }, // prettier-ignore
    { name: "list of Data", given: arrangements[6]?.lay(1, processCreation), field: "Image", want: "Event.EventData.Data[Image]" }, // prettier-ignore
    { name: "flat", given: arrangements[11]?.lay(1, processCreation), field: "Image", want: "Image" }, // prettier-ignore
    { name: "answers", given: ecsEvents[6]?.document, field: "QueryResults", want: "dns.answers" },
  ];
  test.each(cases)("$name", ({ given, field, want }) => {
    expect(readEvent(given)?.fields.get(field)?.[0]?.name).toBe(want);
  });
});

describe("documents that are no Sysmon events", () => {
  const cases: { name: string; given: unknown }[] = [
    { name: "undefined", given: undefined },
    { name: "null", given: null },
    { name: "text", given: "EventID" },
    { name: "number", given: 1 },
    { name: "list", given: [{ EventID: 1, Channel: sysmon }] },
    { name: "empty", given: {} },
    { name: "flat Security event", given: { EventID: 1, Channel: "Security", SourceName: "Microsoft-Windows-Security-Auditing", Image: "x" } }, // prettier-ignore
    { name: "ECS of another provider", given: { event: { code: "1", module: "apache", dataset: "apache.access" }, process: { executable: "x" } } }, // prettier-ignore
    { name: "no provider", given: { winlog: { event_id: 1, event_data: { Image: "x" } } } },
    { name: "unknown event id", given: { winlog: { event_id: 30, channel: sysmon } } },
    { name: "event id is no number", given: { winlog: { event_id: {}, channel: sysmon } } },
    { name: "inherited names", given: { winlog: { event_id: "constructor", channel: sysmon } } },
  ];
  test.each(cases)("$name", ({ given }) => expect(readEvent(given)).toBeUndefined());
});

describe("odd documents do no harm", () => {
  const deep = (depth: number): unknown => (depth === 0 ? 1 : { "a.b": deep(depth - 1) });
  const cases: { name: string; given: Record<string, unknown>; want: Record<string, string[]> }[] =
    [
      { name: "no data", given: {}, want: {} },
      { name: "data of wrong types", given: { event_data: 7, "x.y": deep(2000) }, want: {} },
      { name: "broken JSON", given: { event_data: '{"Image":' }, want: {} },
      {
        name: "null, empty, dash, objects, nested lists, zero GUID",
        given: {
          event_data: {
            Image: null,
            User: "-",
            ProcessId: { a: 1 },
            UtcTime: [["2024"]],
            ProcessGuid: "{00000000-0000-0000-0000-000000000000}",
          },
        },
        want: {},
      },
      {
        name: "numbers, booleans, lists",
        given: { event_data: { ProcessId: 5, Image: ["a.exe", "b.exe"], User: true } },
        want: { ProcessId: ["5"], Image: ["a.exe", "b.exe"], User: ["true"] },
      },
      {
        name: "dotted key below a nested one",
        given: { winlog: { "event_data.Image": "a.exe", event_data: { User: "u" } } },
        want: { Image: ["a.exe"], User: ["u"] },
      },
      { name: "key __proto__", given: JSON.parse('{"__proto__.x":1,"event_data":{"User":"u"}}'), want: { User: ["u"] } }, // prettier-ignore
    ];
  test.each(cases)("$name", ({ given, want }) => {
    expect(flatOf({ event_id: 5, log_name: sysmon, ...given })).toEqual(want);
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  });
});

describe("special cases", () => {
  const flat = (fields: object): object => ({ EventID: 13, Channel: sysmon, ...fields });
  const cases: { name: string; given: unknown; want: Record<string, unknown> }[] = [
    {
      name: "NXLog's severity is not Sysmon's EventType",
      given: flat({ UtcTime: "2024-05-06 07:08:09.123", EventType: "INFO", EventTypeOrignal: "SetValue" }), // prettier-ignore
      want: { EventType: ["SetValue"] },
    },
    {
      name: "overwritten EventType",
      given: flat({ Image: "a.exe", EventTypeOrignal: "INFO" }),
      want: { EventType: undefined },
    },
    {
      name: "raw and ECS in one document",
      given: {
        event: { code: "1", module: "sysmon" },
        process: { executable: "C:\\ecs.exe", pid: 3 },
        winlog: { event_data: { Image: "C:\\raw.exe" } },
      },
      want: { Image: ["C:\\raw.exe"], ProcessId: ["3"] },
    },
    {
      name: "the service's own pid and user are not the event's",
      given: {
        process: { pid: 1048 },
        user: { name: "SYSTEM" },
        winlog: { event_id: 5, channel: sysmon, event_data: { Image: "a.exe" } },
      },
      want: { ProcessId: undefined, User: undefined },
    },
    {
      name: "a last answer is whole without its semicolon; names of name servers, mail and service hosts",
      given: { winlog: { event_id: 22, channel: sysmon, event_data: { QueryResults: "type:  15 10 mx.example;type:  2 ns.example;type:  33 1 2 443 s.example;5.6.7.8" } } }, // prettier-ignore
      want: { QueryResults: ["mx.example", "ns.example", "s.example", "5.6.7.8"] },
    },
    {
      name: "a cut answer is left out",
      given: { winlog: { event_id: 22, channel: sysmon, event_data: { QueryResults: "type:  5 a.example;::ffff:192.0.2.1;198.51.10" } } }, // prettier-ignore
      want: { QueryResults: ["a.example", "192.0.2.1"] },
    },
    {
      name: "hash without a name",
      given: { winlog: { event_id: 15, channel: sysmon, event_data: { Hash: "a".repeat(40) } } },
      want: { SHA1: ["a".repeat(40)] },
    },
  ];
  test.each(cases)("$name", ({ given, want }) => {
    const fields = flatOf(given);
    for (const [name, value] of Object.entries(want)) expect(fields[name]).toEqual(value);
  });

  test.each([
    { name: "EVTX text", given: "2024-05-06 07:08:09.123456 UTC", want: 123 },
    { name: "no fraction", given: "2024-05-06T07:08:09Z", want: 0 },
    { name: "offset", given: "2024-05-06T09:08:09.5+02:00", want: 500 },
    { name: "no zone is UTC", given: "2024-05-06 07:08:09", want: 0 },
  ])("record time: $name", ({ given, want }) => {
    const event = readEvent({ EventID: 4, Channel: sysmon, TimeCreated: given });
    expect(event?.time).toBe(Date.UTC(2024, 4, 6, 7, 8, 9, want));
  });
});
