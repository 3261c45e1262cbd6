import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parsePattern, PatternSet, StixError } from "stix2-ts";
import { WasmLineReader } from "../../../services/adapters/json-lines/wasm-line-reader.ts";
import { re2 } from "../../../services/adapters/regex/re2.ts";
import { documentOf } from "../../../services/core/ingest/document.ts";
import { Prefilter } from "../../../services/core/prefilter/prefilter.ts";
import { observe, readEvent } from "../../../services/core/schema/index.ts";
import { sysmonFields } from "../../../services/core/schema/sysmon-fields.ts";
import { createRandom, type Random } from "../../../services/sample/random.ts";
import { eventPatterns } from "../../support/event-patterns.ts";
import { oddJson } from "../../support/odd-json.ts";
import { arrangements, ecsEvents, processCreation } from "../schema/documents.ts";

const reader = new WasmLineReader();

function bytesOf(lines: readonly string[]): Uint8Array {
  return Buffer.from(`${lines.join("\n")}\n`);
}

function setOf(patterns: readonly string[], mode: "observable" | "spec", subdomains: boolean) {
  const set = new PatternSet();
  for (const [at, text] of patterns.entries()) {
    try {
      set.add(String(at), {
        pattern: parsePattern(text),
        options: { mode, regex: re2, subdomains },
      });
    } catch (error) {
      if (!(error instanceof StixError)) throw error; // a piece that the engine refuses
    }
  }
  return set;
}

/** Whether a line has to be parsed: it is no object of JSON, or a pattern or an operand is met. */
function isNeeded(set: PatternSet, line: string): boolean {
  let document: unknown;
  try {
    document = JSON.parse(line);
  } catch {
    return true;
  }
  if (typeof document !== "object" || document === null) return true;
  const event = readEvent(documentOf(document));
  if (event === undefined) return false;
  const { observation } = observe(event);
  return set.match(observation).length + set.participantsOf(observation).length > 0;
}

/** Lines that have to be parsed and are not picked. */
function missed(set: PatternSet, lines: readonly string[]): readonly string[] {
  const { count, picked } = new Prefilter(set, reader).pick(bytesOf(lines));
  expect(count).toBe(lines.length);
  for (const { index, text } of picked) expect(text).toBe(lines[index]?.toWellFormed());
  const places = new Set(picked.map(({ index }) => index));
  return lines.filter((line, at) => !places.has(at) && isNeeded(set, line));
}

const piece = fc.constantFrom(
  ...'C:\\ \\ / : . ; , = { } " evil.exe Évil İ K ß HKLM HKU\\S-1-5-21-1-2-3 \\REGISTRY\\MACHINE\\'.split(
    " ",
  ),
  ..."MD5= SHA1=AB ::ffff:192.0.2.1 192.0.2.1 010.2.3.4 fe80::1 fe80::1%3 0x1F 17 1.50 1e3 type:  5 a.example CNAME".split(
    " ",
  ),
  `SHA256=${"AB".repeat(32)},MD5=${"cd".repeat(16)}`,
  "LAB\\Ann",
  "DWORD (0x0000002a)",
  "Binary Data",
  "(Default)",
  "2024-05-06 07:08:09.123",
  "2024-05-06T07:08:09Z",
  "{11111111-2222-3333-4444-55555555AAAA}",
  "HostUrl=http://a.example/x",
  "bücher.example.",
  "xn--bcher-kva.example",
  "evil\u3002example",
  "\ud800",
  "\n",
);
const someText = fc.oneof(
  fc.string(),
  fc.array(piece, { minLength: 1, maxLength: 4 }).map((all) => all.join("")),
);
const scalar = fc.oneof(
  { weight: 5, arbitrary: someText },
  { weight: 1, arbitrary: fc.oneof(fc.integer(), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true })) }, // prettier-ignore
);
const anyValue = fc.oneof(
  { weight: 8, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({ "#text": scalar }),
      fc.array(fc.array(scalar, { maxLength: 2 }), { maxLength: 2 }),
      fc.constant(null),
      fc.jsonValue({ maxDepth: 2 }),
    ),
  },
);

