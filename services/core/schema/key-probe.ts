import { indexKey, type AnchorSet } from "stix2-ts";
import type { FieldUse, KeyedField } from "./keyed-fields.ts";
import { asSysmon } from "./read-field.ts";
import { unescaped } from "./read-container.ts";
import { answersOf, detailsOf, splitAnswers, splitHashes } from "./split-values.ts";
import { transforms, type Transform } from "./transforms.ts";

/** Decides which documents can hold one of some anchors, from the values of their fields. */
export interface KeyProbe {
  readonly anchors: AnchorSet;
  /** Every anchor is of ASCII and no encoded domain name: so lower-casing a value first changes nothing. */
  readonly isPlain: boolean;
  /** Whether any value of the field can have one of the anchors. */
  readonly asks: (field: KeyedField) => boolean;
  /** Whether this value of the field, alone or with others beside it, can have one of the anchors. */
  readonly hits: (field: KeyedField, value: string) => boolean;
}

/** What is known of a transform's results: the form of their keys, and the characters that a part of one can have. */
interface Look {
  readonly key: RegExp;
  readonly part: RegExp;
}

/** A transform that is not here gives any text. */
const looks: Partial<Record<Transform, Look>> = {
  timestamp: { key: /^[+-]?\d{4,6}-\d\d-\d\dt/, part: /^[-+\d:.tz]*$/ },
  integer: { key: /^#\d/, part: /^$/ }, // a number has no parts
  ipv4: { key: /^ip4:/, part: /^[\da-f:./]*$/ }, // its longer spellings too
  "ip-version": { key: /^ipv[46]$/, part: /^[ipv46]*$/ },
  "registry-type": { key: /^reg_/, part: /^[a-z_]*$/ },
};
/** Transforms whose results may lie in a range of addresses. */
const addresses: ReadonlySet<Transform> = new Set(["ipv4"]);

/** Makes the probe for the anchors of patterns. */
export function keyProbe(anchors: AnchorSet): KeyProbe {
  const keys = [...anchors.keys];
  const parts: string[] = [];
  let hasRange = false;
  for (const anchor of anchors.wide) {
    if (anchor.kind === "literal") parts.push(anchor.text);
    else if (anchor.kind === "domain-suffix") keys.push(anchor.key);
    else hasRange = true;
  }
  const suffixes = keys.slice(anchors.keys.size);
  const ends = new Set(keys.filter((key) => key.includes("\\")).map(tailOf));
  const partEnds = parts.flatMap(tailsOf);
  const isPlain = [...keys, ...parts].every((text) => /^[\0-\x7f]*$/.test(text) && !text.includes("xn--")); // prettier-ignore
  const asked = new Map<Transform, boolean>();
  const isAsked = (as: Transform): boolean => {
    const known = asked.get(as);
    if (known !== undefined) return known;
    const look = looks[as];
    const answer =
      look === undefined ||
      (hasRange && addresses.has(as)) ||
      keys.some((key) => look.key.test(key)) ||
      [...parts, ...suffixes].some((part) => look.part.test(part));
    asked.set(as, answer);
    return answer;
  };
  return {
    anchors,
    isPlain,
    asks: ({ uses }) => uses.some((use) => use.transforms.some(isAsked)),
    hits: (field, value) => {
      // Where the document has half a character, the index has one of these.
      if (!isPlain && /[\ufffd?]/.test(value)) return true;
      for (const spelling of spellingsOf(value)) {
        for (const use of field.uses) {
          for (const text of textsOf(use, spelling)) {
            for (const as of use.transforms) {
              if (isAsked(as) && gives(as, text, anchors)) return true;
            }
          }
        }
        if (field.follows && isEndMet(spelling, ends, partEnds)) return true;
      }
      return false;
    },
  };
}

/** Whether a text that stands behind another, after a backslash, may end a key or go on with a part of the whole. */
function isEndMet(text: string, ends: ReadonlySet<string>, partEnds: readonly string[]): boolean {
  if (ends.size === 0 && partEnds.length === 0) return false;
  const key = indexKey(`x\\${text}`);
  if (ends.has(tailOf(key))) return true;
  const [tail, lower] = [key.slice(2), text.toLowerCase()];
  return partEnds.some((end) => tail.startsWith(end) || lower.startsWith(end));
}

/** The last part of a path, without what `indexKey` may take off at its end. */
function tailOf(key: string): string {
  return key
    .slice(key.lastIndexOf("\\") + 1)
    .replace(/[.}]+$/, "")
    .replace(/^\{/, "");
}

/** What of a text follows each of its backslashes. */
function tailsOf(text: string): readonly string[] {
  return text.split("\\").slice(1).map((_, at, all) => all.slice(at).join("\\")); // prettier-ignore
}

function gives(as: Transform, text: string, anchors: AnchorSet): boolean {
  const given = transforms[as](text);
  if (given === undefined) return false;
  return typeof given === "object" ? given.some((one) => anchors.meets(one)) : anchors.meets(given);
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
