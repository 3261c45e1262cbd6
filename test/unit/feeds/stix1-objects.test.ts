import { describe, expect, test } from "@jest/globals";
import { read } from "./fixtures.ts";
import { el, hashes, observable, oneIndicator } from "./stix1-fixtures.ts";

const MD5 = "d41d8cd98f00b204e9800998ecf8427e";
const SHA1 = "a".repeat(40);
const SHA512 = "c".repeat(128);

function outcome(type: string, properties: string) {
  const { indicators, entries } = read(oneIndicator(observable(type, properties)));
  const { status, code } = entries[0] ?? {};
  return { pattern: indicators[0]?.pattern, status, code };
}

const whole = (pattern: string) => ({ pattern, status: "accepted", code: undefined });
const partly = (pattern: string) => ({ pattern, status: "partly", code: "feed/partly-visible" });
const rejected = (code: string) => ({ pattern: undefined, status: "rejected", code });

const ip = (value: string, attributes = "") => el("Address_Value", value, attributes);
const socket = (name: string, address: string, port: string) =>
  el(name, el("IP_Address", ip(address)) + el("Port", el("Port_Value", port)));

describe("objects that Sysmon can show", () => {
  test.each([
    ["a file's name", "File", el("File_Name", "a.exe"), whole("[file:name = 'a.exe']")],
    ["a name that lacks its extension", "File", el("File_Name", "a") + el("File_Extension", "exe"), whole("[file:name = 'a.exe']")],
    ["an extension alone", "File", el("File_Extension", ".scr"), whole("[file:name LIKE '%.scr']")],
    ["a folder", "File", el("File_Path", "C:\\Temp\\"), whole("[file:parent_directory_ref.path = 'C:\\\\Temp']")],
    ["a path with the name in it", "File", el("File_Path", "C:\\Temp\\a.exe") + el("File_Name", "a.exe"), whole("[file:name = 'a.exe' AND file:x_path = 'C:\\\\Temp\\\\a.exe']")],
    ["a path that may be either", "File", el("File_Path", "C:\\Temp"), whole("[file:x_path = 'C:\\\\Temp' OR file:parent_directory_ref.path = 'C:\\\\Temp']")],
    ["a path with slashes", "File", el("Full_Path", "C:/Temp/a.exe"), whole("[file:x_path = 'C:\\\\Temp\\\\a.exe']")],
    ["digests: any of them names the file", "File", hashes(["MD5", MD5], ["SHA1", SHA1]), whole(`[file:hashes.MD5 = '${MD5}' OR file:hashes.'SHA-1' = '${SHA1}']`)],
    ["a digest without type, in capitals", "File", hashes(["", MD5.toUpperCase()]), whole(`[file:hashes.MD5 = '${MD5}']`)],
    ["a digest of another kind beside one", "File", hashes(["SHA512", SHA512], ["MD5", MD5]), partly(`[file:hashes.MD5 = '${MD5}']`)],
    ["a size beside a digest", "File", hashes(["MD5", MD5]) + el("Size_In_Bytes", "17"), partly(`[file:hashes.MD5 = '${MD5}']`)],
    ["digests and a name", "File", hashes(["MD5", MD5]) + el("File_Name", "a"), whole(`[file:hashes.MD5 = '${MD5}' AND file:name = 'a']`)],
    ["an executable", "WindowsExecutableFile", hashes(["MD5", MD5]), whole(`[file:hashes.MD5 = '${MD5}']`)],
    ["a library", "Library", el("Path", "C:\\a.dll"), whole("[file:x_path = 'C:\\\\a.dll']")],
    ["content", "Artifact", hashes(["MD5", MD5]), whole(`[file:hashes.MD5 = '${MD5}']`)],
    ["an address", "Address|category='ipv4-addr' is_destination='true'", ip("192.0.2.1"), whole("[ipv4-addr:value = '192.0.2.1']")],
    ["a range", "Address|category='cidr'", ip("192.0.2.0/24"), whole("[ipv4-addr:value ISSUBSET '192.0.2.0/24']")],
    ["IPv6", "Address|category='ipv6-addr'", ip("2001:db8::1"), whole("[ipv6-addr:value = '2001:db8::1']")],
    ["a domain", "DomainName", el("Value", "evil.example"), whole("[domain-name:value = 'evil.example']")],
    ["a top-level domain", "DomainName|type='TLD'", el("Value", "example"), whole("[domain-name:value LIKE '%.example']")],
    ["a host", "Hostname|is_domain_name='true'", el("Hostname_Value", "evil.example"), whole("[domain-name:value = 'evil.example']")],
    ["a URL", "URI|type='URL'", el("Value", "http://evil.example/x"), partly("[url:value = 'http://evil.example/x']")],
    ["a URI that is a name", "URI|type='Domain Name'", el("Value", "evil.example"), whole("[domain-name:value = 'evil.example']")],
    ["a link", "Link|type='URL'", el("Value", "http://evil.example/x") + el("URL_Label", "here"), partly("[url:value = 'http://evil.example/x']")],
    ["a look-up", "DNSQuery", el("Question", el("QName", el("Value", "evil.example")) + el("QType", "A")), partly("[domain-name:value = 'evil.example']")],
    ["a record", "DNSRecord", el("Domain_Name", el("Value", "evil.example")) + el("IP_Address", ip("192.0.2.1")), whole("[domain-name:value = 'evil.example' AND domain-name:resolves_to_refs[*].value = '192.0.2.1']")],
    ["a connection", "NetworkConnection", el("Layer4_Protocol", "TCP") + socket("Destination_Socket_Address", "192.0.2.1", "443"), whole("[network-traffic:dst_ref.value = '192.0.2.1' AND network-traffic:dst_port = 443 AND network-traffic:protocols[*] = 'tcp']")],
    ["a connection to a name", "NetworkConnection", el("Destination_Socket_Address", el("Hostname", el("Hostname_Value", "evil.example"))), whole("[domain-name:value = 'evil.example']")],
    ["a socket address is either end", "SocketAddress", el("IP_Address", ip("192.0.2.1")) + el("Port", el("Port_Value", "443")), whole("[(network-traffic:dst_ref.value = '192.0.2.1' AND network-traffic:dst_port = 443) OR (network-traffic:src_ref.value = '192.0.2.1' AND network-traffic:src_port = 443)]")],
    ["a port", "Port", el("Port_Value", "4444"), whole("[network-traffic:dst_port = 4444 OR network-traffic:src_port = 4444]")],
    ["a request's host", "HTTPSession", el("HTTP_Request_Response", el("HTTP_Client_Request", el("HTTP_Request_Header", el("Parsed_Header", el("Host", el("Domain_Name", el("Value", "evil.example"))))))), whole("[domain-name:value = 'evil.example']")],
    ["a process", "Process", el("Name", "p.exe") + el("Image_Info", el("Command_Line", "p.exe -x")), whole("[process:name = 'p.exe' AND process:command_line = 'p.exe -x']")],
    ["a process by its image", "WindowsProcess", el("Image_Info", el("File_Name", "C:\\p.exe")), whole("[process:image_ref.x_path = 'C:\\\\p.exe']")],
    ["a process's number and user", "Process", el("PID", "7") + el("Username", "EX\\u"), whole("[process:pid = 7 AND process:creator_user_ref.user_id = 'EX\\\\u']")],
    ["a process with a connection", "Process", el("Name", "p.exe") + el("Network_Connection_List", el("Network_Connection", socket("Destination_Socket_Address", "192.0.2.1", "443"))), whole("[process:name = 'p.exe' AND network-traffic:dst_ref.value = '192.0.2.1' AND network-traffic:dst_port = 443]")],
    ["a key with its hive", "WindowsRegistryKey", el("Hive", "HKEY_LOCAL_MACHINE") + el("Key", "Software\\X") + el("Values", el("Value", el("Name", "n") + el("Data", "d"))), whole("[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\\\Software\\\\X' AND windows-registry-key:values[*].name = 'n' AND windows-registry-key:values[*].data = 'd']")],
    ["a key that names its hive twice", "WindowsRegistryKey", el("Hive", "HKEY_LOCAL_MACHINE") + el("Key", "HKEY_LOCAL_MACHINE\\Software") + el("Values", el("Value", el("Name", "n"))), whole("[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\\\Software' AND windows-registry-key:values[*].name = 'n']")],
    ["two values of a key are two events", "WindowsRegistryKey", el("Key", "HKEY_USERS\\X") + el("Values", el("Value", el("Name", "n")) + el("Value", el("Name", "m"))), whole("[windows-registry-key:key = 'HKEY_USERS\\\\X' AND windows-registry-key:values[*].name = 'n'] AND [windows-registry-key:key = 'HKEY_USERS\\\\X' AND windows-registry-key:values[*].name = 'm']")],
    ["a service", "WindowsService", el("Display_Name", "Evil"), whole("[windows-registry-key:key LIKE '%\\\\Services\\\\%' AND windows-registry-key:values[*].name = 'DisplayName' AND windows-registry-key:values[*].data = 'Evil']")],
    ["a driver", "WindowsDriver", el("Driver_Name", "evil.sys"), whole("[file:name = 'evil.sys']")],
    ["a pipe", "WindowsPipe", el("Name", "\\\\.\\pipe\\evil"), whole("[x-windows-pipe:name = 'evil']")],
    ["a user", "UserAccount", el("Username", "u") + el("Domain", "EX"), whole("[user-account:user_id = 'EX\\\\u']")],
  ])("%s", (_, type, properties, want) => {
    expect(outcome(type, properties)).toEqual(want);
  }); // prettier-ignore
});

