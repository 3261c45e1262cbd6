/** Patterns and values that mean harm: deep, long, repeating, ambiguous. */
import fc from "fast-check";

const many = fc.constantFrom(1, 10, 200, 300, 3000);
const quoted = (value: string): string => `'${value.replace(/[\\']/g, "\\$&")}'`;

const REGEXES = ["(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){12}", "([a-z]+)*\\d", "((a{1,9}){1,9}){1,9}", "(?=a)b", "(a)\\1", "[", "(?i)ſK", "a{1000}", "x*".repeat(50), "(".repeat(500)]; // prettier-ignore

const like = fc
  .array(fc.constantFrom("%", "_", "a", "%a", "a%", "ab", "%_", "\u{1f600}", "é", "/", "\\"), {
    maxLength: 40,
  }) // prettier-ignore
  .map((parts) => parts.join(""));

const test = fc.oneof(
  fc.constantFrom(...REGEXES).map((regex) => `MATCHES ${quoted(regex)}`),
  like.map((text) => `LIKE ${quoted(text)}`),
  many.map((n) => `= ${"9".repeat(n)}`),
  many.map((n) => `= '${"a".repeat(n)}'`),
  many.map((n) => `IN (${Array(n).fill("'a'").join(",")})`),
  fc.constantFrom("ISSUBSET '::/0'", "ISSUPERSET '0.0.0.0/0'", "= '\\\\\\\\?\\\\'", "= '{}'", "= 'xn--'", "= '....'", "< h'00'", "> t'0000-01-01T00:00:00Z'", "= -0.0"), // prettier-ignore
);

const path = fc.constantFrom("file:name", "file:x[*]", "file:x[*].y[*]", "file:parent_directory_ref.path", "x:'__proto__'", "file:__proto__.constructor", "domain-name:value", "ipv4-addr:value"); // prettier-ignore

const inside = fc.oneof(
  fc.tuple(path, test).map(([where, what]) => `${where} ${what}`),
  many.map((n) => `${"(".repeat(n)}file:name = 'a'${")".repeat(n)}`),
  fc.tuple(path, test, many).map(([a, b, n]) => Array(Math.min(n, 5)).fill(`${a} ${b}`).join(" OR ")), // prettier-ignore
  fc.tuple(path, path, test).map(([a, b, c]) => `NOT EXISTS ${a} AND (${b} ${c} OR ${a} NOT ${c})`),
  many.map((n) => `file:x${"[*]".repeat(n)} = 1`),
);

const several = fc.constantFrom("AND", "FOLLOWEDBY", "OR");

/**
 * Patterns that cost as much as their kind can. Evaluation is linear in comparisons × size of a regular expression × length
 * of a value, and each factor has its own bound here: all at their most together would take minutes.
 */
export const hostilePattern: fc.Arbitrary<string> = fc.oneof(
  inside.map((text) => `[${text}]`),
  fc.tuple(inside, several, fc.nat(12)).map(([text, word, n]) => Array(n + 1).fill(`[${text}]`).join(` ${word} `)), // prettier-ignore
  fc.tuple(inside, many).map(([text, n]) => `[${text}] REPEATS ${n} TIMES WITHIN 1 SECONDS`),
  fc.tuple(inside, many).map(([text, n]) => `([${text}] FOLLOWEDBY [${text}])${" WITHIN 2 SECONDS".repeat(n)}`), // prettier-ignore
  many.map((n) => `${"(".repeat(n)}[file:name = 'a']${")".repeat(n)}`),
  fc.constantFrom("[file:name = 'a'] REPEATS 999999999999999999999 TIMES", "[a:b = 1] WITHIN 0.0000001 SECONDS", "[a:b = 1] START t'2020-01-01T00:00:00Z' STOP t'2019-01-01T00:00:00Z'"), // prettier-ignore
);

