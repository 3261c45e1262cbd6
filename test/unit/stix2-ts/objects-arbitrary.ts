import * as fc from "fast-check";
import type { KnownType, StixObject } from "stix2-ts";
import type { Kind, Properties, Rule } from "../../../packages/stix2-ts/src/model/kind.ts";
import { objectTable } from "../../../packages/stix2-ts/src/model/object-tables.ts";

export const TYPES: readonly KnownType[] = [
  "attack-pattern",
  "campaign",
  "course-of-action",
  "grouping",
  "identity",
  "incident",
  "indicator",
  "infrastructure",
  "intrusion-set",
  "location",
  "malware",
  "malware-analysis",
  "note",
  "observed-data",
  "opinion",
  "report",
  "threat-actor",
  "tool",
  "vulnerability",
  "relationship",
  "sighting",
  "artifact",
  "autonomous-system",
  "directory",
  "domain-name",
  "email-addr",
  "email-message",
  "file",
  "ipv4-addr",
  "ipv6-addr",
  "mac-addr",
  "mutex",
  "network-traffic",
  "process",
  "software",
  "url",
  "user-account",
  "windows-registry-key",
  "x509-certificate",
  "language-content",
  "marking-definition",
  "extension-definition",
];

type Values = Record<string, unknown>;

/** Valid objects of one type, with any of its properties, made after its table. */
export function arbitraryOf(type: KnownType): fc.Arbitrary<StixObject> {
  const table = objectTable(type);
  if (table === undefined) throw new Error(type);
  return fc
    .tuple(propertiesOf(table.properties, table.rules), fc.uuid({ version: 4 }))
    .map(([values, uuid]) => {
      const object = { ...values, type, id: `${type}--${uuid}` };
      return { ...object, ...particular(type, values) } as unknown as StixObject;
    });
}

export const arbitraryObject: fc.Arbitrary<StixObject> = fc
  .constantFrom(...TYPES)
  .chain(arbitraryOf);

/** What no table says. */
function particular(type: KnownType, values: Values): Values {
  const times =
    "modified" in values
      ? { created: "2020-01-01T00:00:00.000Z", modified: "2020-01-01T00:00:00.001Z" }
      : {};
  switch (type) {
    case "indicator":
      return { ...times, pattern: "[file:name = 'a']", pattern_type: "stix" };
    case "relationship":
      return { ...times, relationship_type: "related-to" };
    case "malware":
      return { ...times, name: "a" };
    case "observed-data":
      return { ...times, object_refs: ["url--3f2a0a8c-5d0c-4b8e-9a1f-0a1b2c3d4e5f"] };
    case "network-traffic":
      return { is_active: false };
    case "email-message":
      return { is_multipart: false, body_multipart: undefined };
    case "language-content":
      return { ...times, contents: { de: { name: "ä" }, "en-GB": { goals: ["a"] } } };
    case "marking-definition":
      return { definition_type: "statement", definition: { statement: "©" } };
    default:
      return times;
  }
}

function propertiesOf(properties: Properties, rules: readonly Rule[] = []): fc.Arbitrary<Values> {
  const kinds = Object.entries(properties).filter(
    ([, kind]) => kind.kind !== "observables" && kind.kind !== "identifier",
  );
  const all = fc.record(
    Object.fromEntries(kinds.map(([name, kind]) => [name, arbitraryKind(kind)])),
  );
  const optional = kinds.filter(([, kind]) => kind.required !== true).map(([name]) => name);
  return fc.tuple(all, fc.subarray(optional)).map(([full, left]) => {
    const values: Values = { ...full };
    for (const name of left) delete values[name];
    for (const rule of rules) obey(rule, values, full);
    return values;
  });
}

function obey(rule: Rule, values: Values, full: Values): void {
  switch (rule.rule) {
    case "at-least-one": {
      const names = rule.of ?? Object.keys(full).filter((name) => !COMMON.has(name));
      if (names.some((name) => name in values)) return;
      const [first = ""] = names;
      values[first] = full[first];
      return;
    }
    case "not-both":
      if (rule.of.every((name) => name in values)) delete values[rule.of[1]];
      return;
    case "needs":
      if (rule.property in values) for (const name of rule.also) values[name] = full[name];
      return;
    case "order":
      if (rule.earlier in values) values[rule.earlier] = "2019-01-01T00:00:00Z";
      if (rule.later in values) values[rule.later] = "2019-01-01T00:00:00.0001Z";
      return;
  }
}

const COMMON = new Set([
  "spec_version",
  "object_marking_refs",
  "granular_markings",
  "defanged",
  "extensions",
]);

const text = fc.string({ unit: "grapheme", maxLength: 12 });
const key = fc.stringMatching(/^[a-zA-Z0-9_-]{3,12}$/).filter((name) => name !== "__proto__");
const hexOf = (length: number) =>
  fc
    .uint8Array({ minLength: length / 2, maxLength: length / 2 })
    .map((bytes) => Buffer.from(bytes).toString("hex"));
const time = fc
  .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());

const FORMATS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  ipv4: fc.ipV4(),
  ipv6: fc.ipV6(),
  domain: fc.domain(),
  mac: hexOf(12).map((digits) => (digits.match(/../g) ?? []).join(":")),
  email: fc.emailAddress(),
  url: fc.webUrl(),
  language: fc.constantFrom("en", "de-CH", "zh-Hant"),
  selector: fc.constant("id"),
};

function arbitraryKind(kind: Kind): fc.Arbitrary<unknown> {
  switch (kind.kind) {
    case "string":
      return kind.format === undefined ? text : (FORMATS[kind.format] ?? text);
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer({ min: kind.min ?? -1000, max: kind.max ?? 1_000_000 });
    case "float":
      return fc.double({ min: kind.min ?? -1000, max: kind.max ?? 1000, noNaN: true }).map((n) => n + 0); // prettier-ignore
    case "timestamp":
      return time;
    case "binary":
      return fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString("base64"));
    case "hex":
      return hexOf(4);
    case "enumeration":
    case "vocabulary":
      return fc.constantFrom(...kind.values);
    case "reference": {
      const types = kind.to.flatMap((target) => TYPES.filter((type) => type === target || objectTable(type)?.category === target)); // prettier-ignore
      return fc
        .tuple(fc.constantFrom(...types), fc.uuid({ version: 4 }))
        .map(([type, uuid]) => `${type}--${uuid}`);
    }
    case "list":
      return fc.array(arbitraryKind(kind.of), { minLength: 1, maxLength: 2 });
    case "hashes":
      return fc.record({ MD5: hexOf(32), "SHA-256": hexOf(64) });
    case "dictionary":
      return fc.dictionary(key, arbitraryKind(kind.of), { minKeys: 1, maxKeys: 2, noNullPrototype: true }); // prettier-ignore
    case "record":
      return propertiesOf(kind.table.properties, kind.table.rules);
    case "extensions": {
      const defined = fc.constant({ extension_type: "property-extension", rank: 1 });
      const predefined = Object.entries(kind.predefined).map(([name, { properties, rules }]) => [name, propertiesOf(properties, rules)] as const); // prettier-ignore
      return fc.record(
        { ...Object.fromEntries(predefined), "extension-definition--71736db5-10db-43d3-b0e3-65cf81601fe1": defined }, // prettier-ignore
        { requiredKeys: ["extension-definition--71736db5-10db-43d3-b0e3-65cf81601fe1"], noNullPrototype: true }, // prettier-ignore
      );
    }
    case "any":
      return fc.oneof(text, fc.integer(), fc.boolean());
    case "identifier":
    case "observables":
      return fc.constant(undefined);
  }
}
