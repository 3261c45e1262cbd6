import { describe, expect, test } from "@jest/globals";
import { errorOf, read } from "./fixtures.ts";
import { composition, el, indicator, object, observable, oneIndicator, stixPackage } from "./stix1-fixtures.ts"; // prettier-ignore

const file = (name: string, attributes = "") => observable("File", el("File_Name", name), attributes); // prettier-ignore
const domain = (name: string) => observable("DomainName", el("Value", name));
const MUTEX = observable("Mutex", el("Name", "m"));
const A = "file:name = 'a'";
const B = "file:name = 'b'";
const D = "domain-name:value = 'd.example'";

describe("the tree of observables", () => {
  test.each([
    { name: "several observables are alternatives", given: file("a") + file("b"), want: `[${A} OR ${B}]` },
    { name: "OR", given: composition("OR", file("a"), domain("d.example")), want: `[${A} OR ${D}]` },
    { name: "AND of two files: each is a thing of its own", given: composition("AND", file("a"), file("b")), want: `[${A}] AND [${B}]` },
    { name: "AND of two kinds", given: composition("AND", file("a"), domain("d.example")), want: `[${A}] AND [${D}]` },
    { name: "OR below AND", given: composition("AND", file("a"), composition("OR", file("b"), domain("d.example"))), want: `[${A}] AND [${B} OR ${D}]` },
    { name: "AND below OR", given: composition("OR", file("a"), composition("AND", file("b"), domain("d.example"))), want: `[${A}] OR ([${B}] AND [${D}])` },
    { name: "a negated observable", given: file("a", 'negate="true"'), want: "[file:name != 'a']" },
    { name: "an AND that is negated is taken apart", given: composition("AND", file("a"), file("b")).replace("<ind:Observable>", '<ind:Observable negate="true">'), want: "[file:name != 'a' OR file:name != 'b']" },
    { name: "what is lost of an OR", given: composition("OR", file("a"), MUTEX), want: `[${A}]` },
    { name: "what is lost of an AND", given: composition("AND", file("a"), MUTEX), want: undefined },
    { name: "no operator", given: composition("XOR", file("a"), file("b")), want: undefined },
    { name: "an empty composition", given: composition("OR"), want: undefined },
  ])("$name", ({ given, want }) => {
    const { indicators, entries } = read(oneIndicator(given));
    expect(indicators[0]?.pattern).toBe(want);
    expect(entries).toHaveLength(1);
    expect(entries[0]?.status).toBe(want === undefined ? "rejected" : given.includes("Mutex") ? "partly" : "accepted");
  }); // prettier-ignore
});

const IN_PACKAGE = `<stix:Observables>
  <cybox:Observable id="ex:o1">${object("File", el("File_Name", "a"))}</cybox:Observable>
  <cybox:Observable id="ex:o2"><cybox:Object idref="ex:x"/></cybox:Observable>
  <cybox:Observable id="ex:o3">${object("File", el("File_Name", "never"))}</cybox:Observable>
  <cybox:Observable id="ex:loop"><cybox:Observable_Composition operator="OR"><cybox:Observable idref="ex:loop"/><cybox:Observable idref="ex:o1"/></cybox:Observable_Composition></cybox:Observable>
  <cybox:Observable id="ex:o4">${object("File", el("File_Name", "b"), 'id="ex:x"')}</cybox:Observable>
</stix:Observables>`;
const refer = (id: string) => `<ind:Observable idref="${id}"/>`;

describe("references", () => {
  test.each([
    { name: "to an observable", given: refer("ex:o1"), want: [`[${A}]`] },
    { name: "to an object", given: refer("ex:o2"), want: [`[${B}]`] },
    { name: "in a circle: the rest of the OR stays", given: refer("ex:loop"), want: [`[${A}]`] },
    { name: "to nothing", given: refer("ex:none"), want: [] },
  ])("$name", ({ given, want }) => {
    const { indicators, entries } = read(oneIndicator(given).replace("<stix:Indicators>", `${IN_PACKAGE}<stix:Indicators>`)); // prettier-ignore
    expect(indicators.map(({ pattern }) => pattern)).toEqual(want);
    if (want.length === 0) expect(entries[0]?.code).toBe("feed/reference-unknown");
  });

  test("observables without indicator are counted, and alone reported", () => {
    expect(read(stixPackage(IN_PACKAGE))).toMatchObject({
      indicators: [],
      entries: [{ status: "rejected", code: "feed/not-for-detection" }],
      ignored: { Observable: 5 },
    });
  });

  test("properties that stand in another object", () => {
    const address = `<cybox:Observable id="ex:a">${object("Address", el("Address_Value", "192.0.2.1"), 'id="ex:addr"')}</cybox:Observable>`;
    const connection = observable("NetworkConnection", el("Destination_Socket_Address", el("IP_Address", "", 'object_reference="ex:addr"'))); // prettier-ignore
    const text = stixPackage(`<stix:Observables>${address}</stix:Observables><stix:Indicators>${indicator("ex:i", connection)}</stix:Indicators>`); // prettier-ignore
    expect(read(text).indicators[0]?.pattern).toBe("[network-traffic:dst_ref.value = '192.0.2.1']");
  });
});

