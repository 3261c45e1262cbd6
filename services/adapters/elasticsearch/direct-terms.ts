import { formatAddress, type AnchorSet } from "stix2-ts";
import type { KeyedField, KeyProbe } from "../../core/schema/index.ts";

/** Ranges of the engines' whole numbers: a term outside is refused. */
const RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  byte: [-128n, 127n],
  short: [-32_768n, 32_767n],
  integer: [-2_147_483_648n, 2_147_483_647n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
  unsigned_long: [0n, 2n ** 64n - 1n],
};

const PLAIN: ReadonlySet<string> = new Set(["text", "lower", "integer"]);
const ADDRESSES: ReadonlySet<string> = new Set(["ipv4", "ipv6", "ip-version", "host-name"]);

/** What a part of a number's text, or of an address's, looks like. */
const NUMBER_PART = /^[-+.\de]*$/;
const ADDRESS_PART = /^(?:[0-9a-f:.%/]*|ipv[46]?|pv[46])$/;

/**
 * The terms by which a typed field is asked for the anchors; undefined where anchors and typed values do not correspond.
 * A typed field keeps a value, not its text: so every text that the engine takes for the value must be covered.
 */
export function directTerms(
  type: string,
  keyed: KeyedField,
  { wantedOf, isPlain, hits }: KeyProbe,
): readonly string[] | undefined {
  const { uses, follows } = keyed;
  const wanted = wantedOf(keyed);
  const transforms = new Set<string>(uses.flatMap((use) => use.transforms));
  const isSame = uses.every(({ form, escaped }) => form === "value" && !escaped) && !follows;
  if (type === "boolean") {
    return ["true", "false"].filter((text) => hits(keyed, text));
  }
  const range = RANGES[type];
  if (range !== undefined && isSame && isPlain && transforms.isSubsetOf(PLAIN)) {
    return wanted.some((anchors) => hasPart(anchors, NUMBER_PART))
      ? undefined
      : wanted.flatMap(({ keys }) => wholeNumbers(keys, range));
  }
  if (type === "ip" && isPlain && transforms.isSubsetOf(ADDRESSES)) {
    const isUnclear = wanted.some(
      (anchors) =>
        anchors.keys.has("ipv4") || anchors.keys.has("ipv6") || hasPart(anchors, ADDRESS_PART),
    );
    return isUnclear ? undefined : wanted.flatMap(addresses);
  }
  return undefined;
}

/** Whether a text is asked for that may be a part of such a value, or a name that may be its end. */
function hasPart({ wide }: AnchorSet, look: RegExp): boolean {
  return wide.some(
    (anchor) =>
      (anchor.kind === "literal" && look.test(anchor.text)) ||
      (anchor.kind === "domain-suffix" && look.test(anchor.key)),
  );
}

/** Whole numbers that the engine may read out of a text with one of the keys: `7`, `007`, `7.9`, `7e0`. */
function wholeNumbers(
  keys: ReadonlySet<string>,
  [least, most]: readonly [bigint, bigint],
): string[] {
  const terms = new Set<bigint>();
  for (const key of keys) {
    const text = key.replace(/^#/, "");
    if (/^[+-]?\d+$/.test(text)) {
      terms.add(BigInt(text.replace("+", "")));
    } else if (/^[+-]?[\d.]/.test(text) && Number.isFinite(Number(text))) {
      terms.add(BigInt(Math.trunc(Number(text))));
    }
  }
  return [...terms].filter((term) => term >= least && term <= most).map(String);
}

/** Addresses and ranges as the engine reads them: `ip4:c0000201` is 192.0.2.1. */
function addresses({ keys, wide }: AnchorSet): string[] {
  const names = wide.flatMap((one) => (one.kind === "domain-suffix" ? [one.key] : []));
  const singles = [...keys, ...names].flatMap((key) => {
    const [, family, hex = ""] = /^ip([46]):([0-9a-f]{1,32})$/.exec(key) ?? [];
    if (family === undefined || (family === "4" && hex.length > 8)) return [];
    const address = { base: BigInt(`0x${hex}`), prefix: 128 };
    return [formatAddress({ ...address, family: family === "4" ? 4 : 6 })];
  });
  const ranges = wide.flatMap((one) =>
    one.kind === "address-range" ? [`${formatAddress(one.range)}/${one.range.prefix}`] : [],
  );
  return [...singles, ...ranges];
}
