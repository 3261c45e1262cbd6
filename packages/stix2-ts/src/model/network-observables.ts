import {
  type Extensions,
  type ObservableProperties,
  plainExtensions,
} from "./common-properties.ts";
import {
  anything,
  between,
  boolean,
  count,
  dictionaryOf,
  extensions,
  formatted,
  hex,
  integer,
  listOf,
  type ObjectTable,
  type RecordTable,
  reference,
  required,
  text,
  timestamp,
} from "./kind.ts";
import type { PropertiesOf } from "./value-of.ts";
import { networkSocketAddressFamily, networkSocketType } from "./vocabulary.ts";

const address = {
  resolves_to_refs: listOf(reference("mac-addr")),
  belongs_to_refs: listOf(reference("autonomous-system")),
  extensions: plainExtensions,
} as const;

export const autonomousSystemTable = {
  type: "autonomous-system",
  category: "observable",
  section: "2.1 §6.2",
  properties: { number: required(integer), name: text, rir: text, extensions: plainExtensions },
  contributing: ["number"],
} as const satisfies ObjectTable;

/** An autonomous system of the Internet (STIX 2.1 §6.2). */
export interface AutonomousSystem
  extends ObservableProperties, PropertiesOf<typeof autonomousSystemTable.properties> {
  readonly type: "autonomous-system";
}

export const domainNameTable = {
  type: "domain-name",
  category: "observable",
  section: "2.1 §6.4",
  properties: {
    value: required(formatted("domain")),
    resolves_to_refs: listOf(reference("ipv4-addr", "ipv6-addr", "domain-name")),
    extensions: plainExtensions,
  },
  contributing: ["value"],
} as const satisfies ObjectTable;

/** A domain name (STIX 2.1 §6.4). */
export interface DomainName
  extends ObservableProperties, PropertiesOf<typeof domainNameTable.properties> {
  readonly type: "domain-name";
}

export const ipv4AddrTable = {
  type: "ipv4-addr",
  category: "observable",
  section: "2.1 §6.8",
  properties: { value: required(formatted("ipv4")), ...address },
  contributing: ["value"],
} as const satisfies ObjectTable;

/** One or more IPv4 addresses, in CIDR notation (STIX 2.1 §6.8). */
export interface Ipv4Addr
  extends ObservableProperties, PropertiesOf<typeof ipv4AddrTable.properties> {
  readonly type: "ipv4-addr";
}

export const ipv6AddrTable = {
  type: "ipv6-addr",
  category: "observable",
  section: "2.1 §6.9",
  properties: { value: required(formatted("ipv6")), ...address },
  contributing: ["value"],
} as const satisfies ObjectTable;

/** One or more IPv6 addresses, in CIDR notation (STIX 2.1 §6.9). */
export interface Ipv6Addr
  extends ObservableProperties, PropertiesOf<typeof ipv6AddrTable.properties> {
  readonly type: "ipv6-addr";
}

export const macAddrTable = {
  type: "mac-addr",
  category: "observable",
  section: "2.1 §6.10",
  properties: { value: required(formatted("mac")), extensions: plainExtensions },
  contributing: ["value"],
} as const satisfies ObjectTable;

/** A MAC-48 address, lower-case with colons (STIX 2.1 §6.10). */
export interface MacAddr
  extends ObservableProperties, PropertiesOf<typeof macAddrTable.properties> {
  readonly type: "mac-addr";
}

export const urlTable = {
  type: "url",
  category: "observable",
  section: "2.1 §6.15",
  properties: { value: required(formatted("url")), extensions: plainExtensions },
  contributing: ["value"],
} as const satisfies ObjectTable;

/** A URL (STIX 2.1 §6.15). */
export interface Url extends ObservableProperties, PropertiesOf<typeof urlTable.properties> {
  readonly type: "url";
}