describe("indicators of indicators", () => {
  const composite = (operator: string, ...parts: readonly string[]) =>
    `<ind:Composite_Indicator_Expression operator="${operator}">${parts.join("")}</ind:Composite_Indicator_Expression>`;
  const part = (id: string) => `<ind:Indicator idref="${id}"/>`;
  test.each([
    { name: "by reference", given: [indicator("ex:1", file("a")), indicator("ex:2", domain("d.example")), indicator("ex:3", composite("AND", part("ex:1"), part("ex:2")))], want: [`[${A}]`, `[${D}]`, `[${A}] AND [${D}]`] },
    { name: "in place: parts are no indicators of their own", given: [indicator("ex:1", composite("OR", indicator("ex:2", file("a")), indicator("ex:3", file("b"))))], want: [`[${A} OR ${B}]`] },
    { name: "of itself", given: [indicator("ex:1", composite("OR", part("ex:1"), indicator("ex:2", file("a"))))], want: [`[${A}]`] },
    { name: "of nothing", given: [indicator("ex:1", composite("AND", part("ex:none")))], want: [] },
    { name: "negated", given: [indicator("ex:1", file("a"), 'negate="true"')], want: ["[file:name != 'a']"] },
  ])("$name", ({ given, want }) => {
    const { indicators } = read(stixPackage(`<stix:Indicators>${given.join("")}</stix:Indicators>`));
    expect(indicators.map(({ pattern }) => pattern)).toEqual(want);
  }); // prettier-ignore

  test("the newest of several versions stands", () => {
    const versions = [
      indicator("ex:1", file("a"), 'timestamp="2026-01-01T00:00:00Z"'),
      indicator("ex:1", file("b"), 'timestamp="2026-02-01T00:00:00Z"'),
    ];
    const { indicators, entries } = read(stixPackage(versions.join("")));
    expect(indicators.map(({ pattern }) => pattern)).toEqual([`[${B}]`]);
    expect(entries.map(({ status }) => status)).toEqual(["ignored", "accepted"]);
  });
});

test("what is said beside the observables", () => {
  const header = `<stix:STIX_Header><stix:Handling><marking:Marking><marking:Marking_Structure xsi:type="tlp:TLPMarkingStructureType" color="AMBER"/></marking:Marking></stix:Handling></stix:STIX_Header>`;
  const ttps = `<stix:TTPs><stix:TTP id="ex:ttp-1"><ttp:Title>Dropper</ttp:Title><ttp:Behavior><ttp:Malware><ttp:Malware_Instance><ttp:Name>EvilRAT</ttp:Name></ttp:Malware_Instance></ttp:Malware></ttp:Behavior></stix:TTP>
    <stix:Kill_Chains><c:Kill_Chain id="ex:kc" name="LM"><c:Kill_Chain_Phase phase_id="ex:kc2" name="Delivery"/></c:Kill_Chain></stix:Kill_Chains></stix:TTPs>`;
  const own = `<ind:Title>T</ind:Title><ind:Type>Domain Watchlist</ind:Type><ind:Description>D</ind:Description>
    <ind:Valid_Time_Position><ind:Start_Time>2026-01-01T00:00:00</ind:Start_Time><ind:End_Time>2026-02-01T00:00:00+01:00</ind:End_Time></ind:Valid_Time_Position>
    <ind:Indicated_TTP><c:TTP idref="ex:ttp-1"/></ind:Indicated_TTP>
    <ind:Kill_Chain_Phases><c:Kill_Chain_Phase phase_id="ex:kc2" kill_chain_id="ex:kc"/></ind:Kill_Chain_Phases>
    <ind:Confidence><c:Value>High</c:Value></ind:Confidence>
    <ind:Producer><c:Identity id="ex:me"><c:Name>ACME</c:Name></c:Identity></ind:Producer>`;
  const one = indicator("ex:i", own + domain("d.example"), 'timestamp="2026-01-05T00:00:00Z"');
  const { indicators, entries } = read(stixPackage(header + one + ttps));
  expect(indicators).toEqual([
    {
      id: expect.stringMatching(/^indicator--[0-9a-f-]{36}$/),
      pattern: `[${D}]`,
      patternType: "stix",
      name: "T",
      description: "D",
      created: "2026-01-05T00:00:00.000Z",
      modified: "2026-01-05T00:00:00.000Z",
      validFrom: "2026-01-01T00:00:00.000Z",
      validUntil: "2026-01-31T23:00:00.000Z",
      revoked: false,
      confidence: 85,
      labels: ["Domain Watchlist"],
      markings: ["TLP:AMBER"],
      killChain: ["LM:Delivery"],
      context: [
        { relationship: "indicates", type: "malware", id: "ex:ttp-1", name: "Dropper" },
        { relationship: "created-by", type: "identity", id: "ex:me", name: "ACME" },
      ],
      original: { format: "stix1", id: "ex:i" },
    },
  ]);
  expect(entries[0]?.status).toBe("accepted");
  expect(read(stixPackage(header + one + ttps)).indicators).toEqual(indicators);
});