const odd = fc.oneof(
  many.map((n) => "a".repeat(n)),
  many.map((n) => `${"a".repeat(n)}!`),
  fc.constantFrom("", ".", "....", "\\\\?\\", "\\", "{}", "xn--", "xn--a-9999999999", "::ffff:1.2.3.4/0", "HKEY_LOCAL_MACHINE\\", "\ud800", "ς", "İ", "1.2.3.4", "0.0.0.0/0", "::/0"), // prettier-ignore
  fc.string({ unit: "binary", maxLength: 20 }),
);

/** Cheap by themselves: in a graph, each is asked of many values. */
const ask = fc.constantFrom("= 'a'", "!= ''", "NOT = 'a'", "IN ('', '.')", "LIKE '%a'", "MATCHES 'a!'", "> '{'"); // prettier-ignore

/** Many steps along references, and many types in one choice. */
const graph = fc.oneof(
  fc
    .tuple(fc.constantFrom("[*]", "[0]", ""), fc.constantFrom(1, 3, 30, 80), ask)
    .map(([index, n, what]) => `directory:${`contains_refs${index}.`.repeat(n)}path ${what}`),
  fc
    .tuple(fc.constantFrom("[*]", ""), fc.constantFrom(2, 40))
    .map(
      ([index, n]) =>
        `NOT EXISTS directory:${`contains_refs${index}.parent_directory_ref.`.repeat(n)}x`,
    ),
  fc
    .tuple(fc.constantFrom(2, 5, 12), ask, ask)
    .map(([n, a, b]) =>
      Array.from(
        { length: n },
        (_, i) => `(t${i}:path ${a} OR t${(i + 1) % n}:path ${b} OR t${(i + 2) % n}:path = 'none')`,
      ).join(" AND "),
    ),
);

/** Patterns that walk references in circles and choose among objects of many types. */
export const graphPattern: fc.Arbitrary<string> = fc.oneof(
  graph.map((text) => `[${text}]`),
  fc.tuple(graph, several, graph).map(([a, word, b]) => `[${a}] ${word} [${b}]`),
);

/** Values that hold lists in lists, references to themselves, odd texts. */
const object = fc.record({
  type: fc.constantFrom("file", "x", "domain-name", "ipv4-addr", "directory"),
  name: odd,
  value: odd,
  path: odd,
  parent_directory_ref: fc.constantFrom("0", "1", "__proto__", "9"),
  x: fc.array(fc.oneof(odd, fc.record({ y: fc.array(fc.oneof(odd, fc.integer()), { maxLength: 4 }) })), { maxLength: 6 }), // prettier-ignore
});

/** Observations of such objects. */
export const hostileObservations = fc.array(
  fc
    .tuple(fc.array(object, { maxLength: 4 }), fc.nat(3), fc.nat(3), fc.constantFrom(1, 2, 1e9))
    .map(([objects, at, length, numberObserved]) => ({
      objects: Object.fromEntries(objects.map((one, i) => [String(i), one])),
      firstObserved: at * 1000,
      lastObserved: (at + length) * 1000,
      numberObserved,
    })),
  { maxLength: 12 },
);

const key = fc.nat(11).map(String);

/** Objects that refer to each other and to themselves, by one reference and by lists of them, and to what is not there. */
const linked = fc.record(
  {
    type: fc.oneof(
      fc.constant("directory"),
      fc.nat(11).map((i) => `t${i}`),
    ),
    path: odd,
    parent_directory_ref: key,
    contains_refs: fc.oneof(
      fc.array(key, { maxLength: 12 }),
      fc.constant(Array.from({ length: 12 }, (_, i) => String(i))),
      fc.array(fc.array(key, { maxLength: 3 }), { maxLength: 3 }),
    ),
  },
  { requiredKeys: ["type"] },
);

/** Observations that are graphs, most with circles. */
export const graphObservations = fc.array(
  fc.tuple(fc.array(linked, { minLength: 2, maxLength: 12 }), fc.nat(3)).map(([objects, at]) => ({
    objects: Object.fromEntries(objects.map((one, i) => [String(i), one])),
    firstObserved: at * 1000,
    lastObserved: at * 1000,
    numberObserved: 1,
  })),
  { minLength: 1, maxLength: 3 },
);
