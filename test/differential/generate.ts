/** Patterns and observations for comparing evaluators: small domains, so that they often meet. */
import fc from "fast-check";
import type { CyberObservable, Observation } from "stix2-ts";
import { stableUuid } from "../../services/sample/random.ts";

const TEXTS = [
  "a.exe",
  "A.exe",
  "b",
  "",
  "a\nb",
  "ab\n",
  "caf\u00e9",
  "cafe\u0301",
  "\u{1f600}x",
  "\uff5ex",
  "50%",
  "a_b",
];
const ADDRESSES = [
  "10.1.2.3",
  "10.1.2.0/24",
  "10.1.0.0/16",
  "0.0.0.0/0",
  "192.0.2.7",
  "10.1.2.3/32",
];
const TIMES = ["2020-01-01T00:00:00Z", "2020-01-01T00:00:00.500Z", "2021-06-05T04:03:02.100000Z"];
const BASE64 = ["YQ==", "YWI=", "4pi6"];
const MD5 = ["a".repeat(32), "A".repeat(32)];
const SHA256 = ["a".repeat(64), "b".repeat(64)];

const text = fc.constantFrom(...TEXTS);
const small = fc.integer({ min: 0, max: 3 });

const quoted = (value: string): string => `'${value.replace(/[\\']/g, "\\$&")}'`;

/** Properties a pattern may speak of, and the literals that fit (or nearly fit) what stands there. */
const PATHS: readonly { readonly path: string; readonly literal: fc.Arbitrary<string> }[] = [
  { path: "file:name", literal: text.map(quoted) },
  { path: "file:size", literal: fc.oneof(small.map(String), fc.constantFrom("1.0", "2.5")) },
  { path: "file:hashes.MD5", literal: fc.constantFrom(...MD5.map(quoted), `h'${"a".repeat(32)}'`) },
  { path: "file:hashes.'SHA-256'", literal: fc.constantFrom(...SHA256).map(quoted) },
  { path: "file:parent_directory_ref.path", literal: text.map(quoted) },
  { path: "file:content_ref.payload_bin", literal: fc.constantFrom("b'YQ=='", "'a'", "h'6162'") },
  { path: "directory:contains_refs[*].name", literal: text.map(quoted) },
  { path: "directory:contains_refs[0].size", literal: small.map(String) },
  { path: "directory:ctime", literal: fc.constantFrom(...TIMES).map((time) => `t'${time}'`) },
  { path: "ipv4-addr:value", literal: fc.constantFrom(...ADDRESSES).map(quoted) },
  { path: "network-traffic:src_ref.value", literal: fc.constantFrom(...ADDRESSES).map(quoted) },
  { path: "network-traffic:protocols[*]", literal: fc.constantFrom("'tcp'", "'ip'") },
  { path: "network-traffic:protocols[1]", literal: fc.constantFrom("'tcp'", "'ip'") },
  { path: "network-traffic:is_active", literal: fc.constantFrom("true", "false", "1") },
  { path: "windows-registry-key:values[*].data", literal: text.map(quoted) },
  { path: "windows-registry-key:values[1].name", literal: text.map(quoted) },
  { path: "x-thing:deep.list[*].n", literal: fc.oneof(small.map(String), text.map(quoted)) },
  { path: "x-thing:score", literal: fc.constantFrom("0.5", "1", "true", "-1") },
];

const WILDCARDS = ["%", "a%", "%b", "_.exe", "a_b", "%\n%", "%x", "caf_", "50%"];
const REGEXES = ["^a", "a.b", "[aA]\\\\.exe$", "x", "^$", "caf.$", "b\\\\s?$"];