test("values that were made harmless are read as meant, and the report says so", () => {
  const { entries, indicators } = read(oneIndicator(domain("evil[.]example")));
  expect(indicators[0]?.pattern).toBe("[domain-name:value = 'evil.example']");
  expect(entries).toMatchObject([{ status: "partly", code: "feed/value-repaired", repaired: ['Value "evil[.]example" was read as "evil.example"'] }]); // prettier-ignore
});

test("times and words that say nothing cost themselves alone", () => {
  const own = `<ind:Valid_Time_Position><ind:Start_Time>soon</ind:Start_Time></ind:Valid_Time_Position><ind:Confidence><c:Value>quite</c:Value></ind:Confidence>`;
  const { entries } = read(oneIndicator(own + file("a")));
  expect(entries).toMatchObject([{ status: "partly", lost: [expect.stringMatching(/^confidence/), expect.stringMatching(/^Start_Time/)] }]); // prettier-ignore
});

test("meaning in another language is said to be that", () => {
  const text = oneIndicator("<ind:Test_Mechanisms><ind:Test_Mechanism/></ind:Test_Mechanisms>");
  expect(read(text).entries[0]?.code).toBe("feed/pattern-type-unsupported");
  expect(read(oneIndicator("")).entries[0]?.code).toBe("feed/pattern-missing");
});

describe("hostile files", () => {
  const deep = (depth: number) => oneIndicator("<ind:Observable><cybox:Observable_Composition operator='OR'>".repeat(depth)); // prettier-ignore
  /** Each observable refers twice to the next: read out, it would be two to the power of a thousand. */
  const laughs = Array.from({ length: 1000 }, (_, i) => `<cybox:Observable id="ex:${i}"><cybox:Observable_Composition operator="OR">${`<cybox:Observable idref="ex:${i + 1}"/>`.repeat(2)}</cybox:Observable_Composition></cybox:Observable>`); // prettier-ignore
  const parts = (count: number) => Array.from({ length: count }, (_, i) => indicator(`ex:${i}`, `<ind:Composite_Indicator_Expression operator="OR">${`<ind:Indicator idref="ex:${i + 1}"/>`.repeat(2)}</ind:Composite_Indicator_Expression>`)); // prettier-ignore
  test.each([
    { name: "a bomb of entities", given: `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><stix:STIX_Package>&b;</stix:STIX_Package>`, want: "feed/xml-doctype" },
    { name: "nested 100,000 deep", given: deep(100_000), want: "feed/too-deep" },
    { name: "too many attributes", given: stixPackage(`<a ${Array.from({ length: 5000 }, (_, i) => `b${i}="1"`).join(" ")}/>`), want: "feed/too-large" },
    { name: "cut off", given: stixPackage("").slice(0, -9), want: "feed/xml-syntax" },
    { name: "no namespace of STIX", given: "<STIX_Package/>", want: "feed/format-unsupported" },
    { name: "a prefix that is not declared", given: "<stix:STIX_Package/>", want: "feed/xml-syntax" },
  ])("$name", ({ given, want }) => {
    expect(errorOf(given).code).toBe(want);
  }); // prettier-ignore

  test("bytes that are no UTF-8", () => {
    expect(errorOf(Buffer.concat([Buffer.from(stixPackage("")), Buffer.of(0xff)])).code).toBe("feed/not-text"); // prettier-ignore
  });

  test("UTF-16 and a byte-order mark are read", () => {
    const text = oneIndicator(file("a")).replace("UTF-8", "UTF-16");
    expect(read(`\uFEFF${oneIndicator(file("a"))}`).indicators).toHaveLength(1);
    expect(() => errorOf(Buffer.from(`\uFEFF${text}`, "utf16le"))).toThrow("the file was read");
  });

  test.each([
    { name: "observables that double at each reference", given: oneIndicator(refer("ex:0")).replace("<stix:Indicators>", `<stix:Observables>${laughs.join("")}</stix:Observables><stix:Indicators>`) },
    { name: "indicators that double at each reference", given: stixPackage(parts(40).join("")) },
    { name: "a huge attribute", given: oneIndicator(file("a", `id="${"x".repeat(5_000_000)}"`)) },
    { name: "a list of 100,000 values", given: oneIndicator(file("a##comma##".repeat(100_000))) },
  ])("$name ends", ({ given }) => {
    expect(read(given).format).toBe("stix1");
  }); // prettier-ignore
});
