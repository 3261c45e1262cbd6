/** Values that stand alone, as lists and MISP's attributes have them, and what they mean in a Sysmon event. */
import type { Condition } from "./condition.ts";
import type { Comparisons } from "./expression.ts";
import {
  addressTerm,
  domainTerm,
  hashTerm,
  isUndecidable,
  type Term,
  textTerm,
  type Undecidable,
  urlTerm,
} from "./term.ts";

/** What a value of a type becomes: the inside of a pattern's `[ ]`, and what of the value is left out. */
export interface Meaning {
  readonly expression: Comparisons;
  readonly lost?: string;
}

export type ReadValue = (value: string) => Meaning | Undecidable;

const SCOPE = "value";
const IMPHASH = "file:extensions.'windows-pebinary-ext'.imphash";

/** Says that something is exactly a value, whatever its case. */
export const is = (value: string): Condition => ({
  verb: "is",
  negated: false,
  caseSensitive: false,
  value,
});

export function byTerm(term: Term): ReadValue {
  return (value) => {
    const expression = term.compare(is(value));
    if (isUndecidable(expression)) return expression;
    return { expression, ...(term.limit !== undefined && { lost: term.limit }) };
  };
}

export function wrong(reason: string): Undecidable {
  return { code: "feed/term-unknown", reason };
}

const HEX = { md5: 32, sha1: 40, sha256: 64, imphash: 32 } as const;

/** A digest; what is none can't be meant. */
function digest(type: keyof typeof HEX, term: Term): ReadValue {
  const read = byTerm(term);
  const shape = new RegExp(`^[0-9a-f]{${HEX[type]}}$`, "i");
  return (value) => (shape.test(value) ? read(value) : wrong(`it is no ${type}`));
}

export const digests: Readonly<Record<string, ReadValue>> = {
  md5: digest("md5", hashTerm(SCOPE, "MD5")),
  sha1: digest("sha1", hashTerm(SCOPE, "SHA-1")),
  sha256: digest("sha256", hashTerm(SCOPE, "SHA-256")),
  imphash: digest("imphash", textTerm(SCOPE, IMPHASH)),
};

export function addressAt(path: string, value: string): Meaning | Undecidable {
  return /^[0-9a-f:.]+(?:\/\d{1,3})?$/i.test(value) && /[:.]/.test(value)
    ? byTerm(addressTerm(SCOPE, path))(value)
    : wrong("it is no address");
}

/** An address or a range, wherever it stands: at either end of a connection, in the answer to a look-up. */
export const address: ReadValue = (value) =>
  addressAt(value.includes(":") ? "ipv6-addr:value" : "ipv4-addr:value", value);

export function isMeaningless(read: Meaning | Undecidable): read is Undecidable {
  return "reason" in read;
}

export const domain: ReadValue = byTerm(domainTerm(SCOPE));
export const url: ReadValue = byTerm(urlTerm(SCOPE));