function comparison(): fc.Arbitrary<string> {
  return fc.constantFrom(...PATHS).chain(({ path, literal }) =>
    fc
      .oneof(
        { weight: 4, arbitrary: literal.map((value) => `= ${value}`) },
        { weight: 2, arbitrary: literal.map((value) => `!= ${value}`) },
        fc
          .tuple(
            fc.constantFrom("<", "<=", ">", ">="),
            literal.filter((value) => value !== "true" && value !== "false"),
          )
          .map(([o, value]) => `${o} ${value}`),
        fc.array(literal, { minLength: 1, maxLength: 3 }).map((list) => `IN (${list.join(", ")})`),
        fc.constantFrom(...WILDCARDS).map((value) => `LIKE ${quoted(value)}`),
        fc.constantFrom(...REGEXES).map((value) => `MATCHES '${value}'`),
        fc
          .tuple(fc.constantFrom("ISSUBSET", "ISSUPERSET"), fc.constantFrom(...ADDRESSES))
          .map(([operator, range]) => `${operator} ${quoted(range)}`),
      )
      .chain((test) => fc.boolean().map((negated) => `${path} ${negated ? "NOT " : ""}${test}`)),
  );
}

const { inside } = fc.letrec<{ inside: string }>((tie) => ({
  inside: fc.oneof(
    { maxDepth: 2, depthSize: "small" },
    { weight: 3, arbitrary: comparison() },
    fc
      .tuple(tie("inside"), fc.constantFrom("AND", "OR"), tie("inside"))
      .map(([a, joint, b]) => `(${a} ${joint} ${b})`),
  ),
}));

const stamp = (second: number): string => `t'${new Date(second * 1000).toISOString()}'`;

/** Whole patterns of STIX 2.1; few observations each, since the peer's cost grows fast with them. */
export const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 2, depthSize: "small" },
    { weight: 3, arbitrary: inside.map((one) => `[${one}]`) },
    fc
      .tuple(tie("pattern"), fc.constantFrom("AND", "OR", "FOLLOWEDBY"), tie("pattern"))
      .map(([a, joint, b]) => `(${a} ${joint} ${b})`),
    fc
      .tuple(
        tie("pattern"),
        fc.oneof(
          fc.constantFrom("WITHIN 1 SECONDS", "WITHIN 2.5 SECONDS", "REPEATS 2 TIMES"),
          fc.tuple(small, small).map(([a, b]) => `START ${stamp(a)} STOP ${stamp(a + b + 1)}`),
        ),
      )
      .map(([a, qualifier]) => `(${a}) ${qualifier}`),
  ),
}));

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const objects = fc
  .record({
    file: optional(
      fc.record({
        name: optional(text),
        size: optional(small),
        md5: optional(fc.constantFrom(...MD5)),
        sha: optional(fc.constantFrom(...SHA256)),
        payload: optional(fc.constantFrom(...BASE64)),
      }),
    ),
    other: optional(fc.record({ name: text, size: small })),
    directory: optional(fc.record({ path: text, ctime: optional(fc.constantFrom(...TIMES)) })),
    address: optional(fc.constantFrom(...ADDRESSES)),
    protocols: optional(fc.array(fc.constantFrom("tcp", "ip"), { minLength: 1, maxLength: 2 })),
    active: optional(fc.boolean()),
    values: optional(
      fc.array(fc.record({ name: text, data: text }), { minLength: 1, maxLength: 2 }),
    ),
    list: optional(fc.array(fc.oneof(small, text, fc.boolean()), { maxLength: 2 })),
    score: optional(fc.constantFrom<number | boolean>(0.5, 1, -1, true)),
  })
  .map((made) => {
    const out: Record<string, CyberObservable> = {};
    const put = (key: string, type: string, properties: object) => {
      out[`${type}--${key}`] = { type, ...properties };
    };
    const { file, other, directory, address, protocols, active, values, list, score } = made;
    if (directory) {
      const contains = [...(other ? ["file--2"] : []), ...(file ? ["file--1"] : [])];
      const refs = contains.length > 0 ? { contains_refs: contains } : {};
      put("1", "directory", { path: directory.path, ...given("ctime", directory.ctime), ...refs });
    }
    if (file) {
      const asked = { ...given("MD5", file.md5), ...given("SHA-256", file.sha) };
      // A file has a name or a hash (STIX 2.1 §6.7).
      const isBare = file.name === undefined && Object.keys(asked).length === 0;
      const hashes = isBare ? { "SHA-1": "c".repeat(40) } : asked;
      put("1", "file", {
        ...given("name", file.name),
        ...given("size", file.size),
        ...(Object.keys(hashes).length > 0 ? { hashes } : {}),
        ...(directory ? { parent_directory_ref: "directory--1" } : {}),
        ...(file.payload === undefined ? {} : { content_ref: "artifact--1" }),
      });
      if (file.payload !== undefined) put("1", "artifact", { payload_bin: file.payload });
    }
    if (other) put("2", "file", other);
    if (address !== undefined) put("1", "ipv4-addr", { value: address });
    if (protocols) {
      // Traffic has a source or a destination (STIX 2.1 §6.12).
      const end = address === undefined ? { dst_ref: "mac-addr--1" } : { src_ref: "ipv4-addr--1" };
      if (address === undefined) put("1", "mac-addr", { value: "00:00:5e:00:53:01" });
      put("1", "network-traffic", { protocols, ...given("is_active", active), ...end });
    }
    if (values) put("1", "windows-registry-key", { key: "k", values });
    if (list ?? score !== undefined) {
      const deep = list ? { deep: { list: list.map((n) => ({ n })) } } : {};
      put("1", "x-thing", { ...deep, ...given("score", score) });
    }
    return out;
  });

