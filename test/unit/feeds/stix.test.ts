import { describe, expect, test } from "@jest/globals";
import { INDICATOR, bundle, read, stixId } from "./fixtures.ts";

describe("entries of a STIX file", () => {
  test.each([
    { name: "a good indicator", given: {}, want: { status: "accepted" } },
    {
      name: "no pattern_type, as in STIX 2.0",
      given: { pattern_type: undefined, spec_version: undefined },
      want: { status: "accepted" },
    },
    {
      name: "a YARA rule",
      given: { pattern_type: "yara", pattern: "rule x {}" },
      want: {
        status: "rejected",
        code: "feed/pattern-type-unsupported",
        reason: expect.stringContaining('"yara" is kept, not evaluated'),
      },
    },
    {
      name: "a Sigma rule",
      given: { pattern_type: "sigma", pattern: "title: x" },
      want: { status: "rejected", code: "feed/pattern-type-unsupported" },
    },
    {
      name: "no pattern",
      given: { pattern: undefined },
      want: { status: "rejected", code: "feed/pattern-missing" },
    },
    {
      name: "a pattern that is a number",
      given: { pattern: 5 },
      want: { status: "rejected", code: "feed/pattern-missing" },
    },
    {
      name: "a syntax error, with a caret below it",
      given: { pattern: "[file:name =~ 'x']" },
      want: {
        status: "rejected",
        code: "feed/pattern-syntax",
        reason: expect.stringMatching(/\n *\^/),
      },
    },
    {
      name: "smart quotes",
      given: { pattern: "[file:name = \u2018x\u2019]" },
      want: {
        status: "partly",
        code: "feed/pattern-repaired",
        reason: "Repaired: smart quotes made straight.",
      },
    },
    {
      name: "no id",
      given: { id: undefined },
      want: { status: "partly", reason: "It has no id; one was made of its pattern." },
    },
    {
      name: "a wrong time",
      given: { valid_until: "next week" },
      want: { status: "partly", lost: ['valid_until: "next week" is no STIX timestamp'] },
    },
    {
      name: "a wrong confidence",
      given: { confidence: "high" },
      want: { status: "partly", lost: ['confidence: "high" is no whole number from 0 to 100'] },
    },
  ])("$name", ({ given, want }) => {
    const { entries, indicators } = read(
      bundle({ ...INDICATOR, ...given }, { ...INDICATOR, id: stixId("indicator", 9) }),
    );
    expect(entries[0]).toMatchObject({ where: "/objects/0", ...want });
    expect(entries[1]).toEqual({
      status: "accepted",
      id: stixId("indicator", 9),
      where: "/objects/1",
    });
    expect(indicators.length).toBe(want.status === "rejected" ? 1 : 2);
  });

  test("what is no indicator is counted, what is no object is rejected", () => {
    const { entries, ignored, indicators } = read(
      bundle(
        { type: "malware", id: stixId("malware", 1) },
        5,
        { id: "x" },
        { type: "malware", id: stixId("malware", 2) },
        INDICATOR,
      ),
    );
    expect(ignored).toEqual({ malware: 2 });
    expect(entries.map(({ status, where, code }) => [status, where, code])).toEqual([
      ["rejected", "/objects/1", "feed/not-an-object"],
      ["rejected", "/objects/2", "feed/not-an-object"],
      ["accepted", "/objects/4", undefined],
    ]);
    expect(indicators.map(({ id }) => id)).toEqual([INDICATOR.id]);
  });

  test("of one id the newest version counts, wherever it stands", () => {
    const { entries, indicators } = read(
      bundle(
        { ...INDICATOR, name: "old" },
        { ...INDICATOR, name: "new", modified: "2026-03-01T00:00:00Z", revoked: true },
        { ...INDICATOR, name: "middle", modified: "2026-02-01T00:00:00.5Z" },
      ),
    );
    expect(indicators.map(({ name, revoked }) => [name, revoked])).toEqual([["new", true]]);
    expect(entries.map(({ status, code }) => [status, code])).toEqual([
      ["ignored", "feed/duplicate-id"],
      ["accepted", undefined],
      ["ignored", "feed/duplicate-id"],
    ]);
  });

  test("a STIX 2.0 bundle keeps its spelling", () => {
    const pattern = "[process:binary_ref.name = 'x' AND file:hashes.'SHA-256' = 'ab']";
    const { version, indicators } = read(
      JSON.stringify({
        type: "bundle",
        id: stixId("bundle", 1),
        spec_version: "2.0",
        objects: [{ ...INDICATOR, spec_version: undefined, pattern_type: undefined, pattern }],
      }),
    );
    expect([version, indicators[0]?.pattern]).toEqual(["2.0", pattern]);
  });

  test("a file in a file: a list of bundles", () => {
    const one = JSON.parse(bundle(INDICATOR)) as unknown;
    const { entries } = read(JSON.stringify([one, { ...INDICATOR, id: stixId("indicator", 2) }]));
    expect(entries.map(({ where }) => where)).toEqual(["/0/objects/0", "/1"]);
  });
});

