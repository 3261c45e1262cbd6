import { spelled, spellingsOf } from "./document-fields.ts";
import type { FieldForm, LogSchema } from "./log-schema.ts";
import { at, textOf, type Json } from "./read-document.ts";
import { answersOf, detailsOf, isZeros, splitAnswers } from "./split-values.ts";
import { foreignValues } from "./sysmon-fields.ts";
import type { FieldValue } from "./sysmon-event.ts";
import { readTime, writeUtcTime } from "./time.ts";

/** Keys from the document's top to a value. */
export type Path = readonly string[];

interface RenamePlan {
  readonly name: string;
  readonly path: Path;
  readonly form: FieldForm;
  readonly domain: Path | undefined;
  readonly type: Path | undefined;
}

/** How one canonical field is found at one event id. */
export interface FieldPlan {
  readonly canonical: string;
  readonly keys: { readonly sysmon: Path; readonly camel: Path };
  readonly foreign: ReadonlySet<string> | undefined;
  readonly isGuid: boolean;
  readonly isAnswers: boolean;
  /** A layout's renames, by the layout's place in the list. */
  readonly renames: readonly (readonly RenamePlan[])[];
}

/** Splits a dotted path. */
export function split(path: string): Path {
  return path === "" ? [] : path.split(".");
}
/** Prepares the reading of one canonical field at one event id. */
export function planField(canonical: string, id: number, layouts: readonly LogSchema[]): FieldPlan {
  const keys = spellingsOf(canonical);
  return {
    canonical,
    keys: { sysmon: keys, camel: keys.map((key) => spelled(key, "camel")) },
    foreign: foreignValues[canonical],
    isGuid: canonical.endsWith("Guid"),
    isAnswers: canonical === "QueryResults",
    renames: layouts.map(({ renames }) =>
      renames
        .filter((r) => r.canonical === canonical && (r.events?.includes(id) ?? true))
        .flatMap(({ names, form = "value", domain }) =>
          names.map((name) => ({
            name,
            path: split(name),
            form,
            domain: domain === undefined ? undefined : split(domain),
            type: form === "registry-data" ? ["registry", "data", "type"] : undefined,
          })),
        ),
    ),
  };
}

/** Text that stands for "nothing" in one field only. */
function isNothing(plan: FieldPlan, text: string): boolean {
  if (plan.isGuid) return isZeros(text.replace(/[{}-]/g, ""));
  return plan.foreign !== undefined && plan.foreign.has(text);
}

/** Appends the texts of a value that stands under one of the field's own names. */
export function readValue(plan: FieldPlan, value: unknown, name: string, into: FieldValue[]): void {
  if (Array.isArray(value)) {
    for (const entry of value) if (!Array.isArray(entry)) readValue(plan, entry, name, into);
    return;
  }
  const text = textOf(value);
  if (text === undefined || isNothing(plan, text)) return;
  if (plan.isAnswers) for (const answer of splitAnswers(text)) into.push({ value: answer, name });
  else into.push({ value: text, name });
}

/** Appends the texts of a value that a layout keeps under another name, written as Sysmon writes them. */
export function readRename(
  plan: FieldPlan,
  rename: RenamePlan,
  document: Json,
  into: FieldValue[],
): void {
  const value = at(document, rename.path);
  if (value === undefined || value === null) return;
  const { name, form } = rename;
  if (form === "answer-objects" || form === "answer-list") {
    const texts = Array.isArray(value) ? value : [value];
    const answers =
      form === "answer-objects"
        ? answersOf(value)
        : texts.flatMap((text) => splitAnswers(textOf(text) ?? ""));
    for (const answer of answers) {
      if (!into.some((known) => known.value === answer)) into.push({ value: answer, name });
    }
    return;
  }
  const start = into.length;
  readValue(plan, value, name, into);
  const domain = rename.domain && textOf(at(document, rename.domain));
  const type = rename.type && textOf(at(document, rename.type));
  for (let i = start; i < into.length; i += 1) {
    const given = into[i];
    if (given !== undefined) into[i] = { value: asSysmon(given.value, form, domain, type), name };
  }
}

/** Writes a value that a layout keeps in another form as Sysmon writes it. */
export function asSysmon(text: string, form: FieldForm, domain?: string, type?: string): string {
  switch (form) {
    case "registry-data":
      return detailsOf(text, type);
    case "direction":
      return String(text === "egress" || text === "outbound");
    case "ip-version":
      return String(text === "ipv6");
    case "timestamp": {
      const time = readTime(text);
      return time === undefined ? text : writeUtcTime(time);
    }
    case "value":
    case "hash-list":
    case "answer-list":
    case "answer-objects":
      break;
  }
  return domain === undefined ? text : `${domain}\\${text}`;
}
