import { describe, expect, test } from "@jest/globals";
import {
  compareVersions,
  createBundle,
  createObject,
  effectiveLanguage,
  effectiveMarkings,
  effectiveTlp,
  InvalidObjectError,
  isKnownType,
  latestVersions,
  liftBundleTo21,
  liftTo21,
  newVersion,
  observableId,
  parseIdentifier,
  revoke,
  serialise,
  StixError,
  TLP1,
  TLP2,
  tlpName,
  type Malware,
  type ObjectOfType,
} from "stix2-ts";
import { MALWARE, uuid } from "./objects-fixtures.ts";

const NOW = "2024-06-01T12:00:00.000Z";
const sources = { now: () => new Date(NOW), uuid: () => uuid(7) };
const malware: Malware = MALWARE;

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof StixError) return error.code;
    throw error;
  }
  return "nothing thrown";
}

describe("createObject", () => {
  test("gives a domain object its version, id and times", () => {
    expect(createObject("identity", { name: "ACME" }, sources)).toEqual({
      type: "identity",
      spec_version: "2.1",
      id: `identity--${uuid(7)}`,
      created: NOW,
      modified: NOW,
      name: "ACME",
    });
  });

  test("gives an observable its deterministic id, or a random one where nothing contributes", () => {
    expect(createObject("ipv4-addr", { value: "198.51.100.3" }, sources)).toEqual({
      type: "ipv4-addr",
      spec_version: "2.1",
      id: "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4",
      value: "198.51.100.3",
    });
    expect(createObject("process", { pid: 1 }, sources).id).toBe(`process--${uuid(7)}`);
  });

  test("gives a marking definition no modified", () => {
    const given = { definition_type: "statement", definition: { statement: "©" } };
    const made = createObject("marking-definition", given, sources);
    expect(made).toEqual({ type: "marking-definition", spec_version: "2.1", id: `marking-definition--${uuid(7)}`, created: NOW, ...given }); // prettier-ignore
  });

  test("keeps an id and times that are given", () => {
    const given = { id: `identity--${uuid(1)}`, created: "2020-01-01T00:00:00.000Z", name: "a" };
    expect(createObject("identity", given, sources)).toMatchObject({ ...given, modified: NOW });
  });

  test("throws with every issue for what is not valid", () => {
    const given = { pattern: "[", pattern_type: "stix", valid_from: "now" };
    expect(() => createObject("indicator", given, sources)).toThrow(InvalidObjectError);
    try {
      createObject("indicator", given, sources);
    } catch (error) {
      const { code, issues } = error as InvalidObjectError;
      expect([code, ...issues.map(({ pointer }) => pointer)]).toEqual(["stix/object-invalid", "/valid_from", "/pattern"]); // prettier-ignore
    }
  });

  test("makes bundles, also empty ones", () => {
    expect(createBundle([malware], sources)).toEqual({ type: "bundle", id: `bundle--${uuid(7)}`, objects: [malware] }); // prettier-ignore
    expect(createBundle([], sources)).toEqual({ type: "bundle", id: `bundle--${uuid(7)}` });
  });
});