test("an indicator carries what its file says about it", () => {
  const author = { type: "identity", id: stixId("identity", 1), name: "Example Lab" };
  const malware = { type: "malware", id: stixId("malware", 1), name: "Wanna" };
  const group = { type: "intrusion-set", id: stixId("intrusion-set", 1), name: "Group 7" };
  const actor = { type: "threat-actor", id: stixId("threat-actor", 1), name: "Mallory" };
  const campaign = { type: "campaign", id: stixId("campaign", 1), name: "May" };
  const own = {
    type: "marking-definition",
    id: stixId("marking-definition", 1),
    definition_type: "tlp",
    definition: { tlp: "amber" },
  };
  const relate = (
    number: number,
    source: { id: string },
    relationship_type: string,
    target: string,
  ) => ({
    type: "relationship",
    id: stixId("relationship", number),
    source_ref: source.id,
    relationship_type,
    target_ref: target,
  });
  const { indicators, ignored } = read(
    bundle(
      relate(1, INDICATOR, "indicates", malware.id),
      relate(2, INDICATOR, "indicates", campaign.id),
      relate(3, campaign, "attributed-to", group.id),
      relate(4, group, "attributed-to", actor.id),
      relate(5, actor, "attributed-to", group.id),
      relate(6, INDICATOR, "indicates", stixId("malware", 99)),
      relate(7, INDICATOR, "based-on", stixId("observed-data", 1)),
      {
        ...INDICATOR,
        name: "N",
        description: "D",
        labels: ["malicious-activity"],
        indicator_types: ["malicious-activity", "compromised"],
        confidence: 80,
        valid_until: "2027-01-01T00:00:00Z",
        created_by_ref: author.id,
        kill_chain_phases: [{ kill_chain_name: "mitre-attack", phase_name: "execution" }],
        object_marking_refs: ["marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", own.id],
        granular_markings: [
          {
            marking_ref: "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
            selectors: ["name"],
          },
        ],
      },
      malware,
      campaign,
      group,
      actor,
      author,
      own,
    ),
  );
  expect(indicators).toEqual([
    {
      id: INDICATOR.id,
      pattern: INDICATOR.pattern,
      patternType: "stix",
      name: "N",
      description: "D",
      created: INDICATOR.created,
      modified: INDICATOR.modified,
      validFrom: INDICATOR.valid_from,
      validUntil: "2027-01-01T00:00:00Z",
      revoked: false,
      confidence: 80,
      labels: ["malicious-activity", "compromised"],
      markings: [
        "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
        own.id,
        "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
        "TLP:AMBER",
        "TLP:RED",
      ],
      killChain: ["mitre-attack:execution"],
      context: [
        { relationship: "indicates", type: "malware", id: malware.id, name: "Wanna" },
        { relationship: "indicates", type: "campaign", id: campaign.id, name: "May" },
        { relationship: "attributed-to", type: "intrusion-set", id: group.id, name: "Group 7" },
        { relationship: "attributed-to", type: "threat-actor", id: actor.id, name: "Mallory" },
        { relationship: "created-by", type: "identity", id: author.id, name: "Example Lab" },
      ],
      original: { format: "stix", id: INDICATOR.id },
    },
  ]);
  expect(ignored["relationship"]).toBe(7);
});

describe("a pattern is repaired only when it does not parse", () => {
  test.each([
    { name: "smart quotes", given: "[file:name = \u2018a\u2019]", want: "[file:name = 'a']" },
    {
      name: "smart double quotes",
      given: "[file:name = \u201Ca\u201D]",
      want: "[file:name = 'a']",
    },
    {
      name: "a smart quote in a good literal is content",
      given: "[file:name = 'it\u2019s']",
      want: "[file:name = 'it\u2019s']",
    },
    {
      name: "full-width characters",
      given: "\uFF3Bfile\uFF1Aname \uFF1D \uFF07a\uFF07\uFF3D",
      want: "[file:name = 'a']",
    },
    {
      name: "full-width characters in a literal are content",
      given: "\uFF3Bfile:name = '\uFF21'\uFF3D",
      want: "[file:name = '\uFF21']",
    },
    {
      name: "invisible characters",
      given: "[file:name\u200B = \u200B'a']",
      want: "[file:name = 'a']",
    },
    { name: "escaped quotes", given: "[file:name = \\'a\\']", want: "[file:name = 'a']" },
    { name: "double quotes", given: '[file:name = "a"]', want: "[file:name = 'a']" },
    { name: "escaped double quotes", given: '[file:name = \\"a\\"]', want: "[file:name = 'a']" },
    {
      name: "a hash name without quotes",
      given: "[file:hashes.SHA-256 = 'ab']",
      want: "[file:hashes.SHA-256 = 'ab']",
    },
    {
      name: "single backslashes",
      given: "[file:name = 'C:\\Temp\\x']",
      want: "[file:name = 'C:\\\\Temp\\\\x']",
    },
    {
      name: "three backslashes",
      given: "[file:name = 'C:\\\\\\Temp']",
      want: "[file:name = 'C:\\\\\\\\Temp']",
    },
    {
      name: "doubled backslashes parse and stay",
      given: "[file:name = 'C:\\\\\\\\Temp']",
      want: "[file:name = 'C:\\\\\\\\Temp']",
    },
    {
      name: "START and STOP as in STIX 2.0",
      given: "[file:name = 'a'] START '2026-01-01T00:00:00Z' STOP '2026-01-02T00:00:00Z'",
      want: "[file:name = 'a'] START '2026-01-01T00:00:00Z' STOP '2026-01-02T00:00:00Z'",
    },
  ])("$name", ({ given, want }) => {
    const { indicators, entries } = read(bundle({ ...INDICATOR, pattern: given }));
    expect(indicators.map(({ pattern }) => pattern)).toEqual([want]);
    expect(entries[0]?.status).toBe(given === want ? "accepted" : "partly");
    expect(indicators[0]?.original.text).toBe(given === want ? undefined : given);
  });
});
