import { property, type ObservableRule } from "./observable-rule.ts";

function address(
  key: string,
  from: string,
  version: "ipv4" | "ipv6",
  each = false,
): ObservableRule {
  const type = `${version}-addr`;
  return { key: `${type}:${key}`, type, each, properties: [property("value", from, version)] };
}

function host(role: string, from: string): ObservableRule {
  return {
    key: `domain-name:${role}`,
    type: "domain-name",
    properties: [property("value", from, "host-name")],
    refs: { resolves_to_refs: [`ipv4-addr:${role}`, `ipv6-addr:${role}`] },
  };
}

const traffic = [
  property("src_port", "SourcePort", "integer"),
  property("dst_port", "DestinationPort", "integer"),
  property("protocols[]", "DestinationIp", "ip-version"),
  property("protocols[]", "Protocol", "lower"),
  property("x_initiated", "Initiated"),
];

/** Event 3: the connection with both ends, by address and by name; event 22: the name asked for and the answers. */
export const networkObservables: readonly ObservableRule[] = [
  address("source", "SourceIp", "ipv4"),
  address("source", "SourceIp", "ipv6"),
  address("destination", "DestinationIp", "ipv4"),
  address("destination", "DestinationIp", "ipv6"),
  host("source", "SourceHostname"),
  host("destination", "DestinationHostname"),
  {
    key: "network-traffic",
    type: "network-traffic",
    events: [3],
    properties: traffic,
    refs: {
      src_ref: ["ipv4-addr:source", "ipv6-addr:source"],
      dst_ref: ["ipv4-addr:destination", "ipv6-addr:destination"],
    },
  },
  {
    // STIX 2.1 §6.12 lets an end be a domain name; one object can't hold both, so this is the same connection again.
    key: "network-traffic:names",
    type: "network-traffic",
    events: [3],
    needs: ["SourceHostname", "DestinationHostname"],
    properties: traffic,
    refs: { src_ref: ["domain-name:source"], dst_ref: ["domain-name:destination"] },
  },
  address("answer", "QueryResults", "ipv4", true),
  address("answer", "QueryResults", "ipv6", true),
  {
    key: "domain-name:answer",
    type: "domain-name",
    each: true,
    properties: [property("value", "QueryResults", "host-name")],
  },
  {
    key: "domain-name:query",
    type: "domain-name",
    properties: [property("value", "QueryName", "host-name")],
    refs: { resolves_to_refs: ["ipv4-addr:answer", "ipv6-addr:answer", "domain-name:answer"] },
  },
];
