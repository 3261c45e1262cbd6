import { describe, expect, test } from "@jest/globals";
import { observe, readEvent, type ObservedEvent } from "../../../services/core/schema/index.ts";
import { processCreation } from "./documents.ts";

function observed(eventId: number, fields: object): ObservedEvent {
  const event = readEvent({
    winlog: {
      event_id: eventId,
      channel: "Microsoft-Windows-Sysmon/Operational",
      computer_name: "ws1",
      event_data: { UtcTime: "2024-05-06 07:08:09.123", ...fields },
    },
  });
  if (event === undefined) throw new Error("no event");
  return observe(event);
}

const image = { Image: "C:\\a\\b.exe" };
const process = {
  type: "process",
  name: "b.exe",
  image_ref: "file:image",
  binary_ref: "file:image",
};
const zone = "[ZoneTransfer]  ZoneId=3  ReferrerUrl=https://a.example/  HostUrl=https://b.example/x.exe "; // prettier-ignore

/** Objects that must stand among those made; `undefined`: no such object. */
const cases: { name: string; given: [number, object]; want: Record<string, unknown> }[] = [
  {
    name: "1: process, image, parent, user",
    given: [1, processCreation],
    want: {
      process: {
        type: "process",
        pid: 4321,
        name: "probe.exe",
        command_line: '"C:\\Tools\\probe.exe" --all',
        cwd: "C:\\Users\\ann\\",
        created_time: "2024-05-06T07:08:09.123Z",
        created: "2024-05-06T07:08:09.123Z",
        extensions: { "windows-process-ext": { integrity_level: "high" } },
        x_integrity_level: "High",
        x_process_guid: "11111111-2222-3333-4444-55555555aaaa",
        x_logon_id: "0x3e7",
        image_ref: "file:image",
        binary_ref: "file:image",
        creator_user_ref: "user-account",
        parent_ref: "process:parent",
      },
      "file:image": {
        type: "file",
        name: "probe.exe",
        path: "C:\\Tools\\probe.exe",
        x_path: "C:\\Tools\\probe.exe",
        x_misp_fullpath: "C:\\Tools\\probe.exe",
        hashes: { MD5: "b".repeat(32), "SHA-1": "a".repeat(40), "SHA-256": "c".repeat(64) },
        x_original_file_name: "probe.exe",
        x_company: "Example Ltd",
        parent_directory_ref: "directory:image",
      },
      "directory:image": { type: "directory", path: "C:\\Tools" },
      "user-account": {
        type: "user-account",
        user_id: "LAB\\ann",
        account_login: "ann",
        display_name: "ann",
        x_domain: "LAB",
      },
      "process:parent": {
        type: "process",
        pid: 99,
        name: "explorer.exe",
        command_line: "explorer.exe",
        x_process_guid: "11111111-2222-3333-4444-55555555bbbb",
        image_ref: "file:parent",
        binary_ref: "file:parent",
      },
    },
  },
  {
    name: "3: both ends, by address and by name",
    given: [
      3,
      {
        ...image,
        Protocol: "TCP",
        SourceIp: "::ffff:192.0.2.1",
        SourcePort: 50000,
        DestinationIp: "2001:db8:0:0:0:0:0:7",
        DestinationHostname: "c2.example",
        DestinationPort: "443",
      },
    ],
    want: {
      process: { ...process, opened_connection_refs: ["network-traffic", "network-traffic:names"] },
      "network-traffic": {
        type: "network-traffic",
        src_port: 50000,
        dst_port: 443,
        protocols: ["ipv6", "tcp"],
        src_ref: "ipv4-addr:source",
        dst_ref: "ipv6-addr:destination",
      },
      "network-traffic:names": {
        type: "network-traffic",
        src_port: 50000,
        dst_port: 443,
        protocols: ["ipv6", "tcp"],
        dst_ref: "domain-name:destination",
      },
      "ipv4-addr:source": { type: "ipv4-addr", value: "192.0.2.1" },
      "ipv6-addr:source": undefined,
      "ipv6-addr:destination": { type: "ipv6-addr", value: "2001:db8:0:0:0:0:0:7" },
      "domain-name:destination": {
        type: "domain-name",
        value: "c2.example",
        resolves_to_refs: ["ipv6-addr:destination"],
      },
    },
  },
  {
    name: "3: without host names there is one network-traffic",
    given: [3, { DestinationIp: "192.0.2.1", DestinationHostname: "-", DestinationPort: "1" }],
    want: { "network-traffic:names": undefined, "domain-name:destination": undefined },
  },
  {
    name: "6: driver",
    given: [6, { ImageLoaded: "C:\\d.sys", Hashes: `SHA256=${"F".repeat(64)}`, Signed: "false" }],
    want: {
      "file:loaded": expect.objectContaining({
        name: "d.sys",
        hashes: { "SHA-256": "f".repeat(64) },
        x_signed: "false",
      }),
      "directory:loaded": { type: "directory", path: "C:\\" },
      process: undefined,
    },
  },
  {
    name: "7: hashes are the library's, not the process's",
    given: [7, { ...image, ImageLoaded: "C:\\x\\l.dll", Hashes: `MD5=${"A".repeat(32)}` }],
    want: {
      "file:loaded": expect.objectContaining({ name: "l.dll", hashes: { MD5: "a".repeat(32) } }),
      "file:image": {
        type: "file",
        name: "b.exe",
        path: "C:\\a\\b.exe",
        x_path: "C:\\a\\b.exe",
        x_misp_fullpath: "C:\\a\\b.exe",
        parent_directory_ref: "directory:image",
      },
    },
  },
  {
    name: "8: source, target, thread",
    given: [
      8,
      {
        SourceImage: "C:\\s.exe",
        SourceProcessId: "1",
        TargetImage: "C:\\t.exe",
        TargetProcessGuid: "{AB}",
        StartFunction: "LoadLibraryW",
      },
    ],
    want: {
      "process:source": expect.objectContaining({ name: "s.exe", pid: 1 }),
      "process:target": expect.objectContaining({ name: "t.exe", x_process_guid: "ab" }),
      "x-windows-remote-thread": {
        type: "x-windows-remote-thread",
        start_function: "LoadLibraryW",
        source_ref: "process:source",
        target_ref: "process:target",
      },
    },
  },
  {
    name: "9: device",
    given: [9, { ...image, Device: "\\Device\\HarddiskVolume1" }],
    want: { "x-windows-device": { type: "x-windows-device", name: "\\Device\\HarddiskVolume1" } },
  },
  {
    name: "11: target file beside the image",
    given: [11, { ...image, TargetFilename: "D:\\t\\new.txt" }],
    want: {
      process,
      "file:target": expect.objectContaining({
        name: "new.txt",
        parent_directory_ref: "directory:target",
      }),
    },
  },
  {
    name: "12: a key is no value",
    given: [12, { EventType: "CreateKey", TargetObject: "HKLM\\Software\\Run" }],
    want: {
      "windows-registry-key:target-full": {
        type: "windows-registry-key",
        key: "HKEY_LOCAL_MACHINE\\Software\\Run",
      },
      "windows-registry-key:target-logged": {
        type: "windows-registry-key",
        key: "HKLM\\Software\\Run",
      },
      "windows-registry-key:target-full-value": undefined,
    },
  },
  {
    name: "13: number as decimal, hexadecimal and logged; the user's own hive",
    given: [
      13,
      {
        EventType: "SetValue",
        TargetObject: "HKU\\S-1-5-21-1-2-3-1001\\Software\\Flag",
        Details: "DWORD (0x0000002a)",
      },
    ],
    want: {
      "windows-registry-key:target-user-value": {
        type: "windows-registry-key",
        key: "HKEY_CURRENT_USER\\Software",
        values: [
          { name: "Flag", data: "42", data_type: "REG_DWORD" },
          { name: "Flag", data: "0x0000002a", data_type: "REG_DWORD" },
          { name: "Flag", data: "DWORD (0x0000002a)", data_type: "REG_DWORD" },
        ],
      },
      "windows-registry-key:target-full": {
        type: "windows-registry-key",
        key: "HKEY_USERS\\S-1-5-21-1-2-3-1001\\Software\\Flag",
      },
    },
  },
  {
    name: "13: texts and the default value",
    given: [13, { TargetObject: "HKCR\\x\\(Default)", Details: "%TEMP%\\a.exe" }],
    want: {
      "windows-registry-key:target-full-value": {
        type: "windows-registry-key",
        key: "HKEY_CLASSES_ROOT\\x",
        values: [
          { name: "", data: "%TEMP%\\a.exe", data_type: "REG_SZ" },
          { name: "", data: "%TEMP%\\a.exe", data_type: "REG_EXPAND_SZ" },
        ],
      },
    },
  },
  {
    name: "13: QWORD",
    given: [13, { TargetObject: "HKLM\\a\\b", Details: "QWORD (0x00000001-0x00000002)" }],
    want: {
      "windows-registry-key:target-full-value": expect.objectContaining({
        values: [
          { name: "b", data: "4294967298", data_type: "REG_QWORD" },
          { name: "b", data: "0x0000000100000002", data_type: "REG_QWORD" },
          { name: "b", data: "QWORD (0x00000001-0x00000002)", data_type: "REG_QWORD" },
        ],
      }),
    },
  },
  {
    name: "14: new name",
    given: [14, { EventType: "RenameKey", TargetObject: "HKLM\\a", NewName: "HKLM\\b" }],
    want: {
      "windows-registry-key:new-name-full": {
        type: "windows-registry-key",
        key: "HKEY_LOCAL_MACHINE\\b",
      },
      "windows-registry-key:new-name-full-value": undefined,
    },
  },
  {
    name: "15: stream, hashes, addresses of the download",
    given: [
      15,
      { TargetFilename: "C:\\d\\x.exe:Zone.Identifier", Hash: `MD5=${"1".repeat(32)}`, Contents: zone }, // prettier-ignore
    ],
    want: {
      "file:target": expect.objectContaining({
        name: "x.exe",
        path: "C:\\d\\x.exe",
        hashes: { MD5: "1".repeat(32) },
        extensions: { "ntfs-ext": { alternate_data_streams: [{ name: "Zone.Identifier" }] } },
      }),
      "url:zone:0": { type: "url", value: "https://a.example/" },
      "url:zone:1": { type: "url", value: "https://b.example/x.exe" },
    },
  },
  {
    name: "17: pipe",
    given: [17, { ...image, PipeName: "\\probe" }],
    want: { "x-windows-pipe": { type: "x-windows-pipe", name: "probe", path: "\\probe" } },
  },
  {
    name: "19: WMI filter without quotation marks",
    given: [19, { Name: ' "Evil"', EventNamespace: ' "root/cimv2"', Query: ' "SELECT 1"' }],
    want: {
      "x-wmi-event-filter": {
        type: "x-wmi-event-filter",
        name: "Evil",
        namespace: "root/cimv2",
        query: "SELECT 1",
      },
    },
  },
  {
    name: "20: a command line consumer is a process",
    given: [20, { Name: "n", Type: "Command Line", Destination: ' "cmd.exe /c x"' }],
    want: { "process:wmi-consumer": { type: "process", command_line: "cmd.exe /c x" } },
  },
  {
    name: "20: a script consumer is none",
    given: [20, { Type: "Script", Destination: "x" }],
    want: { "process:wmi-consumer": undefined },
  },
  {
    name: "21: binding",
    given: [21, { Consumer: ' "c"', Filter: ' "f"' }],
    want: { "x-wmi-binding": { type: "x-wmi-binding", consumer: "c", filter: "f" } },
  },
  {
    name: "22: name, alias and addresses",
    given: [
      22,
      {
        QueryName: "www.example",
        QueryResults: "type:  5 edge.example;::ffff:192.0.2.9;192.0.2.10;2001:db8::1;fe8",
      },
    ],
    want: {
      "domain-name:query": {
        type: "domain-name",
        value: "www.example",
        resolves_to_refs: [
          "ipv4-addr:answer:0",
          "ipv4-addr:answer:1",
          "ipv6-addr:answer:0",
          "domain-name:answer:0",
        ],
      },
      "domain-name:answer:0": { type: "domain-name", value: "edge.example" },
      "ipv4-addr:answer:0": { type: "ipv4-addr", value: "192.0.2.9" },
      "ipv4-addr:answer:1": { type: "ipv4-addr", value: "192.0.2.10" },
      "ipv6-addr:answer:0": { type: "ipv6-addr", value: "2001:db8::1" },
      "ipv6-addr:answer:1": undefined,
    },
  },
  {
    name: "23: deleted file with hashes",
    given: [23, { ...image, TargetFilename: "C:\\g", Hashes: `MD5=${"2".repeat(32)}` }],
    want: {
      "file:target": expect.objectContaining({ name: "g", hashes: { MD5: "2".repeat(32) } }),
    },
  },
  {
    name: "24: clipboard",
    given: [24, { ...image, Hashes: `MD5=${"3".repeat(32)}`, Session: "2" }],
    want: {
      "artifact:clipboard": { type: "artifact", hashes: { MD5: "3".repeat(32) }, x_session: 2 },
    },
  },
  {
    name: "25: tampering",
    given: [25, { ...image, Type: "Image is replaced" }],
    want: { process: { ...process, x_tampering_type: "Image is replaced" } },
  },
  {
    name: "255: error",
    given: [255, { ID: "DriverCommunication", Description: "lost" }],
    want: {
      "x-sysmon-service": {
        type: "x-sysmon-service",
        error_id: "DriverCommunication",
        error_description: "lost",
      },
    },
  },
];

