import { describe, expect, test } from "@jest/globals";
import { JsonTextError, parseBundle, parseObject, StixError, TLP1, TLP2 } from "stix2-ts";
import { bundle, IDENTITY, INDICATOR, MALWARE, old, sco, sdo, uuid } from "./objects-fixtures.ts";

const marking = `marking-definition--${uuid(5)}`;
const file = `file--${uuid(6)}`;
const brief = (object: unknown) =>
  parseObject(object, { tolerate: [] }).issues.map(
    ({ severity, code, pointer, section }) => `${severity} ${code} ${pointer} ${section}`,
  );

/** What each rule says of one object that breaks it, and nothing else. */
const CASES: readonly { name: string; given: unknown; want: readonly string[] }[] = [
  { name: "a valid indicator", given: INDICATOR, want: [] },
  { name: "no object", given: 5, want: ["error stix/not-an-object  2.1 §3"] },
  { name: "null", given: null, want: ["error stix/not-an-object  2.1 §3"] },
  { name: "no type", given: {}, want: ["error stix/property-missing /type 2.1 §3.2"] },
  {
    name: "a type of other characters",
    given: { type: "Thing" },
    want: ["error stix/type-invalid /type 2.1 §3.1"],
  },
  {
    name: "a type that is no text",
    given: { type: 1 },
    want: ["error stix/type-invalid /type 2.1 §3.1"],
  },
  {
    name: "several errors at once",
    given: { ...INDICATOR, pattern: undefined, valid_from: 5, confidence: 101, labels: [] },
    want: [
      "error stix/property-missing /pattern 2.1 §4.7",
      "error stix/property-type /valid_from 2.1 §2.16",
      "error stix/list-empty /labels 2.1 §2.12",
      "error stix/number-range /confidence 2.1 §4.7",
    ],
  },
  // Identifiers
  {
    name: "an id of another type",
    given: { ...MALWARE, id: INDICATOR.id },
    want: ["error stix/id-type /id 2.1 §2.9"],
  },
  {
    name: "an id without UUID",
    given: { ...MALWARE, id: "malware--1" },
    want: ["error stix/id-invalid /id 2.1 §2.9"],
  },
  {
    name: "the nil UUID",
    given: { ...MALWARE, id: "malware--00000000-0000-0000-0000-000000000000" },
    want: ["error stix/id-invalid /id 2.1 §2.9"],
  },
  {
    name: "a UUID in capitals",
    given: { ...MALWARE, id: "malware--ABCDEF00-0000-4000-8000-00000000000A" },
    want: ["warning stix/uuid-case /id 2.1 §2.9"],
  },
  {
    name: "a whole number that JSON readers round",
    given: sco("process", { pid: Number("9007199254740993") }),
    want: ["error stix/number-range /pid 2.1 §2.10"],
  },
  {
    name: "a UUID of another variant",
    given: { ...MALWARE, id: "malware--00000000-0000-4000-4000-000000000000" },
    want: ["error stix/id-invalid /id 2.1 §2.9"],
  },
  {
    name: "a domain object with UUIDv5",
    given: { ...MALWARE, id: "malware--00000000-0000-5000-8000-000000000000" },
    want: ["warning stix/uuid-version /id 2.1 §2.9"],
  },
  {
    name: "the same in 2.0",
    given: {
      ...old("malware", { name: "a", labels: ["worm"] }),
      id: "malware--00000000-0000-5000-8000-000000000000",
    },
    want: ["error stix/uuid-version /id 2.0 part 1 §2.5"],
  },
  {
    name: "an observable with a random id",
    given: sco("url", { value: "https://a.example/" }),
    want: ["warning stix/id-not-deterministic /id 2.1 §3.4"],
  },
  {
    name: "an observable with its deterministic id",
    given: {
      ...sco("ipv4-addr", { value: "198.51.100.3" }),
      id: "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4",
    },
    want: [],
  },
  {
    name: "a process with UUIDv5",
    given: { ...sco("process", { pid: 1 }), id: "process--00000000-0000-5000-8000-000000000000" },
    want: ["error stix/uuid-version /id 2.1 §3.4"],
  },
  // Times
  {
    name: "a time without zone",
    given: { ...INDICATOR, valid_from: "2024-01-01T00:00:00" },
    want: ["error stix/timestamp-invalid /valid_from 2.1 §2.16"],
  },
  {
    name: "a time with another zone",
    given: { ...INDICATOR, valid_from: "2024-01-01T00:00:00+01:00" },
    want: ["error stix/timestamp-invalid /valid_from 2.1 §2.16"],
  },
  {
    name: "a day that there is not",
    given: { ...INDICATOR, valid_from: "2023-02-29T00:00:00Z" },
    want: ["error stix/timestamp-invalid /valid_from 2.1 §2.16"],
  },
  {
    name: "created to the second",
    given: { ...MALWARE, created: "2024-01-01T00:00:00Z" },
    want: ["error stix/timestamp-precision /created 2.1 §3.2"],
  },
  {
    name: "created to the nanosecond",
    given: { ...MALWARE, created: "2024-01-01T00:00:00.123456789Z" },
    want: [],
  },
  {
    name: "modified before created",
    given: { ...MALWARE, modified: "2023-12-31T23:59:59.999Z" },
    want: ["error stix/time-order /modified 2.1 §3.2"],
  },
  {
    name: "modified with created, to the microsecond",
    given: {
      ...MALWARE,
      created: "2024-01-01T00:00:00.000001Z",
      modified: "2024-01-01T00:00:00.000Z",
    },
    want: ["error stix/time-order /modified 2.1 §3.2"],
  },
  {
    name: "valid_until at valid_from",
    given: { ...INDICATOR, valid_until: INDICATOR.valid_from },
    want: ["error stix/time-order /valid_until 2.1 §4.7"],
  },
  {
    name: "last_seen at first_seen",
    given: { ...MALWARE, first_seen: "2024-01-01T00:00:00Z", last_seen: "2024-01-01T00:00:00Z" },
    want: [],
  },
  // Types, vocabularies, numbers
  {
    name: "null for a property",
    given: { ...MALWARE, description: null },
    want: ["error stix/property-type /description 2.1 §2.15"],
  },
  {
    name: "text for a list",
    given: { ...MALWARE, aliases: "a" },
    want: ["error stix/property-type /aliases 2.1 §2.12"],
  },
  {
    name: "a word that is not in an open vocabulary",
    given: { ...MALWARE, malware_types: ["worm", "wurm"] },
    want: ["warning stix/vocabulary-value /malware_types/1 2.1 §2.14"],
  },
  {
    name: "a word that is not in an enumeration",
    given: sdo("opinion", { opinion: "maybe", object_refs: [file] }),
    want: ["error stix/enumeration-value /opinion 2.1 §2.4"],
  },
  {
    name: "a fraction for a whole number",
    given: sdo("observed-data", {
      first_observed: "2024-01-01T00:00:00Z",
      last_observed: "2024-01-01T00:00:00Z",
      number_observed: 1.5,
      object_refs: [file],
    }),
    want: ["error stix/property-type /number_observed 2.1 §2.10"],
  },
  {
    name: "another spec_version",
    given: { ...MALWARE, spec_version: "2.2" },
    want: ["error stix/enumeration-value /spec_version 2.1 §2.4"],
  },
  {
    name: "binary that is not base64",
    given: sco("artifact", { payload_bin: "a" }),
    want: [
      "error stix/binary-invalid /payload_bin 2.1 §2.1",
      "warning stix/id-not-deterministic /id 2.1 §3.4",
    ],
  },
  {
    name: "hex with an odd number of digits",
    given: {
      ...sco("file", { name: "a", magic_number_hex: "abc" }),
      id: "file--ab7cb1b1-cdb2-5e3c-9ae3-6d2df3ee0be8",
    },
    want: [
      "error stix/hex-invalid /magic_number_hex 2.1 §2.8",
      "warning stix/id-not-deterministic /id 2.1 §3.4",
    ],
  },
  // Properties
  {
    name: "a custom property",
    given: { ...MALWARE, x_rank: 1 },
    want: ["warning stix/property-custom /x_rank 2.1 §11.1"],
  },
  {
    name: "a custom property of an external reference",
    given: {
      ...MALWARE,
      external_references: [{ source_name: "a", url: "https://a.example/", x_rank: 1 }],
    },
    want: ["warning stix/property-custom /external_references/0/x_rank 2.1 §11.1"],
  },
  {
    name: "a name with capitals",
    given: { ...MALWARE, xRank: 1 },
    want: ["error stix/property-name /xRank 2.1 §3.1"],
  },
  {
    name: "a name that needs escaping in a pointer",
    given: { ...MALWARE, "a/b~c": 1 },
    want: ["error stix/property-name /a~1b~0c 2.1 §3.1"],
  },
  {
    name: "a reserved name",
    given: { ...MALWARE, severity: 1 },
    want: ["error stix/property-reserved /severity 2.1 §3.8"],
  },
  {
    name: "__proto__",
    given: JSON.parse(
      `{"type":"identity","spec_version":"2.1","id":"${IDENTITY.id}","created":"${IDENTITY.created}","modified":"${IDENTITY.modified}","name":"a","__proto__":{"polluted":1}}`,
    ) as unknown,
    want: ["error stix/property-name /__proto__ 2.1 §3.1"],
  },
  {
    name: "constructor: a name as any other",
    given: { ...MALWARE, constructor: 1 },
    want: ["warning stix/property-custom /constructor 2.1 §11.1"],
  },
  {
    name: "a deprecated property",
    given: sdo("observed-data", {
      first_observed: "2024-01-01T00:00:00Z",
      last_observed: "2024-01-01T00:00:00Z",
      number_observed: 1,
      objects: { "0": { type: "file", name: "a" } },
    }),
    want: ["warning stix/property-deprecated /objects 2.1 §4.14"],
  },
  // Constraints
  {
    name: "malware without name that is a family",
    given: { ...MALWARE, name: undefined },
    want: ["error stix/property-dependency /name 2.1 §4.11"],
  },
  {
    name: "malware without name that is none",
    given: { ...MALWARE, name: undefined, is_family: false },
    want: [],
  },
  {
    name: "an external reference that says nothing",
    given: { ...MALWARE, external_references: [{ source_name: "a" }] },
    want: ["error stix/at-least-one /external_references/0 2.1 §2.5"],
  },
  {
    name: "a CAPEC id of another source",
    given: sdo("attack-pattern", {
      name: "a",
      external_references: [{ source_name: "mitre", external_id: "CAPEC-1" }],
    }),
    want: ["error stix/external-id /external_references/0/source_name 2.1 §4.1"],
  },
  {
    name: "a file without name and hashes",
    given: sco("file", { size: 1 }),
    want: ["error stix/at-least-one  2.1 §6.7"],
  },
  {
    name: "a process without anything",
    given: sco("process", { defanged: false }),
    want: ["error stix/at-least-one  2.1 §6.13"],
  },
  {
    name: "an artifact with both",
    given: sco("artifact", {
      payload_bin: "YQ==",
      url: "https://a.example/",
      hashes: { MD5: "0".repeat(32) },
    }),
    want: ["error stix/not-both /url 2.1 §6.1", "warning stix/id-not-deterministic /id 2.1 §3.4"],
  },
  {
    name: "an artifact elsewhere without hashes",
    given: sco("artifact", { url: "https://a.example/" }),
    want: ["error stix/property-dependency /hashes 2.1 §6.1"],
  },
  {
    name: "a place without region",
    given: sdo("location", { city: "Bern" }),
    want: ["error stix/at-least-one  2.1 §4.10"],
  },
  {
    name: "a latitude alone",
    given: sdo("location", { latitude: 1 }),
    want: ["error stix/property-dependency /longitude 2.1 §4.10"],
  },
  {
    name: "a latitude beyond the pole",
    given: sdo("location", { latitude: 91, longitude: 1 }),
    want: ["error stix/number-range /latitude 2.1 §4.10"],
  },
  {
    name: "observed data with both",
    given: sdo("observed-data", {
      first_observed: "2024-01-01T00:00:00Z",
      last_observed: "2024-01-01T00:00:00Z",
      number_observed: 1,
      objects: { "0": { type: "file", name: "a" } },
      object_refs: [file],
    }),
    want: [
      "warning stix/property-deprecated /objects 2.1 §4.14",
      "error stix/not-both /object_refs 2.1 §4.14",
    ],
  },
  {
    name: "observed data with neither",
    given: sdo("observed-data", {
      first_observed: "2024-01-01T00:00:00Z",
      last_observed: "2024-01-01T00:00:00Z",
      number_observed: 1,
    }),
    want: ["error stix/at-least-one  2.1 §4.14"],
  },
  {
    name: "observed data of relationships alone",
    given: sdo("observed-data", {
      first_observed: "2024-01-01T00:00:00Z",
      last_observed: "2024-01-01T00:00:00Z",
      number_observed: 1,
      object_refs: [`relationship--${uuid(1)}`],
    }),
    want: ["error stix/at-least-one /object_refs 2.1 §4.14"],
  },
  {
    name: "active traffic that has ended",
    given: sco("network-traffic", {
      src_ref: `ipv4-addr--${uuid(1)}`,
      protocols: ["tcp"],
      is_active: true,
      end: "2024-01-01T00:00:00Z",
    }),
    want: [
      "warning stix/id-not-deterministic /id 2.1 §3.4",
      "error stix/not-both /is_active 2.1 §6.12",
    ],
  },
  {
    name: "a multipart message with a body",
    given: sco("email-message", { is_multipart: true, body: "a" }),
    want: ["warning stix/id-not-deterministic /id 2.1 §3.4", "error stix/not-both /body 2.1 §6.6"],
  },
  {
    name: "a short hive",
    given: sco("windows-registry-key", { key: "HKLM\\Software" }),
    want: [
      "warning stix/id-not-deterministic /id 2.1 §3.4",
      "error stix/value-format /key 2.1 §6.17",
    ],
  },
  // Formats
  {
    name: "no IPv4 address",
    given: sco("ipv4-addr", { value: "1.2.3" }),
    want: [
      "error stix/value-format /value 2.1 §6.8",
      "warning stix/id-not-deterministic /id 2.1 §3.4",
    ],
  },
  {
    name: "the same, defanged",
    given: { ...sco("ipv4-addr", { value: "1[.]2[.]3[.]4" }), defanged: true },
    want: ["warning stix/id-not-deterministic /id 2.1 §3.4"],
  },
  {
    name: "a MAC address with capitals",
    given: sco("mac-addr", { value: "D2:FB:49:24:37:18" }),
    want: [
      "error stix/value-format /value 2.1 §6.10",
      "warning stix/id-not-deterministic /id 2.1 §3.4",
    ],
  },
  {
    name: "an e-mail address without @",
    given: sco("email-addr", { value: "a" }),
    want: [
      "error stix/value-format /value 2.1 §6.5",
      "warning stix/id-not-deterministic /id 2.1 §3.4",
    ],
  },
  {
    name: "a domain name with a path",
    given: sco("domain-name", { value: "a.example/x" }),
    want: [
      "error stix/value-format /value 2.1 §6.4",
      "warning stix/id-not-deterministic /id 2.1 §3.4",
    ],
  },
  {
    name: "a language that is none",
    given: { ...MALWARE, lang: "en_US" },
    want: ["error stix/value-format /lang 2.1 §3.2"],
  },
  {
    name: "contents in a language that is none",
    given: sdo("language-content", { object_ref: MALWARE.id, contents: { "d/e": { name: "a" } } }),
    want: [
      "error stix/dictionary-key /contents/d~1e 2.1 §2.3",
      "error stix/value-format /contents/d~1e 2.1 §7.1",
    ],
  },
  // References
  {
    name: "a reference to a wrong type",
    given: { ...MALWARE, created_by_ref: MALWARE.id },
    want: ["error stix/reference-type /created_by_ref 2.1 §2.9"],
  },
  {
    name: "a reference that is none",
    given: { ...MALWARE, sample_refs: ["a"] },
    want: ["error stix/id-invalid /sample_refs/0 2.1 §2.9"],
  },
  {
    name: "a relationship with a marking",
    given: sdo("relationship", {
      relationship_type: "related-to",
      source_ref: marking,
      target_ref: MALWARE.id,
    }),
    want: ["error stix/reference-type /source_ref 2.1 §2.9"],
  },
  {
    name: "a relationship with a custom object",
    given: sdo("relationship", {
      relationship_type: "related-to",
      source_ref: `x-thing--${uuid(1)}`,
      target_ref: MALWARE.id,
    }),
    want: [],
  },
  {
    name: "a relationship that has no name in the specification",
    given: sdo("relationship", {
      relationship_type: "uses",
      source_ref: INDICATOR.id,
      target_ref: MALWARE.id,
    }),
    want: ["warning stix/relationship-unnamed /relationship_type 2.1 §5.1"],
  },
  {
    name: "a relationship that has",
    given: sdo("relationship", {
      relationship_type: "indicates",
      source_ref: INDICATOR.id,
      target_ref: MALWARE.id,
    }),
    want: [],
  },
  {
    name: "a relationship with capitals",
    given: sdo("relationship", {
      relationship_type: "Uses",
      source_ref: INDICATOR.id,
      target_ref: MALWARE.id,
    }),
    want: ["error stix/relationship-type /relationship_type 2.1 §5.1"],
  },
  {
    name: "a sighting of an observable",
    given: sdo("sighting", { sighting_of_ref: file }),
    want: ["error stix/reference-type /sighting_of_ref 2.1 §2.9"],
  },
  // Hashes and dictionaries
  {
    name: "a hash of another length",
    given: sco("file", { name: "a", hashes: { MD5: "abc" } }),
    want: [
      "warning stix/hash-value /hashes/MD5 2.1 §2.7",
      "warning stix/id-not-deterministic /id 2.1 §3.4",
    ],
  },
  {
    name: "a hash of another name",
    given: sco("file", { name: "a", hashes: { SHA256: "abc" } }),
    want: [
      "warning stix/hash-name /hashes/SHA256 2.1 §2.7",
      "warning stix/id-not-deterministic /id 2.1 §3.4",
    ],
  },
  {
    name: "a hash whose name is too short",
    given: sco("file", { name: "a", hashes: { M: "abc" } }),
    want: [
      "error stix/dictionary-key /hashes/M 2.1 §2.7",
      "warning stix/id-not-deterministic /id 2.1 §3.4",
    ],
  },
  {
    name: "no hash",
    given: sco("file", { name: "a", hashes: {} }),
    want: [
      "error stix/dictionary-empty /hashes 2.1 §2.7",
      "warning stix/id-not-deterministic /id 2.1 §3.4",
    ],
  },
  {
    name: "a key of another character",
    given: sco("process", { pid: 1, environment_variables: { "a b": "c" } }),
    want: ["error stix/dictionary-key /environment_variables/a b 2.1 §2.3"],
  },
  // Patterns
  {
    name: "a pattern that is none",
    given: { ...INDICATOR, pattern: "[file:name =]" },
    want: ["error stix/pattern-syntax /pattern 2.1 §4.7"],
  },
  {
    name: "a pattern in another language",
    given: { ...INDICATOR, pattern: "rule a { }", pattern_type: "yara" },
    want: [],
  },
  // Extensions
  {
    name: "a predefined extension with an error",
    given: sco("file", { name: "a", extensions: { "archive-ext": { contains_refs: [] } } }),
    want: [
      "error stix/list-empty /extensions/archive-ext/contains_refs 2.1 §2.12",
      "warning stix/id-not-deterministic /id 2.1 §3.4",
    ],
  },
  {
    name: "an extension of another type of object",
    given: sco("mutex", { name: "a", extensions: { "tcp-ext": { src_flags_hex: "00" } } }),
    want: [
      "warning stix/extension-custom /extensions/tcp-ext 2.1 §11.3",
      "warning stix/id-not-deterministic /id 2.1 §3.4",
    ],
  },
  {
    name: "a defined extension without type",
    given: { ...MALWARE, extensions: { [`extension-definition--${uuid(1)}`]: { rank: 1 } } },
    want: [
      `error stix/property-missing /extensions/extension-definition--${uuid(1)}/extension_type 2.1 §7.3`,
    ],
  },
  {
    name: "a toplevel-property-extension",
    given: {
      ...MALWARE,
      rank: 1,
      toxicity: 2,
      extensions: {
        [`extension-definition--${uuid(1)}`]: { extension_type: "toplevel-property-extension" },
      },
    },
    want: [],
  },
  {
    name: "a new type by extension",
    given: sdo("rocket", {
      rank: 1,
      extensions: { [`extension-definition--${uuid(1)}`]: { extension_type: "new-sdo" } },
    }),
    want: [],
  },
  {
    name: "a custom type",
    given: sdo("x-thing", { any: { thing: [null] } }),
    want: ["warning stix/type-custom /type 2.1 §11.2"],
  },
  {
    name: "a custom type with an error in a common property",
    given: { ...sdo("x-thing", {}), labels: "a" },
    want: [
      "warning stix/type-custom /type 2.1 §11.2",
      "error stix/property-type /labels 2.1 §2.12",
    ],
  },
  // Markings
  { name: "the markings of TLP 1", given: TLP1.amber, want: [] },
  { name: "the markings of TLP 2", given: TLP2.amberStrict, want: [] },
  {
    name: "TLP under another id",
    given: { ...TLP1.red, id: marking },
    want: ["error stix/tlp-marking /id 2.1 §7.2.1.4"],
  },
  {
    name: "TLP in another colour",
    given: { ...TLP1.red, definition: { tlp: "pink" } },
    want: ["error stix/tlp-marking /definition/tlp 2.1 §7.2.1.4"],
  },
  {
    name: "a marking that says nothing",
    given: {
      type: "marking-definition",
      spec_version: "2.1",
      id: marking,
      created: MALWARE.created,
    },
    want: [
      "error stix/property-missing /definition_type 2.1 §7.2.1",
      "error stix/property-missing /definition 2.1 §7.2.1",
    ],
  },
  {
    name: "a marking that marks itself",
    given: { ...TLP1.red, object_marking_refs: [TLP1.red.id] },
    want: ["error stix/marking-circular /object_marking_refs/0 2.1 §7.2.2"],
  },
  {
    name: "selectors that resolve",
    given: {
      ...MALWARE,
      aliases: ["a"],
      granular_markings: [{ marking_ref: marking, selectors: ["name", "aliases.[0]", "id"] }],
    },
    want: [],
  },
  {
    name: "selectors that do not",
    given: {
      ...MALWARE,
      aliases: ["a"],
      granular_markings: [{ marking_ref: marking, selectors: ["aliases.[1]", "names"] }],
    },
    want: [
      "error stix/selector-unresolved /granular_markings/0/selectors/0 2.1 §7.2.3.1",
      "error stix/selector-unresolved /granular_markings/0/selectors/1 2.1 §7.2.3.1",
    ],
  },
  {
    name: "a selector that is none",
    given: { ...MALWARE, granular_markings: [{ marking_ref: marking, selectors: ["name[0]"] }] },
    want: [
      "error stix/selector-syntax /granular_markings/0/selectors/0 2.1 §7.2.3.1",
      "error stix/selector-unresolved /granular_markings/0/selectors/0 2.1 §7.2.3.1",
    ],
  },
  {
    name: "a marking and a language at once",
    given: {
      ...MALWARE,
      granular_markings: [{ marking_ref: marking, lang: "en", selectors: ["name"] }],
    },
    want: ["error stix/not-both /granular_markings/0/marking_ref 2.1 §7.2.3.1"],
  },
  // 2.0
  {
    name: "a valid indicator of 2.0",
    given: old("indicator", {
      labels: ["malicious-activity"],
      pattern: "[file:name = 'a']",
      valid_from: "2024-01-01T00:00:00Z",
    }),
    want: [],
  },
  {
    name: "an indicator of 2.0 without labels",
    given: old("indicator", { pattern: "[file:name = 'a']", valid_from: "2024-01-01T00:00:00Z" }),
    want: ["error stix/property-missing /labels 2.0 part 2 §2.5"],
  },
  {
    name: "a type of 2.1 without spec_version",
    given: {
      ...sdo("grouping", { context: "unspecified", object_refs: [file] }),
      spec_version: undefined,
    },
    want: ["error stix/property-missing /spec_version 2.1 §4.4"],
  },
  {
    name: "a container with a reference that does not resolve",
    given: old("observed-data", {
      first_observed: "2024-01-01T00:00:00Z",
      last_observed: "2024-01-01T00:00:00Z",
      number_observed: 1,
      objects: { "0": { type: "file", name: "a", parent_directory_ref: "1" } },
    }),
    want: ["error stix/reference-unresolved /objects/0/parent_directory_ref 2.1 §2.13"],
  },
  {
    name: "a container with a reference to a wrong type",
    given: old("observed-data", {
      first_observed: "2024-01-01T00:00:00Z",
      last_observed: "2024-01-01T00:00:00Z",
      number_observed: 1,
      objects: { "0": { type: "file", name: "a", parent_directory_ref: "0" } },
    }),
    want: ["error stix/reference-type /objects/0/parent_directory_ref 2.0 part 1 §2"],
  },
];

