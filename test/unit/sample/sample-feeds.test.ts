import { describe, expect, test } from "@jest/globals";
import {
  SAMPLE_INDICATORS,
  SAMPLE_OPEN_IOC_ID,
  sampleBundle,
  sampleOpenIoc,
} from "../../../services/sample/index.ts";

type StixObject = Readonly<Record<string, unknown>>;
const bundle = sampleBundle();
const { objects } = bundle;
/** A property's text. */
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

describe("the sample bundle", () => {
  test("is the same every time", () => {
    expect(sampleBundle()).toEqual(bundle);
    expect(JSON.parse(JSON.stringify(bundle))).toEqual(bundle);
  });

  test("has unique, well-formed ids, and every reference is inside", () => {
    const ids = new Set(objects.map(({ id }) => id));
    expect(ids.size).toBe(objects.length);
    for (const object of objects) {
      expect(object["id"]).toMatch(new RegExp(`^${textOf(object["type"])}--${UUID}$`));
      for (const [name, value] of Object.entries(object)) {
        if (!/_refs?$/.test(name)) continue;
        for (const reference of [value].flat()) expect(ids.has(reference)).toBe(true);
      }
    }
  });

  test("has what STIX 2.1 requires of an indicator", () => {
    const indicators = objects.filter(({ type }) => type === "indicator");
    expect(indicators).toHaveLength(SAMPLE_INDICATORS.length);
    for (const object of indicators) {
      expect(object).toMatchObject({
        spec_version: "2.1",
        created: expect.stringMatching(/Z$/),
        modified: expect.stringMatching(/Z$/),
        pattern: expect.any(String),
        valid_from: expect.stringMatching(/Z$/),
      });
      const until = textOf(object["valid_until"]) || "9999";
      expect(until > textOf(object["valid_from"])).toBe(true);
    }
  });

  test("shows every outcome: expired, revoked, YARA, a sequence, a set, a range", () => {
    const count = (is: (object: StixObject) => boolean): number => objects.filter(is).length;
    expect(count((object) => object["valid_until"] !== undefined)).toBe(1);
    expect(count((object) => object["revoked"] === true)).toBe(1);
    expect(count((object) => object["pattern_type"] === "yara")).toBe(1);
    for (const word of ["FOLLOWEDBY", "WITHIN", "ISSUBSET", " IN (", " LIKE ", " AND ", " OR "]) {
      expect(count(({ pattern }) => textOf(pattern).includes(word))).toBeGreaterThan(0);
    }
    expect(count(({ type }) => type === "relationship")).toBe(SAMPLE_INDICATORS.length);
  });
});

describe("the sample OpenIOC document", () => {
  const xml = sampleOpenIoc();

  test("is well formed: every element is closed in turn", () => {
    const open: string[] = [];
    const wrong: string[] = [];
    for (const tag of xml.matchAll(/<(\/?)([A-Za-z_]\w*)[^>]*?(\/?)>/g)) {
      const [whole, closing, name = "", selfClosing] = tag;
      if (closing === "/") {
        if (open.pop() !== name) wrong.push(whole);
      } else if (selfClosing !== "/") open.push(name);
    }
    expect(wrong).toEqual([]);
    expect(open).toEqual([]);
  });

  test("has an id of its own on every part", () => {
    const ids = [...xml.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
    expect(ids[0]).toBe(SAMPLE_OPEN_IOC_ID);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(19);
    for (const id of ids) expect(id).toMatch(new RegExp(`^${UUID}$`));
  });

  test("keeps AND and OR", () => {
    expect(xml.match(/operator="OR"/g)).toHaveLength(2);
    expect(xml.match(/operator="AND"/g)).toHaveLength(1);
  });
});
