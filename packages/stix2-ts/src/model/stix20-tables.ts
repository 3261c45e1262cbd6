import {
  anything,
  boolean,
  dictionaryOf,
  extensions,
  formatted,
  listOf,
  type ObjectTable,
  type Properties,
  record,
  type RecordTable,
  reference,
  required,
  text,
  timestamp,
} from "./kind.ts";
import {
  archiveExtTable,
  ntfsExtTable,
  pdfExtTable,
  rasterImageExtTable,
  windowsPebinaryExtTable,
} from "./file-extensions.ts";
import {
  windowsProcessExtTable,
  windowsRegistryValueTable,
  windowsServiceExtTable,
} from "./host-observables.ts";
import {
  httpRequestExtTable,
  icmpExtTable,
  socketExtTable,
  tcpExtTable,
} from "./network-observables.ts";
import { objectTable } from "./object-tables.ts";
import { identityClass } from "./vocabulary.ts";

/** How a type of STIX 2.0 differs from the same of 2.1. */
interface Difference {
  readonly section: string;
  /** Properties that 2.0 does not have, or has by another name. */
  readonly without?: readonly string[];
  /** Properties that 2.0 has beside, or has differently. */
  readonly has?: Properties;
}

const labels = { labels: required(listOf(text)) };
const times = { created: timestamp, modified: timestamp, accessed: timestamp };
const noTimes = ["ctime", "mtime", "atime"];
const refs = required(listOf(reference("domain", "relationship", "meta")));

/** STIX 2.0: domain and relationship objects are in its part 2, observables in part 4, the rest in part 1. */
const DIFFERENCES: Readonly<Record<string, Difference>> = {
  "attack-pattern": { section: "2.0 part 2 §2.1", without: ["aliases"] },
  campaign: { section: "2.0 part 2 §2.2" },
  "course-of-action": { section: "2.0 part 2 §2.3" },
  identity: {
    section: "2.0 part 2 §2.4",
    without: ["roles"],
    has: { identity_class: required(identityClass) },
  },
  indicator: {
    section: "2.0 part 2 §2.5",
    without: ["indicator_types", "pattern_type", "pattern_version"],
    has: labels,
  },
  "intrusion-set": { section: "2.0 part 2 §2.6" },
  malware: {
    section: "2.0 part 2 §2.7",
    without: [
      "malware_types",
      "is_family",
      "aliases",
      "first_seen",
      "last_seen",
      "operating_system_refs",
      "architecture_execution_envs",
      "implementation_languages",
      "capabilities",
      "sample_refs",
    ],
    has: { ...labels, name: required(text) },
  },
  "observed-data": {
    section: "2.0 part 2 §2.8",
    without: ["object_refs"],
    has: { objects: required({ kind: "observables" } as const) },
  },
  report: {
    section: "2.0 part 2 §2.9",
    without: ["report_types"],
    has: { ...labels, object_refs: refs },
  },
  "threat-actor": {
    section: "2.0 part 2 §2.10",
    without: ["threat_actor_types", "first_seen", "last_seen"],
    has: labels,
  },
  tool: { section: "2.0 part 2 §2.11", without: ["tool_types", "aliases"], has: labels },
  vulnerability: { section: "2.0 part 2 §2.12" },
  relationship: { section: "2.0 part 2 §3.1", without: ["start_time", "stop_time"] },
  sighting: { section: "2.0 part 2 §3.2", without: ["description"] },
  "marking-definition": {
    section: "2.0 part 1 §4.1",
    without: ["name"],
    has: { definition_type: required(text), definition: required(anything) },
  },
  artifact: { section: "2.0 part 4 §2.1", without: ["encryption_algorithm", "decryption_key"] },
  "autonomous-system": { section: "2.0 part 4 §2.2" },
  directory: { section: "2.0 part 4 §2.3", without: noTimes, has: times },
  "domain-name": { section: "2.0 part 4 §2.4" },
  "email-addr": { section: "2.0 part 4 §2.5" },
  "email-message": {
    section: "2.0 part 4 §2.6",
    without: ["message_id"],
    has: { additional_header_fields: dictionaryOf(anything) },
  },
  file: {
    section: "2.0 part 4 §2.7",
    without: noTimes,
    has: {
      ...times,
      is_encrypted: boolean,
      encryption_algorithm: text,
      decryption_key: text,
      extensions: extensions({
        "archive-ext": withProperties(archiveExtTable, { version: text }),
        "ntfs-ext": ntfsExtTable,
        "pdf-ext": pdfExtTable,
        "raster-image-ext": withProperties(rasterImageExtTable, {
          image_compression_algorithm: text,
        }),
        "windows-pebinary-ext": windowsPebinaryExtTable,
      }),
    },
  },
  "ipv4-addr": { section: "2.0 part 4 §2.8" },
  "ipv6-addr": { section: "2.0 part 4 §2.9" },
  "mac-addr": { section: "2.0 part 4 §2.10" },
  mutex: { section: "2.0 part 4 §2.11" },
  "network-traffic": {
    section: "2.0 part 4 §2.12",
    without: ["encapsulated_by_ref"],
    has: {
      encapsulates_by_ref: reference("network-traffic"),
      extensions: extensions({
        "http-request-ext": withProperties(httpRequestExtTable, {
          request_header: dictionaryOf(anything),
        }),
        "icmp-ext": icmpExtTable,
        "socket-ext": withProperties(socketExtTable, { protocol_family: text }),
        "tcp-ext": tcpExtTable,
      }),
    },
  },
  process: {
    section: "2.0 part 4 §2.13",
    without: ["created_time", "image_ref"],
    has: {
      name: text,
      created: timestamp,
      arguments: listOf(text),
      binary_ref: reference("file"),
      extensions: extensions({
        "windows-process-ext": windowsProcessExtTable,
        "windows-service-ext": withProperties(windowsServiceExtTable, {
          service_name: required(text),
        }),
      }),
    },
  },
  software: { section: "2.0 part 4 §2.14", without: ["swid"] },
  url: { section: "2.0 part 4 §2.15" },
  "user-account": {
    section: "2.0 part 4 §2.16",
    without: ["credential", "credential_last_changed"],
    has: { user_id: required(text), password_last_changed: timestamp },
  },
  "windows-registry-key": {
    section: "2.0 part 4 §2.17",
    without: ["modified_time"],
    has: {
      key: required(text),
      modified: timestamp,
      values: listOf(record(withProperties(windowsRegistryValueTable, { name: required(text) }))),
    },
  },
  "x509-certificate": { section: "2.0 part 4 §2.18" },
};