describe("versions", () => {
  test("a new one has the changes and a later time; undefined takes a property away", () => {
    const next = newVersion(malware, { name: "Ivy", aliases: ["a"], is_family: false }, sources);
    expect(next).toEqual({ ...MALWARE, modified: NOW, name: "Ivy", aliases: ["a"], is_family: false }); // prettier-ignore
    expect(newVersion(next, { aliases: undefined }, sources)).not.toHaveProperty("aliases");
    expect(malware.name).toBe("Poison");
  });

  test.each([
    {
      name: "a clock that is behind",
      modified: "2030-01-01T00:00:00.000Z",
      want: "2030-01-01T00:00:00.001Z",
    },
    { name: "a clock that stands", modified: NOW, want: "2024-06-01T12:00:00.001Z" },
    {
      name: "microseconds",
      modified: "2030-01-01T00:00:00.000999Z",
      want: "2030-01-01T00:00:00.001Z",
    },
  ])("are in order whatever the clock says: $name", ({ modified, want }) => {
    const next = newVersion({ ...malware, modified }, {}, sources);
    expect(next.modified).toBe(want);
    expect(compareVersions(next, { modified })).toBeGreaterThan(0);
  });

  test("end with a revoked one", () => {
    const last = revoke(malware, sources);
    expect(last).toEqual({ ...MALWARE, modified: NOW, revoked: true });
    expect(codeOf(() => newVersion(last, {}, sources))).toBe("stix/revoked");
  });

  test("have an id, a creator and a time of creation in common", () => {
    const changes = { id: "malware--1" } as object;
    expect(codeOf(() => newVersion(malware, changes, sources))).toBe("stix/fixed-property");
  });

  test("are what observables and markings do not have", () => {
    expect(codeOf(() => newVersion(TLP1.red, {}, sources))).toBe("stix/not-versioned");
  });

  test("are compared to any precision, and the newest of each id is kept", () => {
    const a = { id: "a", modified: "2024-01-01T00:00:00.000Z" };
    const b = { id: "a", modified: "2024-01-01T00:00:00.0000001Z" };
    const c = { id: "c" };
    expect([compareVersions(a, b), compareVersions(b, a), compareVersions(a, a), compareVersions(c, a)].map(Math.sign)).toEqual([-1, 1, 0, -1]); // prettier-ignore
    expect(latestVersions([a, c, b, { ...b }])).toEqual([b, c]);
  });
});

describe("markings", () => {
  const object = {
    object_marking_refs: [TLP2.green.id, `marking-definition--${uuid(5)}`],
    granular_markings: [
      { marking_ref: TLP2.red.id, selectors: ["external_references.[0].url"] },
      { marking_ref: TLP2.amber.id, selectors: ["external_references", "name"] },
      { lang: "de", selectors: ["name"] },
    ],
    lang: "fr",
  };

  test.each([
    { name: "the whole", selector: undefined, refs: 2, tlp: "TLP:GREEN", lang: "fr" },
    {
      name: "a part that is not marked",
      selector: "description",
      refs: 2,
      tlp: "TLP:GREEN",
      lang: "fr",
    },
    { name: "a part that is", selector: "name", refs: 3, tlp: "TLP:AMBER", lang: "de" },
    {
      name: "a part inside of one that is",
      selector: "external_references.[1]",
      refs: 3,
      tlp: "TLP:AMBER",
      lang: "fr",
    },
    {
      name: "the most specific",
      selector: "external_references.[0].url",
      refs: 4,
      tlp: "TLP:RED",
      lang: "fr",
    },
    { name: "a part that begins alike", selector: "names", refs: 2, tlp: "TLP:GREEN", lang: "fr" },
  ])("of $name", ({ selector, refs, tlp, lang }) => {
    expect(effectiveMarkings(object, selector)).toHaveLength(refs);
    expect(effectiveTlp(object, selector)).toBe(tlp);
    expect(effectiveLanguage(object, selector)).toBe(lang);
  });

  test("of an object without any", () => {
    expect([effectiveMarkings({}), effectiveTlp({}, "name"), effectiveLanguage({})]).toEqual([[], undefined, "en"]); // prettier-ignore
  });

  test("that contradict each other count as the strictest", () => {
    const refs = [TLP1.red.id, TLP2.amberStrict.id, TLP1.white.id];
    expect(effectiveTlp({ object_marking_refs: refs })).toBe("TLP:RED");
  });

  test("of TLP are known by their ids", () => {
    const all = [...Object.values(TLP1), ...Object.values(TLP2)];
    expect(all.map(({ id }) => tlpName(id))).toEqual(all.map(({ name }) => name));
    expect(tlpName(`marking-definition--${uuid(1)}`)).toBeUndefined();
  });
});