describe("objects of an event", () => {
  test.each(cases)("$name", ({ given: [eventId, fields], want }) => {
    const { objects, ...rest } = observed(eventId, fields).observation;
    for (const [key, object] of Object.entries(want)) expect(objects[key]).toEqual(object);
    const at = Date.UTC(2024, 4, 6, 7, 8, 9, 123);
    expect(rest).toMatchObject({ firstObserved: at, lastObserved: at, numberObserved: 1 });
    const registry = Object.keys(objects).filter((key) => key.startsWith("windows-registry-key"));
    expect(Object.keys(rest.readings ?? {})).toEqual(registry);
  });

  test("a field with several values gives a list of them", () => {
    const event = observed(1, { Image: ["C:\\good.exe", "C:\\x\\evil.exe"] });
    const { objects } = event.observation;
    expect(objects["file:image"]).toMatchObject({
      name: ["good.exe", "evil.exe"],
      path: ["C:\\good.exe", "C:\\x\\evil.exe"],
    });
    expect(event.fieldOf("file:image", ["name", 0])?.value).toBe("C:\\good.exe");
    expect(event.fieldOf("file:image", ["name", 1])?.value).toBe("C:\\x\\evil.exe");
  });

  test.each(cases)("$name: every value says where it came from", ({ given }) => {
    const event = observed(...given);
    const leaves = Object.entries(event.observation.objects).flatMap(([key, object]) =>
      leavesOf(object, []).map((steps) => ({ key, steps })),
    );
    const silent = leaves.filter(
      ({ key, steps }) => !event.fieldOf(key, steps)?.name.startsWith("winlog.event_data."),
    );
    expect(leaves).not.toEqual([]);
    expect(silent).toEqual([]);
  });

  test.each(cases)("$name: every reference leads to an object", ({ given }) => {
    const { objects } = observed(...given).observation;
    const targets = Object.values(objects)
      .flatMap((object) => Object.entries(object))
      .flatMap(([name, value]) => (isReference(name) ? [value].flat() : []));
    expect(targets.filter((target) => !Object.hasOwn(objects, String(target)))).toEqual([]);
  });
});

