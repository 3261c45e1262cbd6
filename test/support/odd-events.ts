import { arrangements, ecsEvents, processCreation } from "../unit/schema/documents.ts";

type Fields = Readonly<Record<string, unknown>>;

const long = (length: number): string => "x".repeat(length);

/** Events whose values are written in every way that an index may keep differently from what the reader sees. */
const events: readonly (readonly [eventId: number, fields: Fields])[] = [
  [1, processCreation],
  [1, { ...processCreation, Image: "C:\\TOOLS\\PROBE.EXE", CommandLine: "PROBE.exe --ALL" }],
  [
    1,
    {
      Image: `C:\\${long(300)}\\Hidden.exe`,
      CommandLine: `${long(2000)} evil`,
      User: "LAB\\Bücher",
    },
  ],
  [
    1,
    { Image: ["C:\\one.exe", `C:\\${long(1100)}\\Two.exe`], CommandLine: ["first", long(40_000)] },
  ],
  [1, { Image: "C:\\Windows\\\\System32\\\\doubled.exe", Description: "K elvin İstanbul ΣΑΣ" }],
  [1, { Image: "C:\\half \ud800\\part.exe", CommandLine: "a\ud800b", ProcessId: "0x1F" }],
  [1, { ProcessId: 4321.0, TerminalSessionId: "007", LogonId: "0x3e7", IntegrityLevel: "System" }],
  [1, { ProcessGuid: "{ABCDEF01-2222-3333-4444-55555555AAAA}", ParentProcessGuid: "not a guid" }],
  [
    3,
    { SourceIp: "::ffff:192.0.2.7", DestinationIp: "2001:0DB8:0:0:0:0:0:1", DestinationPort: 443 },
  ],
  [3, { SourceIp: "fe80::1%12", DestinationIp: "-", SourcePort: "0443", Protocol: "TCP" }],
  [3, { SourceIp: "192.0.2.9", DestinationHostname: "WWW.Evil.Example.", Initiated: "true" }],
  [6, { ImageLoaded: "C:\\Drivers\\bad.sys", Signed: "false", Hashes: "SHA1=abc,MD5=DEF" }],
  [7, { ImageLoaded: "\\\\server\\share\\x.dll", Signature: "Ex\u0301ample" }],
  [10, { SourceImage: "C:\\a.exe", GrantedAccess: "0x1410", CallTrace: `C:\\n.dll+${long(1500)}` }],
  [11, { TargetFilename: "C:\\Users\\Ann\\file.txt:Zone.Identifier", Image: "explorer.exe" }],
  [13, { TargetObject: "HKLM\\Software\\Run\\(Default)", Details: "DWORD (0x0000002a)" }],
  [13, { TargetObject: "HKU\\S-1-5-21-1-2-3_Classes\\x", Details: "Binary Data" }],
  [
    15,
    { TargetFilename: "C:\\d.exe:s", Contents: "[ZoneTransfer]  HostUrl=http://Evil.example/a" },
  ],
  [17, { PipeName: "\\MSSE-1-server", EventType: "CreatePipe" }],
  [20, { Name: ' "consumer"', Destination: '"cmd.exe /c x"', Type: "Command Line" }],
  [22, { QueryName: "bücher.example", QueryResults: "type:  5 Alias.example;::ffff:192.0.2.8;" }],
  [22, { QueryName: "xn--bcher-kva.example", QueryResults: "2001:db8::8;", QueryStatus: "0" }],
];

/** A line of documents for each layout and each way of laying it out. */
export const oddDocuments: readonly {
  readonly name: string;
  readonly documents: readonly unknown[];
}[] = [
  ...arrangements.map(({ name, lay }) => ({
    name,
    documents: events.map(([id, fields]) => lay(id, fields)),
  })),
  { name: "ECS", documents: ecsEvents.map(({ document }) => document) },
];
