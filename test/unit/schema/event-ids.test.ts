import { describe, expect, test } from "@jest/globals";
import type { ObjectPath, PathStep } from "stix2-ts";
import {
  canonicalContent,
  documentFields,
  eventIdsFor,
  fieldNames,
  readEvent,
  sysmonFields,
} from "../../../services/core/schema/index.ts";
import { eventNames } from "../../../services/core/schema/sysmon-fields.ts";
import { pathText } from "../../../services/core/schema/not-coverable.ts";

/** Reads a path that has no dots or brackets in its keys. */
function path(text: string): ObjectPath {
  const [objectType = "", rest = ""] = text.split(":");
  const steps = rest.split(/\.|(?=\[)/).map((step): PathStep => {
    if (!step.startsWith("[")) return { kind: "key", name: step.replaceAll("'", "") };
    const index = step.slice(1, -1);
    return { kind: "index", index: index === "*" ? "*" : Number(index) };
  });
  return { objectType, steps };
}

const withImage = [1, 2, 3, 5, 7, 9, 11, 12, 13, 14, 15, 17, 18, 22, 23, 24, 25, 26, 27, 28, 29];
const hashed = [1, 6, 7, 15, 23, 26, 27, 28, 29];

describe("eventIdsFor", () => {
  const cases: { given: string; want: readonly number[] }[] = [
    { given: "process:command_line", want: [1, 20] },
    { given: "process:name", want: [...withImage, 8, 10] },
    { given: "process:image_ref.name", want: [...withImage, 8, 10] },
    { given: "process:binary_ref.name", want: [...withImage, 8, 10] },
    { given: "process:image_ref.hashes.MD5", want: [1] },
    { given: "process:parent_ref.command_line", want: [1] },
    { given: "process:parent_ref.image_ref.name", want: [1] },
    { given: "process:creator_user_ref.user_id", want: [...withImage, 8, 10] },
    { given: "process:opened_connection_refs[*].dst_ref.value", want: [3] },
    { given: "process:extensions.'windows-process-ext'.integrity_level", want: [1] },
    { given: "file:hashes.MD5", want: hashed },
    { given: "file:hashes.'SHA-256'", want: hashed },
    { given: "file:hashes.'sha256'", want: hashed },
    { given: "file:hashes.SHA1", want: hashed },
    { given: "file:hashes.'SHA-512'", want: [] },
    { given: "file:hashes", want: hashed },
    { given: "file:size", want: [] },
    { given: "file:parent_directory_ref.path", want: [...withImage, 6, 8, 10, 16] },
    { given: "file:extensions.'ntfs-ext'.alternate_data_streams[*].name", want: [15] },
    { given: "file:extensions.'ntfs-ext'.alternate_data_streams[0].name", want: [15] },
    { given: "directory:path", want: [...withImage, 6, 8, 10, 16] },
    { given: "network-traffic:dst_ref.value", want: [3] },
    { given: "network-traffic:dst_ref.type", want: [3] },
    { given: "network-traffic:protocols[*]", want: [3] },
    { given: "network-traffic:protocols[0]", want: [3] },
    { given: "network-traffic:end", want: [] },
    { given: "ipv4-addr:value", want: [3, 22] },
    { given: "domain-name:value", want: [3, 22] },
    { given: "domain-name:resolves_to_refs[*].value", want: [3, 22] },
    { given: "domain-name:resolves_to_refs[0].value", want: [3, 22] },
    { given: "url:value", want: [15] },
    { given: "windows-registry-key:key", want: [12, 13, 14] },
    { given: "windows-registry-key:values[*].name", want: [12, 13, 14] },
    { given: "windows-registry-key:values[0].data", want: [13] },
    { given: "windows-registry-key:values.data", want: [13] },
    { given: "network-traffic:protocols", want: [3] },
    { given: "file:hashes.MD5.x", want: [] },
    { given: "windows-registry-key:values[0][0].data", want: [] },
    { given: "artifact:hashes.MD5", want: [24] },
    { given: "email-addr:value", want: [] },
    { given: "constructor:name", want: [] },
    { given: "file:constructor", want: [] },
  ];
  test.each(cases)("$given", ({ given, want }) => {
    expect([...eventIdsFor(path(given))]).toEqual([...want].toSorted((a, b) => a - b));
    expect(pathText(path(given))).toBe(given.replace("'sha256'", "sha256"));
  });
});

describe("fieldNames", () => {
  const cases = [
    { given: "Image", want: ["winlog.event_data.Image", "event_data.Image", "data.win.eventdata.image", "win.eventdata.image", "Event.EventData.Image", "EventData.Image", "Image", "process.executable"] }, // prettier-ignore
    { given: "MD5", want: ["winlog.event_data.Hashes", "winlog.event_data.Hash", "data.win.eventdata.hashes", "process.hash.md5", "file.hash.md5"] }, // prettier-ignore
    { given: "SourceProcessGuid", want: ["winlog.event_data.SourceProcessGUID", "data.win.eventdata.sourceProcessGuid", "process.entity_id"] }, // prettier-ignore
    { given: "Nothing", want: [] },
  ];
  test.each(cases)("$given", ({ given, want }) => {
    expect(fieldNames(given)).toEqual(expect.arrayContaining(want));
  });
  test("say in which form the value is written", () => {
    const forms = new Map(documentFields("MD5").map(({ name, form }) => [name, form]));
    expect(forms.get("winlog.event_data.Hashes")).toBe("hash-list");
    expect(forms.get("process.hash.md5")).toBe("value");
  });
  test("every canonical field has some, every event a name", () => {
    const without = [...sysmonFields.values()]
      .flat()
      .filter((name) => fieldNames(name).length === 0);
    expect(without).toEqual([]);
    expect([...eventNames.keys()]).toEqual([...sysmonFields.keys()]);
    expect(sysmonFields.size).toBe(30);
  });
});

describe("canonicalContent", () => {
  const content = (fields: object): string => {
    const event = readEvent({ UtcTime: "2024-05-06 07:08:09.123", EventID: 19, Channel: "Microsoft-Windows-Sysmon/Operational", ...fields }); // prettier-ignore
    return event === undefined ? "none" : canonicalContent(event);
  };
  const cases = [
    { name: "field order", given: [{ Name: "a", Query: "b" }, { Query: "b", Name: "a" }], want: true }, // prettier-ignore
    { name: "absent and empty", given: [{ Name: "a" }, { Name: "a", Query: "-", User: "" }], want: true }, // prettier-ignore
    { name: "rule name and message", given: [{ Name: "a" }, { Name: "a", RuleName: "r", Message: "m" }], want: true }, // prettier-ignore
    { name: "another value", given: [{ Name: "a" }, { Name: "b" }], want: false },
    { name: "another field", given: [{ Name: "a" }, { Query: "a" }], want: false },
    { name: "a value that looks like two fields", given: [{ Name: "a", Query: "b" }, { Name: "a\nQuery=b" }], want: false }, // prettier-ignore
    { name: "an escape that looks like a line break", given: [{ Name: "a\nb" }, { Name: "a\\nb" }], want: false }, // prettier-ignore
  ];
  test.each(cases)("$name", ({ given: [a = {}, b = {}], want }) => {
    expect(content(a) === content(b)).toBe(want);
    expect(content(a)).not.toBe("none");
  });
});
