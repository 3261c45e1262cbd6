/** The eight terms of SysmonSearch's rules, and what they ask of an event. */
import { type Condition, escapeRegex, textTest } from "../terms/condition.ts";
import { any, type Comparisons } from "../terms/expression.ts";
import { registryPathTerm } from "../terms/path-term.ts";
import { addressTerm, integerTerm, isUndecidable, type Undecidable } from "../terms/term.ts";

export interface RuleTerm {
  /** What it is about: one event shows things of one kind, and the process that made it. */
  readonly thing: "network" | "file" | "registry" | "process";
  readonly expression: Comparisons;
}

const SCOPE = "rule";
const IMAGE = "process:image_ref.x_path";
const DIGESTS = [
  { path: "file:hashes.MD5", digits: 32 },
  { path: "file:extensions.'windows-pebinary-ext'.imphash", digits: 32 },
  { path: "file:hashes.'SHA-1'", digits: 40 },
  { path: "file:hashes.'SHA-256'", digits: 64 },
] as const;
const LONGEST = 4096;

function unusable(reason: string): Undecidable {
  return { code: "feed/condition-unsupported", reason };
}

/** A part of a text, in any case; `*` and `?` stand for any signs and one, as the search took them. */
function part(value: string): Condition {
  const plain = { negated: false, caseSensitive: false } as const;
  if (!/[*?]/.test(value)) return { ...plain, verb: "contains", value };
  const regex = value
    .split(/([*?])/)
    .map((piece) => (piece === "*" ? ".*" : piece === "?" ? "." : escapeRegex(piece)))
    .join("");
  return { ...plain, verb: "matches", value: regex };
}

const textAt = (path: string, condition: Condition): Comparisons | Undecidable =>
  textTest(path, condition) ?? unusable("it can't be asked of text");

type Reader = (value: string) => Comparisons | Undecidable;

const hash: Reader = (given) => {
  const value = given.replace(/^(?:md5|sha1|sha256|imphash)=/i, "");
  const isWhole = /^[0-9a-f]+$/i.test(value);
  const named = DIGESTS.filter(({ digits }) => isWhole && digits === value.length);
  const tests = (named.length > 0 ? named : DIGESTS).map(({ path }) =>
    textAt(path, named.length > 0 ? { ...part(value), verb: "is" } : part(value)),
  );
  const known = tests.flatMap((test) => (isUndecidable(test) ? [] : [test]));
  return known.length === 0 ? unusable("it is no hash") : any(known);
};

/** Part of a port's digits would find ports that nobody meant. */
const port: Reader = (value) =>
  integerTerm(SCOPE, "network-traffic:dst_port").compare({ ...part(value), verb: "is" });

const address: Reader = (value) =>
  addressTerm(SCOPE, value.includes(":") ? "ipv6-addr:value" : "ipv4-addr:value").compare(part(value)); // prettier-ignore

const TERMS: Readonly<Record<string, { thing: RuleTerm["thing"]; read: Reader }>> = {
  IpAddress: { thing: "network", read: address },
  Port: { thing: "network", read: port },
  HostName: { thing: "network", read: (value) => textAt("domain-name:value", part(value)) },
  // The user interface writes it so in one place.
  Hostname: { thing: "network", read: (value) => textAt("domain-name:value", part(value)) },
  ProcessName: { thing: "process", read: (value) => textAt(IMAGE, part(value)) },
  FileName: { thing: "file", read: (value) => textAt("file:x_path", part(value)) },
  RegistryKey: {
    thing: "registry",
    read: (value) => registryPathTerm(SCOPE, "whole").compare(part(value)),
  },
  RegistryValue: {
    thing: "registry",
    read: (value) => textAt("windows-registry-key:values[*].data", part(value)),
  },
  Hash: { thing: "file", read: hash },
};

/** Reads a term; gives the reason where it can't be asked for. */
export function readTerm(key: unknown, given: unknown): RuleTerm | Undecidable {
  const value = typeof given === "number" ? String(given) : given;
  const term = typeof key === "string" && Object.hasOwn(TERMS, key) ? TERMS[key] : undefined;
  if (term === undefined) {
    const shown = typeof key === "string" ? JSON.stringify(key.slice(0, 60)) : "a key that is no text"; // prettier-ignore
    return { code: "feed/term-unknown", reason: `${shown} is none of the terms of SysmonSearch` };
  }
  if (typeof value !== "string" || value.trim() === "" || value.length > LONGEST) {
    return unusable(`${String(key).slice(0, 60)} has no value, or too long a one`);
  }
  const expression = term.read(value.trim());
  return isUndecidable(expression) ? expression : { thing: term.thing, expression };
}
