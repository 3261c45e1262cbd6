import { describe, expect, test } from "@jest/globals";
import {
  parseBundle,
  type CustomObject,
  type File,
  type Indicator,
  type KnownObject,
  type KnownType,
  type ObjectOfType,
  type ObservableObject,
  type StixObject,
} from "stix2-ts";
import { bundle, INDICATOR, sco, sdo } from "./objects-fixtures.ts";
import { TYPES } from "./objects-arbitrary.ts";

/* What does not compile fails `npm run check`; the tests below only make sure that it also runs. */

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(value: T): T => value;

function describeObject(object: StixObject): string {
  switch (object.type) {
    case "indicator": {
      const indicator: Indicator = object;
      return `${indicator.pattern_type}: ${object.pattern}`;
    }
    case "file":
      return object.name ?? object.hashes?.["SHA-256"] ?? object.extensions?.["pdf-ext"]?.version ?? "?"; // prettier-ignore
    case "network-traffic":
      return object.protocols.join("/") + String(object.dst_port ?? "");
    case "malware":
      return object.is_family ? "family" : "instance";
    case "relationship":
      return `${object.source_ref} ${object.relationship_type} ${object.target_ref}`;
    default:
      return object.id;
  }
}

describe("the types", () => {
  test("narrow in a switch on type, custom objects beside them", () => {
    const file = sco("file", { name: "a.exe" });
    const thing = sdo("x-thing", { rank: 1 });
    const { objects } = parseBundle(bundle(INDICATOR, file, thing));
    expect(objects.map(describeObject)).toEqual([
      "stix: [file:name = 'a.exe']",
      "a.exe",
      `x-thing--00000000-0000-4000-8000-000000000001`,
    ]);
    const patterns: readonly string[] = objects
      .filter((object) => object.type === "indicator")
      .map(({ pattern }) => pattern);
    expect(patterns).toHaveLength(1);
  });

  test("agree with what the tables say", () => {
    holds<Equal<Indicator["pattern"], string>>(true);
    holds<Equal<Indicator["valid_until"], string | undefined>>(true);
    holds<Equal<Indicator["confidence"], number | undefined>>(true);
    holds<Equal<Indicator["spec_version"], "2.1">>(true);
    holds<Equal<File["spec_version"], "2.1" | undefined>>(true);
    holds<Equal<File["contains_refs"], readonly string[] | undefined>>(true);
    holds<Equal<ObjectOfType<"opinion">["opinion"], "strongly-disagree" | "disagree" | "neutral" | "agree" | "strongly-agree">>(true); // prettier-ignore
    holds<Equal<ObjectOfType<"process">["environment_variables"], { readonly [key: string]: string } | undefined>>(true); // prettier-ignore
    holds<Equal<Extract<KnownObject, { type: "indicator" }>, Indicator>>(true);
    holds<Equal<KnownObject["type"], KnownType>>(true);
    expect(new Set(TYPES).size).toBe(42);
  });

  test("refuse what is wrong", () => {
    const custom: CustomObject = { type: "x-thing", id: "x-thing--1", anything: [1] };
    // @ts-expect-error -- a name of the specification is no custom type
    const wrong: CustomObject = { type: "indicator", id: "indicator--1" };
    // @ts-expect-error -- required properties are missing
    const less: ObjectOfType<"mutex"> = { type: "mutex", id: "mutex--1" };
    // @ts-expect-error -- no such property
    const more: ObjectOfType<"mutex"> = { type: "mutex", id: "mutex--1", name: "a", nmae: "b" };
    // @ts-expect-error -- no value of the enumeration
    const word: ObjectOfType<"opinion">["opinion"] = "maybe";
    const open: NonNullable<Indicator["indicator_types"]> = ["benign", "any other word"];
    const observable: ObservableObject = { type: "url", id: "url--1", value: "https://a.example/" };
    expect([custom, wrong, less, more, word, open, observable]).toHaveLength(7);
  });
});
