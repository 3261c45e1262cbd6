/** What formats make of a feed finds the events that it means. */
import { expect, test } from "@jest/globals";
import { compilePattern, parsePattern } from "stix2-ts";
import { re2 } from "../../../services/adapters/regex/re2.ts";
import { observe, readEvent } from "../../../services/core/schema/index.ts";
import { read } from "./fixtures.ts";
import { el, hashes, observable, oneIndicator } from "./stix1-fixtures.ts";

const SHA256 = "AB".repeat(32);
const MD5 = "cd".repeat(16);

function eventOf(id: number, data: Readonly<Record<string, string>>) {
  const seen = readEvent({
    "@timestamp": "2026-05-01T12:00:00Z",
    winlog: {
      channel: "Microsoft-Windows-Sysmon/Operational",
      provider_name: "Microsoft-Windows-Sysmon",
      event_id: id,
      computer_name: "H",
      event_data: data,
    },
  });
  if (seen === undefined) throw new Error("the event is not read");
  return observe(seen).observation;
}

const EVENTS = {
  process: eventOf(1, {
    Image: "C:\\Users\\u\\Temp\\Evil.exe",
    CommandLine: "evil.exe -x",
    CurrentDirectory: "C:\\Users\\u\\",
    User: "EX\\u",
    ProcessId: "77",
    Hashes: `SHA256=${SHA256},IMPHASH=${MD5.toUpperCase()}`,
  }),
  connection: eventOf(3, {
    Image: "C:\\Windows\\net.exe",
    Protocol: "tcp",
    Initiated: "true",
    SourceIp: "10.0.0.5",
    SourcePort: "50000",
    DestinationIp: "192.0.2.1",
    DestinationPort: "443",
  }),
  file: eventOf(11, { Image: "C:\\a.exe", TargetFilename: "C:\\Temp\\Drop.dll" }),
  registry: eventOf(13, {
    EventType: "SetValue",
    Image: "C:\\a.exe",
    TargetObject: "HKLM\\SOFTWARE\\X\\Run\\Evil",
    Details: "C:\\evil.exe",
  }),
  service: eventOf(13, {
    EventType: "SetValue",
    Image: "C:\\a.exe",
    TargetObject: "HKLM\\System\\CurrentControlSet\\Services\\EvilSvc\\ImagePath",
    Details: "C:\\evil.exe",
  }),
  pipe: eventOf(17, { EventType: "CreatePipe", PipeName: "\\evilpipe", Image: "C:\\a.exe" }),
  lookup: eventOf(22, {
    Image: "C:\\a.exe",
    QueryName: "c2.evil.example",
    QueryStatus: "0",
    QueryResults: "::ffff:192.0.2.9;",
  }),
} as const;

/** Names of the events that an indicator finds. */
function found(text: string): readonly string[] {
  return read(text).indicators.flatMap(({ pattern }) => {
    const compiled = compilePattern(parsePattern(pattern), { mode: "observable", regex: re2 });
    return Object.entries(EVENTS).flatMap(([name, event]) =>
      compiled.test(event) === undefined ? [] : [name],
    );
  });
}

const stix1 = (type: string, properties: string) => oneIndicator(observable(type, properties));
const rule = (operator: string, ...terms: readonly (readonly [string, string])[]) =>
  JSON.stringify({ operator, patterns: terms.map(([key, value]) => ({ key, value })) });
const ip = (value: string) => el("Address_Value", value);

