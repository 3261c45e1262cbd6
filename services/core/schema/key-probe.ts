import { indexKey } from "stix2-ts";
import type { FieldUse, KeyedField } from "./keyed-fields.ts";
import { observables } from "./observables.ts";
import { asSysmon } from "./read-field.ts";
import { unescaped } from "./read-container.ts";
import { answersOf, detailsOf, splitAnswers, splitHashes } from "./split-values.ts";
import { transforms, type Transform } from "./transforms.ts";

/** Decides which documents can hold one of some index keys, from the values of their fields. */
export interface KeyProbe {
  /** A key is one that the observation's structure gives (a type, a reference): no field holds it. */
  readonly needsReading: boolean;
  /** Every key is of ASCII and no encoded domain name: so lower-casing a value first changes nothing. */
  readonly isPlain: boolean;
  /** The keys. */
  readonly keys: ReadonlySet<string>;
  /** Whether any value of the field can give one of the keys. */
  readonly asks: (field: KeyedField) => boolean;
  /** Whether this value of the field, alone or with others beside it, can give one of the keys. */
  readonly hits: (field: KeyedField, value: string) => boolean;
}

const structure: ReadonlySet<string> = new Set(
  observables.flatMap(({ key, type }) => [indexKey(key), indexKey(type)]),
);

/** What the keys of a transform look like; a transform that is not here gives any. */
const looks: Partial<Record<Transform, RegExp>> = {
  timestamp: /^[+-]?\d{4,6}-\d\d-\d\dt/,
  integer: /^#\d/,
  ipv4: /^ip4:/,
  "ip-version": /^ipv[46]$/,
  "registry-type": /^reg_/,
};

/** Makes the probe for keys as `indexKey` (stix2-ts) makes them. */
export function keyProbe(wanted: Iterable<string>): KeyProbe {
  const keys = new Set(wanted);
  const list = [...keys];
  const tails = new Set(list.filter((key) => key.includes("\\")).map(tailOf));
  const isPlain = list.every((key) => /^[\0-\x7f]*$/.test(key) && !key.includes("xn--"));
  const asked = new Map<Transform, boolean>();
  const isAsked = (as: Transform): boolean => {
    const known = asked.get(as);
    if (known !== undefined) return known;
    const look = looks[as];
    const answer = look === undefined || list.some((key) => look.test(key));
    asked.set(as, answer);
    return answer;
  };
  return {
    keys,
    needsReading: list.some((key) => structure.has(key) || structure.has(key.replace(/:\d+$/, ""))),
    isPlain,
    asks: ({ uses }) => uses.some((use) => use.transforms.some(isAsked)),
    hits: (field, value) => {
      // Where the document has half a character, the index has one of these.
      if (!isPlain && /[\ufffd?]/.test(value)) return true;
      for (const spelling of spellingsOf(value)) {
        for (const use of field.uses) {
          for (const text of textsOf(use, spelling)) {
            for (const as of use.transforms) {
              if (isAsked(as) && gives(as, text, keys)) return true;
            }
          }
        }
        if (field.follows && tails.size > 0 && tails.has(tailOf(indexKey(`x\\${spelling}`)))) {
          return true;
        }
      }
      return false;
    },
  };
}

/** The last part of a path, without what `indexKey` may take off at its end. */
function tailOf(key: string): string {
  return key
    .slice(key.lastIndexOf("\\") + 1)
    .replace(/[.}]+$/, "")
    .replace(/^\{/, "");
}

function gives(as: Transform, text: string, keys: ReadonlySet<string>): boolean {
  const given = transforms[as](text);
  if (given === undefined) return false;
  return typeof given === "object"
    ? given.some((one) => keys.has(indexKey(one)))
    : keys.has(indexKey(given));
}

/** An index keeps a JSON number as it was written (`5.0`), the reader as JavaScript writes it. */
function spellingsOf(value: string): readonly string[] {
  if (!/^-?\d/.test(value)) return [value];
  const number = String(Number(value));
  return number === value || number === "NaN" ? [value] : [value, number];
}

/** The texts that the reader may make of a value: what stands beside it is not known, so all of them. */
function textsOf({ canonical, form, escaped }: FieldUse, value: string): readonly string[] {
  const raw = escaped ? unescaped(value) : value;
  const text = typeof raw === "string" ? raw : value;
  switch (form) {
    case "value":
      return [text];
    case "hash-list": {
      const found: string[] = [];
      splitHashes(text, (algorithm, hash) => {
        if (algorithm === canonical) found.push(hash);
      });
      return found;
    }
    case "answer-list":
      return splitAnswers(text);
    case "answer-objects":
      return answersOf([{ data: text, type: "CNAME" }, { data: text }]);
    case "registry-data":
      return [undefined, "REG_DWORD", "REG_QWORD"].map((type) => detailsOf(text, type));
    case "direction":
    case "ip-version":
    case "timestamp":
      return [asSysmon(text, form)];
  }
}
