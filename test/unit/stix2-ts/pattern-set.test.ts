import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  anchorsOf,
  compilePattern,
  observationKeys,
  parsePattern,
  pathValues,
  PatternSet,
  singleObservations,
  type MatchMode,
  type Observation,
  type SetParticipant,
} from "stix2-ts";
import { re2 } from "../../../services/adapters/regex/re2.ts";

/** Values that fold, end, nest or spell in ways that an index could miss. */
const VALUES = [
  "a.exe",
  "A.EXE",
  "evil.com",
  "Evil.COM.",
  "sub.evil.com",
  "notevil.com",
  "10.1.2.3",
  "10.1.0.0/16",
  "10.1.2.128/25",
  "::ffff:10.1.2.3",
  "::/0",
  "::ffff:0:0/95",
  "::ffff:10.1.0.0/112",
  "2001:DB8::1",
  "2001:db8:0:0::1",
  "C:\\x\\a.exe",
  "c:\\\\X\\A.exe",
  "HKEY_LOCAL_MACHINE\\Software\\Evil",
  "HKLM\\software\\evil",
  "\\REGISTRY\\MACHINE\\SOFTWARE\\Evil",
  "powershell -enc SQBFAFgA",
  "PowerShell.exe -Enc sqbfafga",
  "Bücher.example",
  "xn--bcher-kva.example",
  "Ὀδυσσεύς",
  "ὈΔΥΣΣΕΎΣ",
  "cafe\u0301 noir",
  "café noir",
  "J\u030Cabcd",
  "İstanbul",
  "line\none two",
  "C:/x/a.exe",
  "C:\\x\\",
  "\\\\?\\C:\\x\\a.exe",
  "10.1.2.3/32",
  "2001:db8:0:0:0:0:0:1/128",
  "2001:0db8:0000:0000:0000:0000:0000:0001",
  "::ffff:a01:203",
  "fe80::1%eth0",
  "fe80::1",
  "fe80::/10",
  "evil\u3002com",
  "HKLM\\\\software\\\\evil",
  "HKU\\S-1-5\\Evil",
  "\\REGISTRY\\USER\\S-1-5\\Evil",
  "{0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0}",
  "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
  "",
  "443",
];
const value = fc.oneof(fc.constantFrom(...VALUES), fc.string({ unit: "grapheme", maxLength: 8 }));

/** A piece of a value, so that LIKE and MATCHES sometimes hit. */
const piece = fc
  .tuple(fc.constantFrom(...VALUES), fc.nat(12), fc.integer({ min: 1, max: 12 }))
  .map(([text, from, length]) => text.slice(from % Math.max(1, text.length)).slice(0, length));
