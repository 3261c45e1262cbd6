/** Which fields of an index can be asked for index keys instead of reading its documents, and how. */
import {
  fieldContainers,
  keyedFields,
  type KeyedField,
  type KeyProbe,
} from "../../core/schema/index.ts";
import type { Capabilities } from "./capabilities.ts";
import { directTerms } from "./direct-terms.ts";
import type { IndexMapping, MappedField } from "./index-mapping.ts";

/** How one field is asked. */
export type Lookup =
  /** Its values can be listed as they are (or lower case): those that hit are asked for. */
  | {
      readonly kind: "values";
      readonly field: string;
      readonly keyed: KeyedField;
      /** Its values are the terms of its index, each as a whole. */
      readonly hasTerms: boolean;
      /** Field whose documents have the value even where the index lacks it. */
      readonly within: string | undefined;
    }
  /** The keys themselves can be asked for. */
  | { readonly kind: "terms"; readonly field: string; readonly terms: readonly string[] }
  /** It can't be told what it holds: every document that has it is a candidate. */
  | { readonly kind: "present"; readonly field: string };

export interface LookupPlan {
  readonly lookups: readonly Lookup[];
  /** The fields that the mapping knows. */
  readonly mapped: readonly string[];
  /** Names under which `_ignored` tells of values that are in no index. */
  readonly ignorable: readonly string[];
  /** Why the documents must be read, all of them; undefined where looking up will do. */
  readonly mustRead: string | undefined;
}

/** Plans the look-up of a probe's keys. An index is used only where it is at least as coarse as the keys. */
export function planLookup(
  mapping: IndexMapping | undefined,
  probe: KeyProbe,
  capabilities: Capabilities,
): LookupPlan {
  const lookups: Lookup[] = [];
  const ignorable: string[] = [];
  const known: string[] = [];
  const read = (mustRead: string): LookupPlan => ({
    lookups: [],
    mapped: [],
    ignorable: [],
    mustRead,
  });
  if (mapping === undefined) {
    return read("no right to see the mapping (view_index_metadata)");
  }
  for (const path of fieldContainers) {
    const list = path === "" ? "Data" : `${path}.Data`;
    if (mapping.fields.has(path) || mapping.fields.has(list) || mapping.objects.has(list)) {
      return read(`${path || "the document"} keeps its values in a text or a list`);
    }
  }
  for (const keyed of keyedFields) {
    if (probe.wantedOf(keyed).length === 0) {
      continue;
    }
    const { name } = keyed;
    const hidden = whyHidden(mapping, name);
    if (hidden !== undefined) {
      return read(hidden);
    }
    ignorable.push(...withAncestors(name));
    const mapped = mapping.fields.get(name);
    if (mapped === undefined) {
      // Every field of every document is mapped here, so no document has this one.
      continue;
    }
    known.push(name);
    ignorable.push(...[...mapped.others.keys()].map((other) => `${name}.${other}`));
    const lookup = lookupOf(keyed, mapped, mapping, probe, capabilities);
    if (lookup === undefined) {
      return read(`${name} is mapped so that its values can't be looked up (${mapped.type})`);
    }
    lookups.push(lookup);
  }
  return { lookups, mapped: known, ignorable: [...new Set(ignorable)], mustRead: undefined };
}

/** A field, and the objects it stands in: beyond the mapping's limit of fields, it is they that are ignored. */
function withAncestors(name: string): readonly string[] {
  const parts = name.split(".");
  return parts.map((_, at) => parts.slice(0, at + 1).join("."));
}

/** Why documents may have a field that their index does not show under its name. */
function whyHidden({ fields, objects, computed }: IndexMapping, name: string): string | undefined {
  if (computed.has(name)) {
    return `${name} is computed at search`;
  }
  if (objects.has(name)) {
    return `${name} holds objects`;
  }
  const parts = name.split(".");
  for (let length = parts.length - 1; length >= 0; length--) {
    const path = parts.slice(0, length).join(".");
    const object = objects.get(path);
    if (object !== undefined && !object.isPlain) {
      return `${path} is not indexed field by field`;
    }
  }
  for (let length = parts.length - 1; length >= 0; length--) {
    const path = parts.slice(0, length).join(".");
    if (fields.has(path)) {
      return undefined;
    }
    const object = objects.get(path);
    if (object !== undefined) {
      return object.isOpen ? undefined : `${path || "the document"} does not map its new fields`;
    }
  }
  return undefined;
}

function lookupOf(
  keyed: KeyedField,
  mapped: MappedField,
  mapping: IndexMapping,
  probe: KeyProbe,
  capabilities: Capabilities,
): Lookup | undefined {
  const { name } = keyed;
  const isListed = (field: MappedField): boolean =>
    hasValues(field, capabilities) && isCoarse(field, keyed, mapping, probe);
  if (isListed(mapped)) {
    const hasTerms = mapped.type === "keyword";
    return { kind: "values", field: name, keyed, hasTerms, within: undefined };
  }
  const canSee = showsPresence(mapped, capabilities);
  const other = [...mapped.others].find(([, field]) => isListed(field));
  if (other !== undefined && canSee) {
    const [suffix, { type }] = other;
    const hasTerms = type === "keyword";
    return { kind: "values", field: `${name}.${suffix}`, keyed, hasTerms, within: name };
  }
  const terms =
    mapped.parameters["index"] === false ? undefined : directTerms(mapped.type, keyed, probe);
  if (terms !== undefined) {
    return { kind: "terms", field: name, terms };
  }
  return canSee ? { kind: "present", field: name } : undefined;
}

/** Whether all values stand in the index, or leave a mark where they do not, and can be listed and asked for. */
function hasValues({ type, parameters }: MappedField, capabilities: Capabilities): boolean {
  const isKept =
    type === "keyword"
      ? parameters["doc_values"] !== false
      : type === "wildcard" && (parameters["doc_values"] ?? capabilities.listsWildcard) === true;
  return (
    isKept &&
    parameters["index"] !== false &&
    parameters["script"] === undefined &&
    (parameters["ignore_above"] === undefined || capabilities.marksOverlong)
  );
}

/** Whether what the index keeps of a value decides as the value itself would. */
function isCoarse(
  { parameters }: MappedField,
  keyed: KeyedField,
  mapping: IndexMapping,
  probe: KeyProbe,
): boolean {
  const normalizer = parameters["normalizer"];
  if (normalizer === undefined || normalizer === null) {
    return true;
  }
  return (
    typeof normalizer === "string" &&
    mapping.lowering.has(normalizer) &&
    keyed.foldsCase &&
    probe.isPlain
  );
}

const presentByIndex: ReadonlySet<string> = new Set(["text", "match_only_text"]);
const presentByValue: ReadonlySet<string> = new Set(
  "keyword wildcard ip boolean date date_nanos long integer short byte double float half_float scaled_float unsigned_long".split(
    " ",
  ),
);

/** Whether `exists` finds every document that has a value in the field. */
function showsPresence({ type, parameters }: MappedField, capabilities: Capabilities): boolean {
  if (parameters["script"] !== undefined) {
    return false;
  }
  if (presentByIndex.has(type)) {
    return parameters["index"] !== false;
  }
  const isShort = parameters["ignore_above"] === undefined || capabilities.marksOverlong;
  const isKept = parameters["index"] !== false || parameters["doc_values"] !== false;
  return presentByValue.has(type) && isShort && isKept;
}
