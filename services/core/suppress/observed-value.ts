/** What a match rests on, as lists of harmless values see it. */
import {
  parseAddress,
  printPath,
  walkComparisons,
  type AddressRange,
  type Pattern,
} from "stix2-ts";
import type { MatchReason, MatchRecord } from "../records.ts";

export const SORTS = ["ip", "domain", "url", "hash", "other"] as const;
/** What kind of value it is: a file may be called `example.com`, and is no domain. */
export type Sort = (typeof SORTS)[number];

export interface ObservedValue {
  readonly sort: Sort;
  readonly text: string;
  /** The host of a domain or URL, lower case, without a dot at its end. */
  readonly host: string | undefined;
  /** Of an address, or of a URL whose host is one. */
  readonly address: AddressRange | undefined;
}

/** Numbers and truth values (ports, sizes) name nothing. */
const NAMES_NOTHING = /^(?:-?\d+(?:\.\d+)?|true|false)$/;
/** RFC 3986 §3.2: the host stands after `//` and a user, before a port. */
const URL_HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)/i;
const LONGEST_HOST = 255;

/**
 * The values that a match rests on, those of its companions too. Numbers are left out where there is anything else: a
 * pattern of an address and a port rests on the address.
 */
export function valuesOf(match: MatchRecord): readonly ObservedValue[] {
  const all = [match, ...(match.companions ?? [])].flatMap(({ why }) => why);
  const naming = all.filter(({ value }) => !NAMES_NOTHING.test(value));
  return (naming.length > 0 ? naming : all).map(observedValue);
}

/** The values that a pattern asks for by name. */
export function literalsOf(pattern: Pattern): readonly ObservedValue[] {
  return [...walkComparisons(pattern)]
    .filter(({ operator, negated }) => !negated && ASKS_BY_NAME.has(operator))
    .flatMap(({ path, literals }) =>
      literals.flatMap((literal) =>
        literal.kind === "string"
          ? [observedValue({ path: printPath(path), value: literal.value })]
          : [],
      ),
    );
}

const ASKS_BY_NAME: ReadonlySet<string> = new Set(["=", "IN", "ISSUBSET"]);

/** Tells what kind of value stands at an object path. */
export function observedValue({ path, value }: Pick<MatchReason, "path" | "value">): ObservedValue {
  const plain = { text: value, host: undefined, address: undefined };
  if (path.includes("hashes")) {
    return { ...plain, sort: "hash" };
  }
  if (path.startsWith("url:")) {
    const host = plainHost(URL_HOST.exec(value)?.[1] ?? "");
    return { sort: "url", text: value, host, address: parseAddress(host) };
  }
  if (!/^(?:ipv[46]-addr|domain-name):|_refs?(?:\[[^\]]*\])?\.value$/.test(path)) {
    return { ...plain, sort: "other" };
  }
  const address = parseAddress(value.replace(/%.*$/, ""));
  return address === undefined
    ? { ...plain, sort: "domain", host: plainHost(value) }
    : { ...plain, sort: "ip", address };
}

function plainHost(text: string): string {
  return text.slice(0, LONGEST_HOST).replace(/^\[|\]$/g, "").replace(/\.+$/, "").toLowerCase(); // prettier-ignore
}