function isReference(name: string | number): boolean {
  return typeof name === "string" && /_refs?$/.test(name);
}

/** Steps to every scalar, but for the type and references. */
function leavesOf(value: unknown, steps: readonly (string | number)[]): (string | number)[][] {
  if (steps.length === 1 && (steps[0] === "type" || isReference(steps[0] ?? ""))) return [];
  if (typeof value !== "object" || value === null) return [[...steps]];
  const inner = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return inner.flatMap(([step, v]) => leavesOf(v, [...steps, step]));
}

describe("fieldOf", () => {
  const event = observed(22, { QueryName: "a.example", QueryResults: "192.0.2.1;192.0.2.2;" });
  const rows = [
    { name: "one of several", object: "ipv4-addr:answer:1", steps: ["value"], want: { value: "192.0.2.2", name: "winlog.event_data.QueryResults" } }, // prettier-ignore
    { name: "unknown object", object: "file:none", steps: ["value"], want: undefined },
    { name: "unknown path", object: "domain-name:query", steps: ["x"], want: undefined },
    { name: "a reference", object: "domain-name:query", steps: ["resolves_to_refs", 0], want: undefined }, // prettier-ignore
  ];
  test.each(rows)("$name", ({ object, steps, want }) => {
    expect(event.fieldOf(object, steps)).toEqual(want);
  });
  test("gives the text as it stands in the document", () => {
    expect(observed(1, processCreation).fieldOf("file:image", ["hashes", "MD5"])).toEqual({
      value: "B".repeat(32),
      name: "winlog.event_data.Hashes",
    });
  });
});