const events = fc.constantFrom(...sysmonFields.keys()).chain((id) =>
  fc.record({
    id: fc.constant(id),
    values: fc.dictionary(fc.constantFrom(...(sysmonFields.get(id) ?? []), "Hashes"), anyValue),
  }),
);
const asked = fc.record({
  seed: fc.string({ minLength: 8, maxLength: 8 }),
  oddity: fc.constantFrom(0, 0.02, 0.2),
  isWrapped: fc.boolean(),
  mode: fc.constantFrom("observable" as const, "spec" as const),
  subdomains: fc.boolean(),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

/** Lines that hold the documents, written oddly, and patterns that they meet or nearly meet. */
function missedOf(
  documents: readonly unknown[],
  { seed, oddity, isWrapped, mode, subdomains }: Asked,
) {
  const random = createRandom(seed);
  const lines = documents.map((document) =>
    oddJson(isWrapped ? { _id: "x", _source: document } : document, random, oddity),
  );
  const seen = lines.map((line) => documentOf(JSON.parse(line)));
  // Few patterns, so that most lines are not wanted by another.
  const patterns = seen.flatMap((document) => eventPatterns(document, 1, random));
  return missed(setOf(patterns.slice(0, 2), mode, subdomains), lines);
}

describe("no line that a pattern meets is left out", () => {
  test.each(arrangements)("$name", ({ lay }) => {
    fc.assert(
      fc.property(fc.array(events, { minLength: 1, maxLength: 3 }), asked, (all, how) => {
        const documents = all.map(({ id, values }) => lay(id, values));
        expect(missedOf(documents, how)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test.each(ecsEvents)("ECS: $name", ({ document }) => {
    const replaced = (value: unknown, values: readonly unknown[], random: Random): unknown => {
      if (typeof value === "object" && value !== null && !Array.isArray(value)) {
        return Object.fromEntries(
          Object.entries(value).map(([key, inner]) => [
            key,
            /^(?:event|provider_name|event_id|channel)$/.test(key)
              ? inner
              : replaced(inner, values, random),
          ]),
        );
      }
      return random.next() < 0.2 && values.length > 0 ? random.pick(values) : value;
    };
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 4 }), asked, (values, how) => {
        const random = createRandom(how.seed);
        expect(missedOf([replaced(document, values, random), document], how)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test("dotted keys, inside and outside of what they name", () => {
    const flat = (value: unknown, random: Random): unknown => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
      return Object.fromEntries(
        Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
          const done = flat(inner, random);
          if (
            random.next() < 0.5 &&
            typeof done === "object" &&
            done !== null &&
            !Array.isArray(done)
          ) {
            return Object.entries(done).map(([name, one]) => [`${key}.${name}`, one as unknown]);
          }
          return [[key, done]];
        }),
      );
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...arrangements),
        events,
        asked,
        ({ lay }, { id, values }, how) => {
          const documents = [lay(id, values), ...ecsEvents.map(({ document }) => document)];
          const random = createRandom(how.seed);
          expect(
            missedOf(
              documents.map((one) => flat(one, random)),
              how,
            ),
          ).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("lines that are not parsed are objects of JSON", () => {
  const nothing = new PatternSet();
  test.each([
    {
      name: "an object",
      line: '{"a": [1, -0.5e+3, true, null, "\\u00e9\\n", {}], "b": {}}',
      want: false,
    },
    { name: "nothing", line: "", want: true },
    { name: "a list", line: "[]", want: true },
    { name: "a text after it", line: "{} x", want: true },
    { name: "cut off", line: '{"a": "b', want: true },
    { name: "a comma too many", line: '{"a": 1,}', want: true },
    { name: "a comma too many in a list", line: '{"a": [1,]}', want: true },
    { name: "no comma", line: '{"a": 1 "b": 2}', want: true },
    { name: "a key without value", line: '{"a"}', want: true },
    { name: "a wrong bracket", line: '{"a": [1}}', want: true },
    { name: "a control character", line: '{"a": "\u0001"}', want: true },
    { name: "a tab in a text", line: '{"a": "\t"}', want: true },
    { name: "tabs outside", line: '\t{\t"a"\t:\t1\t}\t\r', want: false },
    { name: "an escape that is none", line: String.raw`{"a": "\x"}`, want: true },
    { name: "an escape cut short", line: String.raw`{"a": "\u12"}`, want: true },
    { name: "a backslash outside", line: String.raw`{\"a": 1}`, want: true },
    { name: "a number with a zero before it", line: '{"a": 01}', want: true },
    { name: "a number without digits", line: '{"a": -}', want: true },
    { name: "a number without a fraction", line: '{"a": 1.}', want: true },
    { name: "a word", line: '{"a": nul}', want: true },
    { name: "a byte order mark", line: "\ufeff{}", want: true },
    { name: "too deep to tell", line: `${'{"a":'.repeat(200)}1${"}".repeat(200)}`, want: true },
  ])("$name", ({ line, want }) => {
    const { picked } = new Prefilter(nothing, reader).pick(bytesOf(["{}", line, "{}"]));
    expect(picked).toEqual(want ? [{ index: 1, text: line }] : []);
  });

  test("whatever is changed in them", () => {
    const set = setOf(
      ["[file:hashes.MD5 = 'bb']", "[process:name = 'none.exe']"],
      "observable",
      false,
    );
    const change = fc.record({
      at: fc.nat(),
      remove: fc.nat({ max: 3 }),
      insert: fc.constantFrom("", '"', "\\", ",", ":", "{", "}", "[", "]", " ", "0", "\u0000", "\u007f", "e", "é", "/"), // prettier-ignore
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...arrangements),
        asked,
        fc.array(change, { minLength: 1, maxLength: 4 }),
        ({ lay }, { seed, oddity }, changes) => {
          const line = oddJson(lay(1, processCreation), createRandom(seed), oddity);
          const broken = changes.reduce((text, { at, remove, insert }) => {
            const place = at % (text.length + 1);
            return text.slice(0, place) + insert + text.slice(place + remove);
          }, line);
          expect(missed(set, [line, broken.replaceAll("\n", " "), line])).toEqual([]);
        },
      ),
      { numRuns: 5000 },
    );
  });
});

describe("a line is parsed only where there is reason to", () => {
  const line = (values: Record<string, unknown>, id = 1) =>
    JSON.stringify(arrangements[1]?.lay(id, values));
  const pick = (pattern: string, lines: readonly string[]) =>
    new Prefilter(setOf([pattern], "observable", false), reader)
      .pick(bytesOf(lines))
      .picked.map(({ index }) => index);

  test("a value of another field is none", () => {
    const lines = [
      line({ Image: "C:\\x\\evil.exe" }),
      line({ Description: "evil.exe" }),
      line({ Image: "C:\\x\\EVIL.EXE" }),
      line({ Image: "C:\\evil.exe\\x" }),
    ];
    expect(pick("[process:name = 'evil.exe']", lines)).toEqual([0, 2]);
  });

  test("an anchor that other values have is looked for too", () => {
    const lines = ["10.9.1.2", "10.8.1.2"].map((DestinationIp) => line({ DestinationIp }, 3));
    expect(pick("[ipv4-addr:value ISSUBSET '10.9.0.0/16']", lines)).toEqual([0]);
    expect(pick("[process:command_line LIKE '%-enc %']", [line({ CommandLine: "a -ENC b" }), line({ CommandLine: "a" })])).toEqual([0]); // prettier-ignore
  });

  test("without anchors, events decide that can meet the pattern", () => {
    const lines = [1, 3, 22].map((id) => line({ SourcePort: "x" }, id));
    expect(pick("[network-traffic:dst_port > 1000]", lines)).toEqual([1]);
    expect(pick("[NOT EXISTS process:pid]", lines)).toEqual([0, 1, 2]);
  });

  test("a container that is no object of fields", () => {
    const lines = arrangements.map(({ lay }) => JSON.stringify(lay(1, { Image: "a.exe" })));
    const odd = arrangements.flatMap(({ name }, at) =>
      /list of Data|text/.test(name) ? [at] : [],
    );
    expect(pick("[process:name = 'b.exe']", lines)).toEqual(odd);
    expect(odd.length).toBe(4);
  });

  test("the set is followed", () => {
    const set = setOf(["[process:name = 'a.exe']"], "observable", false);
    const prefilter = new Prefilter(set, reader);
    const lines = bytesOf([line({ Image: "a.exe" }), line({ Image: "b.exe" })]);
    const picked = () => prefilter.pick(lines).picked.map(({ index }) => index);
    expect(picked()).toEqual([0]);
    set.add("b", { pattern: parsePattern("[process:name = 'b.exe']"), options: { mode: "spec" } });
    expect(picked()).toEqual([0, 1]);
    set.remove("0");
    expect(picked()).toEqual([1]);
  });

  test("blocks longer than a piece, and lines longer than the scanner's room", () => {
    const set = setOf(["[process:name = 'evil.exe']"], "observable", false);
    const lines = Array.from({ length: 3000 }, (_, i) =>
      line({ Image: i % 1000 === 7 ? "C:\\evil.exe" : "C:\\a.exe", CommandLine: "x".repeat(i) }),
    );
    lines.push(line({ CommandLine: "y".repeat(2 ** 20) }), line({ Image: "evil.exe" }));
    const { count, picked } = new Prefilter(set, reader).pick(bytesOf(lines));
    expect(count).toBe(3002);
    expect(picked.map(({ index }) => index)).toEqual([7, 1007, 2007, 3000, 3001]);
  });
});