describe("serialise", () => {
  test("writes properties in the order of the tables, custom ones last, nested ones too", () => {
    const given = {
      x_rank: 1,
      external_references: [{ url: "https://a.example/", source_name: "a" }],
      is_family: true,
      name: "a",
      labels: ["b"],
      modified: NOW,
      created: NOW,
      id: MALWARE.id,
      spec_version: "2.1",
      type: "malware",
    } as unknown as Malware;
    expect(serialise({ objects: [given], id: `bundle--${uuid(9)}`, type: "bundle" })).toBe(
      `{"type":"bundle","id":"bundle--${uuid(9)}","objects":[{"type":"malware","spec_version":"2.1","id":"${MALWARE.id}",` +
        `"created":"${NOW}","modified":"${NOW}","name":"a","is_family":true,"labels":["b"],` +
        `"external_references":[{"source_name":"a","url":"https://a.example/"}],"x_rank":1}]}`,
    );
  });

  test("sets in where asked to", () => {
    expect(serialise(TLP1.red, { indent: 2 })).toContain('\n  "spec_version": "2.1"');
  });

  test("keeps a key __proto__ a key", () => {
    const file = JSON.parse('{"type":"file","extensions":{"__proto__":{"a":1}}}') as ObjectOfType<"file">; // prettier-ignore
    expect(serialise(file)).toBe('{"type":"file","extensions":{"__proto__":{"a":1}}}');
  });
});

test("identifiers are taken apart", () => {
  expect(parseIdentifier(MALWARE.id)).toEqual({ type: "malware", uuid: uuid(1), uuidVersion: 4 });
  expect(parseIdentifier("malware")).toBeUndefined();
  expect([isKnownType("malware"), isKnownType("x-a"), isKnownType("toString")]).toEqual([true, false, false]); // prettier-ignore
});

describe("what no caller with types would give", () => {
  const circle: Record<string, unknown> = { type: "identity", id: `identity--${uuid(1)}` };
  circle["x_self"] = { circle };
  const nested = (depth: number): unknown => {
    let value: unknown = 1;
    for (let i = 0; i < depth; i += 1) value = { value };
    return { type: "observed-data", id: `observed-data--${uuid(2)}`, objects: value };
  };
  const functions: [string, (value: never) => unknown][] = [
    ["liftTo21", liftTo21],
    ["liftBundleTo21", liftBundleTo21],
    ["a bundle's object", (value) => liftBundleTo21({ type: "bundle", id: "b", objects: [value] })],
    ["serialise", serialise],
    ["observableId", observableId],
    ["effectiveMarkings", effectiveMarkings],
    ["effectiveLanguage", effectiveLanguage],
    ["effectiveTlp", effectiveTlp],
    ["latestVersions", (value) => latestVersions([value])],
    ["newVersion", (value) => newVersion(value, {}, sources)],
    ["revoke", (value) => revoke(value, sources)],
  ];
  const strangers: [string, unknown][] = [
    ["null", null],
    ["undefined", undefined],
    ["a text", "identity"],
    ["a list", []],
  ];

  test.each(functions)("%s says so", (_, act) => {
    for (const [name, stranger] of strangers) {
      expect([name, codeOf(() => act(stranger as never))]).toEqual([name, "stix/not-an-object"]);
    }
  });

  test.each(functions.filter(([name]) => !/observableId|latest/.test(name)))(
    "%s refuses a circle and what is nested without end",
    (_, act) => {
      expect(codeOf(() => act(circle as never))).toBe("stix/too-deep");
      expect(codeOf(() => act(nested(100_000) as never))).toBe("stix/too-deep");
    },
  );

  test("lists that are none hold no marking; a bundle's list must be one", () => {
    const odd = { object_marking_refs: "a", granular_markings: [null, { selectors: 1 }] };
    expect(effectiveMarkings(odd as never, "name")).toEqual([]);
    const bundle = { type: "bundle", id: "b", objects: {} } as never;
    expect(codeOf(() => liftBundleTo21(bundle))).toBe("stix/property-type");
    expect(codeOf(() => serialise({ ...malware, x_size: 1n } as never))).toBe("stix/not-json");
  });
});
