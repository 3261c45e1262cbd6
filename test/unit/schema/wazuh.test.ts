import { describe, expect, test } from "@jest/globals";
import { canonicalContent, readEvent } from "../../../services/core/schema/index.ts";

const channel = "Microsoft-Windows-Sysmon/Operational";
const system = { eventID: "1", channel, computer: "ws1.lab.example" };

function values(document: unknown, field: string): string[] | undefined {
  return readEvent(document)
    ?.fields.get(field)
    ?.map(({ value }) => value);
}

/** What stands in `eventdata` after the JSON is parsed, and what Sysmon wrote. */
const cases: { name: string; given: unknown; want: string[] | undefined }[] = [
  { name: "doubled backslashes", given: String.raw`C:\\Tools\\probe.exe`, want: [String.raw`C:\Tools\probe.exe`] }, // prettier-ignore
  { name: "escaped quotes", given: String.raw`\"C:\\Tools\\probe.exe\" --all`, want: [String.raw`"C:\Tools\probe.exe" --all`] }, // prettier-ignore
  { name: "a backslash before a quote", given: String.raw`dir \"C:\\a b\\\"`, want: [String.raw`dir "C:\a b\"`] }, // prettier-ignore
  { name: "two backslashes before a share", given: String.raw`\\\\files\\share`, want: [String.raw`\\files\share`] }, // prettier-ignore
  { name: "a single backslash stays", given: String.raw`C:\Tools\probe.exe`, want: [String.raw`C:\Tools\probe.exe`] }, // prettier-ignore
  { name: "one pass only", given: String.raw`\\\\\\\\`, want: [String.raw`\\\\`] },
  { name: "each text of a list", given: [String.raw`a\\b`, String.raw`c\\d`], want: [String.raw`a\b`, String.raw`c\d`] }, // prettier-ignore
  { name: "no backslash", given: "probe.exe", want: ["probe.exe"] },
  { name: "a number", given: 7, want: ["7"] },
  { name: "nothing", given: "-", want: undefined },
];

describe("Wazuh's second escaping is taken back", () => {
  test.each(cases)("$name", ({ given, want }) => {
    const eventdata = { commandLine: given };
    expect(values({ data: { win: { system, eventdata } } }, "CommandLine")).toEqual(want);
    expect(values({ win: { system, eventdata } }, "CommandLine")).toEqual(want);
  });

  test("the event is the one that another collector ships", () => {
    const wazuh = readEvent({ data: { win: { system, eventdata: { image: String.raw`C:\\a\\b.exe`, user: String.raw`LAB\\ann` } } } }); // prettier-ignore
    const raw = readEvent({ winlog: { event_id: 1, channel, event_data: { Image: String.raw`C:\a\b.exe`, User: String.raw`LAB\ann` } } }); // prettier-ignore
    if (wazuh === undefined || raw === undefined) throw new Error("no event");
    expect(canonicalContent(wazuh)).toBe(canonicalContent(raw));
  });
});

describe("other places keep their backslashes", () => {
  const text = String.raw`\\files\share \"a\"`;
  test.each([
    { name: "Winlogbeat", given: { winlog: { event_id: 1, channel, event_data: { CommandLine: text } } } }, // prettier-ignore
    { name: "flat", given: { EventID: 1, Channel: channel, Image: "a.exe", UtcTime: "2024-05-06 07:08:09.123", CommandLine: text } }, // prettier-ignore
    { name: "EVTX export", given: { Event: { System: { EventID: 1, Channel: channel }, EventData: { CommandLine: text } } } }, // prettier-ignore
  ])("$name", ({ given }) => expect(values(given, "CommandLine")).toEqual([text]));

  test("Wazuh's system part", () => {
    const computer = String.raw`ws\\1`;
    const document = { win: { system: { ...system, computer }, eventdata: {} } };
    expect(readEvent(document)?.host).toBe(computer);
  });
});