describe("what Sysmon can't show is rejected with a reason", () => {
  test.each([
    ["a mutex", "Mutex", el("Name", "m"), "feed/term-unknown"],
    ["mail", "EmailMessage", el("Header", el("Subject", "x")), "feed/term-unknown"],
    ["an address of mail", "Address|category='e-mail'", ip("a@b.example"), "feed/term-unknown"],
    ["an address that is none", "Address", ip("evil"), "feed/term-unknown"],
    ["a fuzzy hash", "File", el("Hashes", el("Hash", el("Type", "SSDEEP") + el("Fuzzy_Hash_Value", "3:a:b"))), "feed/term-unknown"],
    ["a size alone", "File", el("Size_In_Bytes", "17"), "feed/term-unknown"],
    ["a size beside a name", "File", el("File_Name", "a") + el("Size_In_Bytes", "17"), "feed/term-unknown"],
    ["no properties", "File", "", "feed/value-missing"],
    ["only what is left out", "WindowsPipe", el("Pipe_Mode", "x"), "feed/term-unknown"],
    ["an object named like a property of all", "constructor", "", "feed/term-unknown"],
  ])("%s", (_, type, properties, code) => {
    expect(outcome(type, properties)).toEqual(rejected(code));
  }); // prettier-ignore

  test("an object's type counts by its namespace, not by its prefix", () => {
    const text = oneIndicator(observable("File", el("File_Name", "a")));
    const foreign = text.replace("http://cybox.mitre.org/objects#AnyObject-2", "urn:other");
    expect(read(foreign).indicators).toEqual([]);
    const renamed = text.replaceAll("o:", "p:").replaceAll("xmlns:o", "xmlns:p");
    expect(read(renamed.replaceAll("stix:", "s:").replace("xmlns:stix", "xmlns:s")).indicators).toHaveLength(1); // prettier-ignore
  });
});