function given(name: string, value: unknown): object {
  return value === undefined ? {} : { [name]: value };
}

/** Lists of observations, times in whole seconds. */
export const observations = fc.array(
  fc
    .tuple(objects, small, fc.constantFrom(0, 0, 0, 1, 2), fc.constantFrom(1, 1, 1, 2))
    .map(([made, first, length, count]): Observation => ({
      objects: made,
      firstObserved: first * 1000,
      lastObserved: (first + length) * 1000,
      numberObserved: count,
    })),
  { minLength: 1, maxLength: 4 },
);

/** A pattern, and the lists of observations it is tried on. */
export interface Case {
  readonly pattern: string;
  readonly lists: readonly (readonly Observation[])[];
}

const LISTS = 9;

/** So many patterns, each with nine lists: the first ones are the same whatever the number. */
export function drawCases(patterns: number): readonly Case[] {
  const texts = fc.sample(pattern, { numRuns: patterns, seed: 20_251_125 });
  const lists = fc.sample(observations, { numRuns: patterns * LISTS, seed: 5 });
  return texts.map((one, i) => ({
    pattern: one,
    lists: lists.slice(i * LISTS, (i + 1) * LISTS),
  }));
}

/** The same observations as a bundle of STIX 2.1; object ids are made distinct between observations. */
export function toBundle(list: readonly Observation[]): object {
  const identifier = (type: string, name: string) => `${type}--${stableUuid(name)}`;
  return {
    type: "bundle",
    id: identifier("bundle", "1"),
    objects: list.flatMap((observation, i) => {
      const renamed = (id: string) => identifier(id.slice(0, id.indexOf("--")), `${id} ${i}`);
      const scos = Object.entries(observation.objects).map(([id, object]) => ({
        ...Object.fromEntries(
          Object.entries(object).map(([name, value]) => {
            if (name.endsWith("_ref")) return [name, renamed(String(value))];
            if (name.endsWith("_refs")) return [name, (value as string[]).map(renamed)];
            return [name, value];
          }),
        ),
        id: renamed(id),
        spec_version: "2.1",
      }));
      const first = new Date(observation.firstObserved).toISOString();
      return [
        {
          type: "observed-data",
          id: identifier("observed-data", `${i}`),
          spec_version: "2.1",
          created: first,
          modified: first,
          first_observed: first,
          last_observed: new Date(observation.lastObserved).toISOString(),
          number_observed: observation.numberObserved,
          object_refs: scos.map(({ id }) => id),
        },
        ...scos,
      ];
    }),
  };
}