/** Properties that all objects of 2.1 may have, and none of 2.0. */
const NEW_COMMON = ["spec_version", "confidence", "lang", "extensions"];
const OLD_COMMON: Properties = {
  granular_markings: listOf(
    record({
      name: "granular-marking",
      section: "2.0 part 1 §4.3.1",
      properties: {
        marking_ref: required(reference("marking-definition")),
        selectors: required(listOf(formatted("selector"))),
      },
    }),
  ),
};
const NEW_FOR_OBSERVABLES = [
  "spec_version",
  "id",
  "object_marking_refs",
  "granular_markings",
  "defanged",
];

const TABLES: ReadonlyMap<string, ObjectTable> = new Map(
  Object.entries(DIFFERENCES).flatMap(([type, difference]) => {
    const table = objectTable(type);
    return table === undefined ? [] : [[type, tableOf(table, difference)]];
  }),
);

/** Gives what STIX 2.0 says of a type, or undefined for a type that it does not define. */
export function objectTable20(type: string): ObjectTable | undefined {
  return TABLES.get(type);
}

function tableOf(table: ObjectTable, { section, without = [], has = {} }: Difference): ObjectTable {
  const absent = new Set([
    ...without,
    ...(table.category === "observable" ? NEW_FOR_OBSERVABLES : NEW_COMMON),
  ]);
  const kept = Object.entries(table.properties).filter(([name]) => !absent.has(name));
  const old = table.category === "observable" ? {} : OLD_COMMON;
  const properties: Properties = { ...Object.fromEntries(kept), ...old, ...has };
  const rules = table.rules?.filter(
    (rule) =>
      (rule.rule !== "at-least-one" || rule.of?.every((name) => name in properties) !== false) &&
      (rule.rule !== "needs" || rule.property in properties),
  );
  return { ...table, section, properties, ...(rules === undefined ? {} : { rules }) };
}

function withProperties(table: RecordTable, properties: Properties): RecordTable {
  return { ...table, properties: { ...table.properties, ...properties } };
}