describe("parseObject reports", () => {
  test.each(CASES)("$name", ({ given, want }) => {
    expect(brief(given)).toEqual(want);
  });

  test("no more issues of an object than asked for, and how many there are", () => {
    const given = { ...MALWARE, aliases: Array.from({ length: 100 }, () => 1) };
    const { object, issues } = parseObject(given, { maxIssues: 10 });
    expect(object).toBeUndefined();
    expect(issues).toHaveLength(11);
    expect(issues.at(-1)).toMatchObject({ code: "stix/more-issues", message: expect.stringContaining("90") }); // prettier-ignore
  });

  test("but does not reject for what is tolerated", () => {
    const given = { ...MALWARE, created: "2024-01-01T00:00:00Z" };
    expect(parseObject(given).object).toBe(given);
    expect(parseObject(given, { tolerate: [] }).object).toBeUndefined();
    expect(parseObject({ ...MALWARE, labels: [] }, { tolerate: ["stix/list-empty"] }).object).toBeDefined(); // prettier-ignore
  });
});

describe("parseBundle", () => {
  test("leaves a bad object out and keeps the others", () => {
    const bad = { ...MALWARE, name: 5 };
    const { id, objects, rejected, issues } = parseBundle(
      JSON.stringify(bundle(IDENTITY, bad, 7, INDICATOR)),
    );
    expect(id).toBe(bundle().id);
    expect(objects).toEqual([IDENTITY, INDICATOR]);
    expect(rejected.map(({ pointer, raw }) => [pointer, raw])).toEqual([
      ["/objects/1", bad],
      ["/objects/2", 7],
    ]);
    expect(issues.map(({ code, pointer }) => [code, pointer])).toEqual([
      ["stix/property-type", "/objects/1/name"],
      ["stix/not-an-object", "/objects/2"],
    ]);
  });

  const codes = (given: unknown) => {
    const { objects, issues } = parseBundle(given);
    return [objects.length, ...issues.map(({ code, pointer }) => `${code} ${pointer}`)];
  };
  test.each([
    { name: "a list", given: [INDICATOR], want: [1, "stix/not-a-bundle "] },
    { name: "a TAXII envelope", given: { more: false, objects: [INDICATOR] }, want: [1, "stix/not-a-bundle "] }, // prettier-ignore
    { name: "one object", given: INDICATOR, want: [1, "stix/not-a-bundle "] },
    { name: "a number", given: 5, want: [0, "stix/not-a-bundle "] },
    { name: "an object of something else", given: { a: 1 }, want: [0, "stix/not-a-bundle "] },
    { name: "a bundle without objects", given: { type: "bundle", id: bundle().id }, want: [0] },
    {
      name: "an empty list",
      given: { ...bundle(), objects: [] },
      want: [0, "stix/list-empty /objects"],
    },
    {
      name: "objects that are no list",
      given: { ...bundle(), objects: {} },
      want: [0, "stix/property-type /objects"],
    },
    {
      name: "a bundle without id",
      given: { type: "bundle", objects: [INDICATOR] },
      want: [1, "stix/property-missing /id"],
    },
    {
      name: "a bundle with another id",
      given: { ...bundle(INDICATOR), id: INDICATOR.id },
      want: [1, "stix/id-invalid /id"],
    },
    {
      name: "a bundle in a bundle",
      given: bundle(bundle(INDICATOR)),
      want: [0, "stix/type-invalid /objects/0/type"],
    },
    {
      name: "the same version twice",
      given: bundle(INDICATOR, INDICATOR),
      want: [2, "stix/duplicate-id /objects/1/id"],
    },
    {
      name: "two versions",
      given: bundle(INDICATOR, { ...INDICATOR, modified: "2025-01-01T00:00:00.000Z" }),
      want: [2],
    },
    {
      name: "a bundle of 2.0",
      given: { ...bundle(old("vulnerability", { name: "a" })), spec_version: "2.0" },
      want: [1],
    },
    {
      name: "a bundle that says 2.1",
      given: { ...bundle(INDICATOR), spec_version: "2.1" },
      want: [1, "stix/property-custom /spec_version"],
    },
  ])("reads $name", ({ given, want }) => {
    expect(codes(given)).toEqual(want);
  });

  const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
  const circle: { self?: unknown } = {};
  circle.self = circle;
  test.each([
    {
      name: "text that is cut off",
      given: '{"type":\n"bundle"',
      want: ["stix/json-truncated", 2, 9],
    },
    { name: "text that is no JSON", given: '{"type":\n bundle}', want: ["stix/json-syntax", 2, 2] },
    { name: "empty text", given: "", want: ["stix/json-truncated", 1, 1] },
    { name: "deep text", given: deep(201), want: ["stix/too-deep", 1, 201] },
    {
      name: "text that would overflow a stack",
      given: deep(1_000_000),
      want: ["stix/too-deep", 1, 201],
    },
    { name: "a deep value", given: JSON.parse(deep(300)) as unknown, want: ["stix/too-deep"] },
    { name: "a value that contains itself", given: circle, want: ["stix/too-deep"] },
  ])("throws for $name", ({ given, want }) => {
    expect(thrownBy(() => parseBundle(given))).toEqual(want);
  });

  test("throws for more objects than allowed", () => {
    const given = bundle(INDICATOR, IDENTITY);
    expect(thrownBy(() => parseBundle(given, { maxObjects: 1 }))).toEqual(["stix/too-large"]);
  });

  test("is not polluted", () => {
    const text = `{"type":"bundle","id":"${bundle().id}","__proto__":{"polluted":true},"objects":[{"__proto__":{"polluted":true},"type":"x-a"}]}`;
    parseBundle(text);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

function thrownBy(act: () => unknown): readonly unknown[] {
  try {
    act();
  } catch (error) {
    if (error instanceof JsonTextError) return [error.code, error.line, error.column];
    if (error instanceof StixError) return [error.code];
    throw error;
  }
  return [];
}
