import { indexKey, type AnchorSet } from "stix2-ts";
import type { Wanted } from "../match/wanted.ts";
import type { FieldUse, KeyedField } from "./keyed-fields.ts";
import { sourceOf } from "./path-sources.ts";
import { asSysmon } from "./read-field.ts";
import { unescaped } from "./read-container.ts";
import { answersOf, detailsOf, splitAnswers, splitHashes } from "./split-values.ts";
import { transforms, type Transform } from "./transforms.ts";

/** Decides which documents can hold one of some anchors, from the values of their fields. */
export interface KeyProbe {
  /** Every anchor is of ASCII and no encoded domain name: so lower-casing a value first changes nothing. */
  readonly isPlain: boolean;
  /** The anchors that values of the field can have; none: it need not be asked. */
  readonly wantedOf: (field: KeyedField) => readonly AnchorSet[];
  /** The conversions by which a value of the field can have them. */
  readonly transformsOf: (field: KeyedField) => readonly Transform[];
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
export function keyProbe(wanted: Wanted): KeyProbe {
  const groups = [...wanted.groups].map(({ sources, anchors }) => ({
    sources,
    facts: factsOf(anchors),
  }));
  const isPlain = groups.every(({ facts }) => facts.isPlain);
  const bySource = new Map<string, readonly Facts[]>();
  /** Of what a conversion of a canonical field gives, the anchors it can have. */
  const wantedAs = ({ canonical, isPart }: FieldUse, as: Transform): readonly Facts[] => {
    const source = sourceOf(canonical, as);
    const name = isPart === true ? `part of ${source}` : source;
    let found = bySource.get(name);
    if (found === undefined) {
      const isFrom = (sources: ReadonlySet<string>): boolean =>
        isPart === true
          ? [...sources].some((one) => one.startsWith(`${canonical} `))
          : sources.has(source);
      found = groups
        .filter(
          ({ sources, facts }) => (sources === undefined || isFrom(sources)) && canGive(as, facts),
        )
        .map(({ facts }) => facts);
      bySource.set(name, found);
    }
    return found;
  };
  return {
    isPlain,
    wantedOf: ({ uses }) => [
      ...new Set(
        uses
          .flatMap((use) => use.transforms.flatMap((as) => wantedAs(use, as)))
          .map(({ anchors }) => anchors),
      ),
    ],
    transformsOf: ({ uses }) =>
      uses.flatMap((use) => use.transforms.filter((as) => wantedAs(use, as).length > 0)),
    hits: (field, value) => {
      // Where the document has half a character, the index has one of these.
      if (!isPlain && /[\ufffd?]/.test(value)) return true;
      for (const spelling of spellingsOf(value)) {
        for (const use of field.uses) {
          const texts = textsOf(use, spelling);
          for (const as of use.transforms) {
            const all = wantedAs(use, as);
            if (all.some((facts) => texts.some((text) => gives(as, text, facts.anchors)))) {
              return true;
            }
            if (field.follows && all.some((facts) => isEndMet(spelling, facts))) return true;
          }
        }
      }
      return false;
    },
  };
}

/** What is asked of a set of anchors again and again. */
interface Facts {
  readonly anchors: AnchorSet;
  /** Whole keys, and those that end others. */
  readonly keys: readonly string[];
  readonly suffixes: readonly string[];
  readonly parts: readonly string[];
  readonly hasRange: boolean;
  readonly isPlain: boolean;
  /** The last parts of keys that are paths; what follows each backslash of a part of a text. */
  readonly ends: ReadonlySet<string>;
  readonly partEnds: readonly string[];
}

function factsOf(anchors: AnchorSet): Facts {
  const keys = [...anchors.keys];
  const suffixes: string[] = [];
  const parts: string[] = [];
  let hasRange = false;
  for (const anchor of anchors.wide) {
    if (anchor.kind === "literal") parts.push(anchor.text);
    else if (anchor.kind === "domain-suffix") suffixes.push(anchor.key);
    else hasRange = true;
  }
  const isAsciiName = (text: string) => /^[\0-\x7f]*$/.test(text) && !text.includes("xn--");
  return {
    anchors,
    keys,
    suffixes,
    parts,
    hasRange,
    isPlain: [keys, suffixes, parts].every((texts) => texts.every(isAsciiName)),
    ends: new Set([...keys, ...suffixes].filter((key) => key.includes("\\")).map(tailOf)),
    partEnds: parts.flatMap(tailsOf),
  };
}

/** Whether a conversion can give a value that has one of the anchors. */
function canGive(as: Transform, { keys, suffixes, parts, hasRange }: Facts): boolean {
  const look = looks[as];
  return (
    look === undefined ||
    (hasRange && addresses.has(as)) ||
    [...keys, ...suffixes].some((key) => look.key.test(key)) ||
    [...parts, ...suffixes].some((part) => look.part.test(part))
  );
}

/** Whether a text that stands behind another, after a backslash, may end a key or go on with a part of the whole. */
function isEndMet(text: string, { anchors, suffixes, ends, partEnds }: Facts): boolean {
  // Behind a backslash `192.0.2.1` is no address, and a name with letters beyond ASCII no domain.
  if (suffixes.length > 0 && anchors.meets(`x\\${text}`)) return true;
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

/** Lists the texts that the reader may make of a value: what stands beside it is not known, so all of them. */
export function textsOf(
  { canonical, form, escaped }: Pick<FieldUse, "canonical" | "form" | "escaped">,
  value: string,
): readonly string[] {
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