test.each([
  ["digests of which the log has one", stix1("File", hashes(["MD5", MD5], ["SHA256", SHA256.toLowerCase()])), ["process"]],
  ["an imphash", stix1("File", hashes(["IMPHASH", MD5])), ["process"]],
  ["a name and a folder", stix1("File", el("File_Name", "drop.dll") + el("File_Path", "c:\\temp")), ["file"]],
  ["a path with slashes", stix1("File", el("Full_Path", "C:/Temp/drop.dll")), ["file"]],
  ["a name without its extension", stix1("File", el("File_Name", "Drop") + el("File_Extension", "DLL")), ["file"]],
  ["an address, at an end and in an answer", stix1("Address", ip("192.0.2.1##comma##192.0.2.9")), ["connection", "lookup"]],
  ["a range", stix1("Address|category='cidr'", ip("192.0.2.0/30")), ["connection"]],
  ["a connection", stix1("NetworkConnection", el("Layer3_Protocol", "IPv4") + el("Layer4_Protocol", "TCP") + el("Destination_Socket_Address", el("IP_Address", ip("192.0.2.1")) + el("Port", el("Port_Value", "443")))), ["connection"]],
  ["a socket address with another port", stix1("SocketAddress", el("IP_Address", ip("192.0.2.1")) + el("Port", el("Port_Value", "50000"))), []],
  ["a socket as its owner sees it", stix1("NetworkSocket", el("Remote_Address", el("IP_Address", ip("192.0.2.1")))), ["connection"]],
  ["a port in a span", stix1("Port", el("Port_Value", "440##comma##450", 'condition="InclusiveBetween"')), ["connection"]],
  ["a look-up", stix1("DNSQuery", el("Question", el("QName", el("Value", "C2.evil.example")))), ["lookup"]],
  ["a top-level domain", stix1("DomainName|type='TLD'", el("Value", "example")), ["lookup"]],
  ["a record", stix1("DNSRecord", el("Domain_Name", el("Value", "c2.evil.example")) + el("IP_Address", ip("192.0.2.9"))), ["lookup"]],
  ["a process", stix1("Process", el("Name", "evil.exe") + el("PID", "77") + el("Username", "u") + el("Image_Info", el("Current_Directory", "C:\\Users\\u"))), ["process"]],
  ["an argument", stix1("Process", el("Argument_List", el("Argument", "-X"))), ["process"]],
  ["a key and its value", stix1("WindowsRegistryKey", el("Hive", "HKEY_LOCAL_MACHINE") + el("Key", "software\\x\\run") + el("Values", el("Value", el("Name", "evil") + el("Data", "c:\\evil.exe")))), ["registry"]],
  ["a key without hive", stix1("WindowsRegistryKey", el("Key", "Software\\X\\Run")), ["registry"]],
  ["a key that names the value", stix1("WindowsRegistryKey", el("Key", "HKLM\\Software\\X\\Run\\Evil")), ["registry"]],
  ["a service's image", stix1("WindowsService", el("Service_Name", "evilsvc") + el("Startup_Command_Line", "c:\\evil.exe")), ["service"]],
  ["a pipe", stix1("Pipe", el("Name", "\\\\.\\pipe\\EvilPipe")), ["pipe"]],
  ["a denial in an object", stix1("NetworkConnection", el("Layer4_Protocol", "TCP") + el("Destination_Socket_Address", el("Port", el("Port_Value", "80", 'condition="DoesNotEqual"')))), ["connection"]],
  ["a rule: a part of a path in any case", rule("OR", ["FileName", "temp\\DROP"]), ["file"]],
  ["a rule: a process and its connection", rule("AND", ["ProcessName", "NET"], ["IpAddress", "192.0.2.1"]), ["connection"]],
  ["a rule: a digest and a process", rule("AND", ["ProcessName", "evil"], ["Hash", SHA256.toLowerCase()]), ["process"]],
  ["a rule: a part of a digest", rule("AND", ["Hash", "cdcdcdcd"]), ["process"]],
  ["a rule: a key with the name of a value", rule("AND", ["RegistryKey", "run\\evil"], ["RegistryValue", "EVIL"]), ["registry"]],
  ["a rule: a host", rule("OR", ["HostName", "evil.ex"]), ["lookup"]],
  ["a rule: any", rule("OR", ["Port", "443"], ["FileName", "dr?p*"]), ["connection", "file"]],
])("%s", (_, text, want) => {
  expect(found(text)).toEqual(want);
}); // prettier-ignore