describe("conditions", () => {
  const name = (value: string, attributes: string) =>
    outcome("File", el("File_Name", value, attributes));
  const pid = (value: string, condition: string) =>
    outcome("Process", el("PID", value, `condition="${condition}"`));
  test.each([
    [name("a", 'condition="Equals"'), whole("[file:name = 'a']")],
    [name("a", 'condition="DoesNotEqual"'), whole("[file:name != 'a']")],
    [name("a", 'condition="contains"'), whole("[file:name LIKE '%a%']")],
    [name("a", 'condition="DoesNotContain"'), whole("[file:name NOT LIKE '%a%']")],
    [name("a", 'condition="StartsWith"'), whole("[file:name LIKE 'a%']")],
    [name("a", 'condition="EndsWith"'), whole("[file:name LIKE '%a']")],
    [name("^a.*$", 'condition="FitsPattern"'), whole("[file:name MATCHES '(?i)^a.*$']")],
    [name("a", 'condition="FitsPattern" pattern_type="XPath"'), rejected("feed/condition-unsupported")],
    [name("a", 'condition="greaterthen"'), rejected("feed/condition-unsupported")],
    [name("a", 'condition="constructor"'), rejected("feed/condition-unsupported")],
    [name("a", 'has_changed="true"'), rejected("feed/condition-unsupported")],
    [name("A", 'is_case_sensitive="true"'), whole("[file:name MATCHES '^A$']")],
    [name("a##comma##b", ""), whole("[file:name = 'a' OR file:name = 'b']")],
    [name("a##comma##b", 'apply_condition="ALL" condition="Contains"'), whole("[file:name LIKE '%a%' AND file:name LIKE '%b%']")],
    [name("a##comma##b", 'apply_condition="NONE"'), whole("[file:name != 'a' AND file:name != 'b']")],
    [name("a##comma##b", 'condition="DoesNotEqual"'), whole("[file:name != 'a' AND file:name != 'b']")],
    [name("a;b", 'delimiter=";"'), whole("[file:name = 'a' OR file:name = 'b']")],
    [pid("7", "GreaterThan"), whole("[process:pid > 7]")],
    [pid("7", "LessThan"), whole("[process:pid < 7]")],
    [pid("7", "GreaterThanOrEqual"), whole("[process:pid >= 7 AND process:pid <= 999999999999999]")],
    [pid("7", "LessThanOrEqual"), whole("[process:pid >= 0 AND process:pid <= 7]")],
    [pid("7##comma##9", "InclusiveBetween"), whole("[process:pid >= 7 AND process:pid <= 9]")],
    [pid("7##comma##9", "ExclusiveBetween"), whole("[process:pid >= 8 AND process:pid <= 8]")],
    [name("a##comma##b", 'condition="InclusiveBetween"'), rejected("feed/condition-unsupported")],
    [pid("7", "InclusiveBetween"), rejected("feed/condition-unsupported")],
  ])("%#", (got, want) => {
    expect(got).toEqual(want);
  }); // prettier-ignore
});
