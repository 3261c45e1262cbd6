import { formatAddress, type AnchorSet } from "stix2-ts";
import type { KeyedField } from "./keyed-fields.ts";
import type { KeyProbe } from "./key-probe.ts";
import type { Transform } from "./transforms.ts";

/**
 * A form of values that leaves each key one spelling: a hash in lower case, an address without leading zeros. What a field
 * holds in such forms need not be listed: the spellings of the wanted keys can be asked for.
 */
interface PlainForm {
  /** The whole value, as a regular expression in the syntax that JavaScript and Lucene have in common (a hyphen stands first in its brackets). */
  readonly pattern: string;
  /** What a part of such a value, folded, looks like. */
  readonly part: RegExp;
  readonly isAddress?: boolean;
  /** Some are numbers too (`12e0…01`), which JSON may hold in another spelling. */
  readonly isNumber?: boolean;
}

/** A key that a number has, as JavaScript writes it. */
const numberKey = /^-?\d+(?:\.\d+)?(?:e[+-]\d+)?$|^-?infinity$/;

const guid = (digits: string): string =>
  [8, 4, 4, 4, 12].map((length) => `[0-9${digits}]{${length}}`).join("-");
const octet = "(0|[1-9][0-9]{0,2})";

const forms: readonly PlainForm[] = [
  ...["a-f", "A-F"].flatMap((digits) => [
    {
      pattern: `[0-9${digits}]{32,}`,
      part: /^[\da-f.+-]*$|^[infty]+$/, // as a number it may be `1e+31`, or `Infinity`
      isNumber: true,
    },
    ...[guid(digits), String.raw`\{${guid(digits)}\}`].map((pattern) => ({
      pattern,
      part: /^[\da-f{}-]*$/,
    })),
  ]),
  {
    pattern: [octet, octet, octet, octet].join(String.raw`\.`),
    part: /^[\da-f:./]*$/,
    isAddress: true,
  },
  // Four labels of digits are an address; a name ends in letters. `xn--…` has letters beyond ASCII too.
  { pattern: String.raw`([-0-9a-z_]+\.)+[a-z]+`, part: /^[\da-z_.-]*$|[^\0-\x7f]/ },
];

/** Conversions that give a value in one of the forms as it is, or nothing. */
const keeping: ReadonlySet<Transform> = new Set<Transform>([
  "text",
  "lower",
  "guid",
  "host-name",
  "ipv4",
  "ipv6",
  "domain",
  "base-name",
  "account",
  "unquoted",
  "without-stream",
]);

export interface PlainSpellings {
  /** Regular expression of the values, whole, of which `terms` names all that can hit. */
  readonly pattern: string;
  readonly terms: readonly string[];
}

/** The values of plain form that can hit in a field; undefined where its values are not kept as they are logged. */
export function plainSpellings(field: KeyedField, probe: KeyProbe): PlainSpellings | undefined {
  const isKept =
    !field.follows &&
    field.uses.every(({ form, escaped }) => form === "value" && !escaped) &&
    probe.transformsOf(field).every((as) => keeping.has(as));
  if (!isKept) {
    return undefined;
  }
  const wanted = probe.wantedOf(field);
  const patterns = forms.filter((form) => wanted.every((anchors) => isExact(form, anchors)));
  if (patterns.length === 0) {
    return undefined;
  }
  const pattern = patterns.map((form) => form.pattern).join("|");
  const whole = new RegExp(`^(?:${pattern})$`);
  const terms = new Set<string>();
  for (const { keys } of wanted) {
    for (const key of keys) {
      for (const text of spellings(key)) {
        if (whole.test(text)) terms.add(text);
      }
    }
  }
  return { pattern, terms: [...terms] };
}

/** Whether values of a form can only hit as a whole. */
function isExact({ part, isAddress, isNumber }: PlainForm, { keys, wide }: AnchorSet): boolean {
  if (isNumber === true && [...keys].some((key) => numberKey.test(key))) {
    return false;
  }
  return wide.every((anchor) => {
    switch (anchor.kind) {
      case "literal":
        return !part.test(anchor.text);
      case "domain-suffix":
        return !part.test(anchor.key);
      case "address-range":
        return isAddress !== true;
    }
  });
}

function spellings(key: string): readonly string[] {
  const address = /^ip4:([0-9a-f]{1,8})$/.exec(key)?.[1];
  if (address !== undefined) {
    return [formatAddress({ base: BigInt(`0x${address}`), family: 4, prefix: 128 })];
  }
  const upper = key.toUpperCase();
  return [key, upper, `{${key}}`, `{${upper}}`];
}