const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
const regex = fc
  .array(
    fc.oneof(
      piece.map(escaped),
      piece.map((text) => `(?:${escaped(text)})`),
      fc.tuple(piece, piece).map(([a, b]) => `(${escaped(a)}|${escaped(b)})`),
      fc.constantFrom(
        ".*",
        "\\w+",
        "[a-z]?",
        "x*",
        "\\b",
        "s?",
        "e+",
        "[^\\]]",
        "|",
        "l{0,2}",
        "k",
      ),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .chain((parts) => fc.constantFrom("", "(?i)", "^").map((start) => start + parts.join("")));
const like = fc
  .array(fc.oneof(piece, fc.constantFrom("%", "_", "%")), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(""));

const quoted = (text: string) => `'${text.replace(/[\\']/g, "\\$&")}'`;
const test1 = fc.oneof(
  fc
    .tuple(fc.constantFrom("=", "=", "!=", "ISSUBSET", "ISSUPERSET", "<"), value)
    .map(([operator, text]) => `${operator} ${quoted(text)}`),
  fc.tuple(value, value).map(([a, b]) => `IN (${quoted(a)}, ${quoted(b)})`),
  like.map((text) => `LIKE ${quoted(text)}`),
  regex.map((text) => `MATCHES ${quoted(text)}`),
  fc.constantFrom("= 443", "> 80", "IN (1, 443)", "= h'0a0b'", "= true"),
);
const comparison = fc
  .tuple(
    fc.constantFrom("file:name", "file:path", "domain-name:value", "ipv4-addr:value", "url:value"),
    fc.boolean(),
    test1,
  )
  .map(
    ([path, negated, text]) => `${path} ${negated && text.startsWith("L") ? "NOT " : ""}${text}`,
  );
const pattern = fc
  .tuple(fc.array(comparison, { minLength: 1, maxLength: 3 }), fc.constantFrom(" AND ", " OR "))
  .map(([list, joint]) => `[${list.join(joint)}]`);
const seen = fc
  .array(
    fc.tuple(
      fc.constantFrom("file", "file path", "domain-name", "ipv4-addr", "url"),
      fc.oneof({ weight: 8, arbitrary: value }, { weight: 1, arbitrary: fc.constantFrom(443, 80) }),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((list): Observation => ({
    objects: Object.fromEntries(
      list.map(([type, text], i) => [
        `o${i}`,
        { type, [type === "file" ? "name" : "value"]: text },
      ]),
    ),
    firstObserved: 0,
    lastObserved: 0,
    numberObserved: 1,
  }));

/** Compiles what the generator made, or nothing where the regex is none. */
function compiled(text: string, mode: MatchMode, subdomains: boolean) {
  try {
    return compilePattern(parsePattern(text), { mode, subdomains, regex: re2 });
  } catch {
    return undefined;
  }
}

function sorted(found: readonly SetParticipant[]): readonly SetParticipant[] {
  return found.toSorted((a, b) => a.id.localeCompare(b.id) || a.operand - b.operand);
}

describe("PatternSet", () => {
  test("finds what trying each pattern finds, after removals too; an equals anchor is among the keys", () => {
    let hits = 0;
    fc.assert(
      fc.property(
        fc.array(pattern, { maxLength: 12 }),
        fc.array(seen, { maxLength: 4 }),
        fc.boolean(),
        fc.constantFrom<MatchMode>("observable", "spec"),
        (patterns, observations, subdomains, mode) => {
          const all = patterns.flatMap((text) => compiled(text, mode, subdomains) ?? []);
          const set = new PatternSet();
          for (const [i, one] of all.entries()) {
            set.add(String(i), one);
          }
          for (let i = 0; i < all.length; i += 4) {
            set.remove(String(i));
          }
          for (const one of observations) {
            const keys = observationKeys(one);
            const want = all.flatMap((c, i) =>
              i % 4 !== 0 && c.test(one) !== undefined ? [String(i)] : [],
            );
            hits += want.length;
            const got = set.match(one).map(({ id }) => id);
            expect(got.toSorted()).toEqual(want.toSorted());
            for (const c of all) {
              if (
                c.test(one) !== undefined &&
                c.anchors?.every(({ kind }) => kind === "equals") === true
              ) {
                expect(c.anchors.some((a) => a.kind === "equals" && keys.has(a.key))).toBe(true);
              }
            }
          }
        },
      ),
      { numRuns: 2000 },
    );
    expect(hits).toBeGreaterThan(400);
  });

  test("finds the operands of patterns over several observations that trying each finds", () => {
    let hits = 0;
    const several = fc
      .tuple(
        pattern,
        fc.constantFrom("AND", "FOLLOWEDBY", "OR"),
        pattern,
        fc.constantFrom("", " REPEATS 2 TIMES", " WITHIN 1 SECONDS"),
      )
      .map(([a, joint, b, qualifier]) => `(${a} ${joint} ${b})${qualifier}`);
    const all = fc.oneof({ weight: 3, arbitrary: several }, { weight: 1, arbitrary: pattern });
    fc.assert(
      fc.property(
        fc.array(all, { maxLength: 10 }),
        fc.array(seen, { maxLength: 4 }),
        fc.constantFrom<MatchMode>("observable", "spec"),
        (patterns, observations, mode) => {
          const made = patterns.flatMap((text) => compiled(text, mode, false) ?? []);
          const set = new PatternSet();
          for (const [i, one] of made.entries()) set.add(`p:${i}`, one);
          for (let i = 0; i < made.length; i += 4) set.remove(`p:${i}`);
          for (let i = 1; i < made.length; i += 4) set.add(`p:${i}`, made[i - 1] as (typeof made)[0]); // prettier-ignore
          for (const one of observations) {
            const want = made.flatMap((_, i) => {
              const c = made[i % 4 === 1 ? i - 1 : i] as (typeof made)[0];
              if (i % 4 === 0 || c.singleObservation) return [];
              return (c.correlation?.operands ?? []).flatMap((text, operand) => {
                const why = compilePattern(text, c.options).test(one);
                return why === undefined
                  ? []
                  : [{ id: `p:${i}`, operand, options: c.options, why }];
              });
            });
            hits += want.length;
            expect(sorted(set.participantsOf(one))).toEqual(sorted(want));
            const matched = new Set(set.match(one).map(({ id }) => id));
            expect(want.filter(({ id }) => matched.has(id))).toEqual([]);
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(hits).toBeGreaterThan(200);
  });

  test("an observation satisfies what a value calls up at an anchored path, or what has no anchors", () => {
    let kept = 0;
    fc.assert(
      fc.property(
        fc.array(pattern, { minLength: 1, maxLength: 3 }),
        seen,
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom<MatchMode>("observable", "spec"),
        fc.constantFrom("= V", "IN ('none', V)", "LIKE V", "ISSUBSET V", "MATCHES V"),
        (drawn, one, subdomains, isSeveral, mode, own) => {
          // One that the observation's first object meets, as far as the operator allows.
          const first = one.objects["o0"] ?? { type: "file" };
          const seenText = [first["name"], first["value"]].find((v) => typeof v === "string") ?? "";
          const place = first.type === "file" ? "file:name" : `${first.type}:value`;
          const patterns = [
            `[${place} ${own.replace("V", () => quoted(seenText))}]`,
            ...drawn.slice(1),
          ];
          const texts = isSeveral ? [patterns.join(" FOLLOWEDBY ")] : patterns;
          const set = new PatternSet();
          for (const [i, c] of texts
            .flatMap((text) => compiled(text, mode, subdomains) ?? [])
            .entries()) {
            set.add(String(i), c);
          }
          const isCalledUp = set.anchoredPaths.some(({ path, kinds }) =>
            Object.entries(one.objects).some(
              ([key, { type }]) =>
                type === path.objectType &&
                pathValues(one, key, path.steps, mode).some(
                  ({ value: found }) =>
                    (typeof found === "string" || typeof found === "number") &&
                    set.callsUp(found, kinds),
                ),
            ),
          );
          const isMet = set.match(one).length + set.participantsOf(one).length > 0;
          if (isMet && set.unanchored().length === 0) {
            kept += 1;
            expect(isCalledUp).toBe(true);
          }
          if (isCalledUp) expect(set.anchoredPaths.length).toBeGreaterThan(0);
          const before = set.changes;
          for (const id of set.ids()) set.remove(id);
          expect(set.unanchored()).toEqual([]);
          expect(VALUES.some((text) => set.callsUp(text))).toBe(false);
          expect(set.changes).toBe(before * 2);
        },
      ),
      { numRuns: 2000 },
    );
    expect(kept).toBeGreaterThan(100);
  });

  test("tries few of many operands", () => {
    let tried = 0;
    const engine = (): { test: (text: string) => boolean } => ({
      test: () => {
        tried += 1;
        return true;
      },
    });
    const set = new PatternSet();
    for (let i = 0; i < 2000; i++) {
      const text = `[file:name = 'a${i}.exe' AND file:path MATCHES 'x'] FOLLOWEDBY [file:name = 'b${i}.exe' AND file:path MATCHES 'y']`;
      set.add(String(i), {
        pattern: parsePattern(text),
        options: { mode: "observable", regex: engine },
      });
    }
    const found = set.participantsOf({
      objects: { f: { type: "file", name: "B1234.EXE", path: "p" } },
      firstObserved: 0,
      lastObserved: 0,
      numberObserved: 1,
    });
    expect(found.map(({ id, operand }) => ({ id, operand }))).toEqual([{ id: "1234", operand: 1 }]);
    expect(tried).toBeLessThan(10);
  });

  test("stays right when most patterns are replaced and removed", () => {
    const set = new PatternSet();
    const options = { mode: "observable" } as const;
    const name = (i: number) => parsePattern(`[file:name = 'file-${i % 700}.exe']`);
    for (let i = 0; i < 5000; i++) {
      set.add(`p${i}`, { pattern: name(i), options });
    }
    for (let i = 0; i < 5000; i++) {
      if (i % 10 === 0) set.add(`p${i}`, { pattern: name(i + 1), options });
      else if (i % 10 !== 5) set.remove(`p${i}`);
    }
    expect(set.size).toBe(1000);
    expect(set.has("p1")).toBe(false);
    const observation = (i: number): Observation => ({
      objects: { f: { type: "file", name: `FILE-${i}.exe` } },
      firstObserved: 0,
      lastObserved: 0,
      numberObserved: 1,
    });
    for (let i = 0; i < 700; i++) {
      const want = Array.from({ length: 5000 }, (_, p) => p).filter(
        (p) => (p % 10 === 0 && (p + 1) % 700 === i) || (p % 10 === 5 && p % 700 === i),
      );
      const got = set.match(observation(i)).map(({ id }) => id);
      expect(got.toSorted()).toEqual(want.map((p) => `p${p}`).toSorted());
    }
  });

  test("a pattern that can't be evaluated leaves the set as it was", () => {
    const set = new PatternSet();
    const options = { mode: "observable", regex: re2 } as const;
    set.add("p", { pattern: parsePattern("[file:name = 'a']"), options });
    const bad = { pattern: parsePattern("[file:name MATCHES '(?=a)']"), options };
    expect(() => set.add("p", bad)).toThrow(/MATCHES/);
    expect(set.size).toBe(1);
    expect(set.ids()).toEqual(["p"]);
  });
});

describe("anchors of LIKE and MATCHES", () => {
  const anchors = (text: string) => {
    const [single] = singleObservations(parsePattern(text).root) ?? [];
    const found = single && anchorsOf(single.expression, { mode: "observable", regex: re2 });
    return found?.map((anchor) => (anchor.kind === "literal" ? anchor.text : anchor.kind));
  };
  test.each([
    ["[file:name LIKE '%Mimikatz%']", ["mimikatz"]],
    ["[file:name LIKE '%abc%']", undefined],
    ["[file:name MATCHES '^Mimi(katz|dogz)x?']", ["mimi"]],
    ["[file:name MATCHES 'x?(katzen|dogzen).*']", ["katzen", "dogzen"]],
    ["[file:name MATCHES 'abcdef|ghijkl']", ["abcdef", "ghijkl"]],
    ["[file:name MATCHES 'abcdef|gh']", undefined],
    ["[file:name MATCHES '(?i)powershell']", ["power"]],
    ["[file:name MATCHES '(?:abcdef)?ghijkl']", ["ghijkl"]],
    ["[file:name MATCHES 'abcde*fgh']", ["abcd"]],
    ["[file:name MATCHES '\\\\x41bcdef']", undefined],
    ["[file:name MATCHES '[]abcdef]']", undefined],
    ["[file:name MATCHES 'C:\\\\\\\\Windows']", ["c:\\windows"]],
  ] as const)("%s", (text, want) => {
    expect(anchors(text)).toEqual(want);
  });
});