export const httpRequestExtTable = {
  name: "http-request-ext",
  section: "2.1 §6.12.2",
  properties: {
    request_method: required(text),
    request_value: required(text),
    request_version: text,
    request_header: dictionaryOf(listOf(text)),
    message_body_length: integer,
    message_body_data_ref: reference("artifact"),
  },
} as const satisfies RecordTable;

/** An HTTP request in network traffic (STIX 2.1 §6.12.2). */
export interface HttpRequestExt extends PropertiesOf<typeof httpRequestExtTable.properties> {}

export const icmpExtTable = {
  name: "icmp-ext",
  section: "2.1 §6.12.3",
  properties: { icmp_type_hex: required(hex), icmp_code_hex: required(hex) },
} as const satisfies RecordTable;

/** ICMP in network traffic (STIX 2.1 §6.12.3). */
export interface IcmpExt extends PropertiesOf<typeof icmpExtTable.properties> {}

export const socketExtTable = {
  name: "socket-ext",
  section: "2.1 §6.12.4",
  properties: {
    address_family: required(networkSocketAddressFamily),
    is_blocking: boolean,
    is_listening: boolean,
    options: dictionaryOf(integer),
    socket_type: networkSocketType,
    socket_descriptor: count,
    socket_handle: integer,
  },
} as const satisfies RecordTable;

/** A socket of network traffic (STIX 2.1 §6.12.4). */
export interface SocketExt extends PropertiesOf<typeof socketExtTable.properties> {}

export const tcpExtTable = {
  name: "tcp-ext",
  section: "2.1 §6.12.5",
  properties: { src_flags_hex: hex, dst_flags_hex: hex },
  rules: [{ rule: "at-least-one" }],
} as const satisfies RecordTable;

/** TCP flags of network traffic (STIX 2.1 §6.12.5). */
export interface TcpExt extends PropertiesOf<typeof tcpExtTable.properties> {}

/** Extensions of network traffic: those of STIX 2.1 §6.12, and defined ones. */
export interface NetworkTrafficExtensions extends Extensions {
  readonly "http-request-ext"?: HttpRequestExt;
  readonly "icmp-ext"?: IcmpExt;
  readonly "socket-ext"?: SocketExt;
  readonly "tcp-ext"?: TcpExt;
}

const endpoints = reference("ipv4-addr", "ipv6-addr", "mac-addr", "domain-name");
const port = between(0, 65535);

export const networkTrafficTable = {
  type: "network-traffic",
  category: "observable",
  section: "2.1 §6.12",
  properties: {
    start: timestamp,
    end: timestamp,
    is_active: boolean,
    src_ref: endpoints,
    dst_ref: endpoints,
    src_port: port,
    dst_port: port,
    protocols: required(listOf(text)),
    src_byte_count: count,
    dst_byte_count: count,
    src_packets: count,
    dst_packets: count,
    ipfix: dictionaryOf(anything),
    src_payload_ref: reference("artifact"),
    dst_payload_ref: reference("artifact"),
    encapsulates_refs: listOf(reference("network-traffic")),
    encapsulated_by_ref: reference("network-traffic"),
    extensions: extensions<NetworkTrafficExtensions>({
      "http-request-ext": httpRequestExtTable,
      "icmp-ext": icmpExtTable,
      "socket-ext": socketExtTable,
      "tcp-ext": tcpExtTable,
    }),
  },
  rules: [
    { rule: "at-least-one", of: ["src_ref", "dst_ref"] },
    { rule: "order", earlier: "start", later: "end" },
  ],
  contributing: [
    "start",
    "end",
    "src_ref",
    "dst_ref",
    "src_port",
    "dst_port",
    "protocols",
    "extensions",
  ],
} as const satisfies ObjectTable;

/** Traffic between two endpoints (STIX 2.1 §6.12). */
export interface NetworkTraffic
  extends ObservableProperties, PropertiesOf<typeof networkTrafficTable.properties> {
  readonly type: "network-traffic";
}
