import { documentFields, layouts } from "./index.ts";
import type { LogSchema } from "./log-schema.ts";
import { notCoverable } from "./not-coverable.ts";
import { observables, propertiesAt } from "./observables.ts";
import type { ObservableRule } from "./observable-rule.ts";
import { eventNames, sysmonFields } from "./sysmon-fields.ts";

const code = (text: string): string => `\`${text}\``;
const codes = (texts: readonly string[]): string => texts.map(code).join(", ");

/** A path as a pattern writes it: keys that are no plain words in quotation marks, `[*]` for a place in a list. */
function patternPath(type: string, path: string): string {
  const steps = path.split(".").map((step) => {
    const [key = "", list] = step.split("[]");
    const quoted = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : `'${key}'`;
    return list === undefined ? quoted : `${quoted}[*]`;
  });
  return `${type}:${steps.join(".")}`;
}

function conditionOf({ when, needs, each }: ObservableRule): string {
  const parts: string[] = [];
  if (each === true) parts.push("one for each value");
  if (when?.only !== undefined) {
    parts.push(`only where ${code(when.field)} is ${codes(when.only)}`);
  }
  if (when?.not !== undefined) {
    parts.push(`not where ${code(when.field)} is ${codes(when.not)}`);
  }
  if (needs !== undefined && needs.length > 1) parts.push(`needs one of ${codes(needs)}`);
  return parts.length === 0 ? "" : ` (${parts.join("; ")})`;
}

function objectLines(rule: ObservableRule, eventId: number): string[] {
  const made = propertiesAt(rule, eventId);
  if (made.length === 0) return [];
  const lines = [`- object ${code(rule.key)}${conditionOf(rule)}`];
  for (const { path, from, as } of made) {
    const how = as === "text" ? "" : ` as ${as}`;
    lines.push(`  - ${code(patternPath(rule.type, path))} ← ${code(from)}${how}`);
  }
  for (const [name, keys] of Object.entries(rule.refs ?? {})) {
    const targets = keys.filter((key) =>
      observables.some((other) => other.key === key && propertiesAt(other, eventId).length > 0),
    );
    const path = `${rule.type}:${name}${name.endsWith("_refs") ? "[*]" : ""}`;
    if (targets.length > 0) lines.push(`  - ${code(path)} → ${codes(targets)}`);
  }
  return lines;
}

function eventSection(eventId: number): string[] {
  const lines = observables.flatMap((rule) => objectLines(rule, eventId));
  return [
    `### Event ${eventId}: ${eventNames.get(eventId) ?? ""}`,
    "",
    `Fields: ${codes(sysmonFields.get(eventId) ?? [])}.`,
    "",
    ...lines,
    "",
  ];
}

function layoutSection({ name, record, containers, renames }: LogSchema): string[] {
  const lines = [`### Layout ${name}`, ""];
  for (const [fact, paths] of Object.entries(record)) {
    if (paths.length > 0) lines.push(`- record's ${fact}: ${codes(paths)}`);
  }
  for (const { path, spelling } of containers) {
    const how = spelling === "camel" ? "with a lower first letter" : "as Sysmon spells them";
    lines.push(`- fields ${how} in ${path === "" ? "the document's top" : code(path)}`);
  }
  for (const { canonical, names, events, form, domain } of renames) {
    const parts = [
      ...(events === undefined ? [] : [`events ${events.join(", ")}`]),
      ...(form === undefined ? [] : [`written as ${form}`]),
      ...(domain === undefined ? [] : [`after ${code(domain)} and a backslash`]),
    ];
    const note = parts.length === 0 ? "" : ` (${parts.join("; ")})`;
    lines.push(`- ${code(canonical)} in ${codes(names)}${note}`);
  }
  return [...lines, ""];
}

function fieldSection(): string[] {
  const canonicals = [...new Set([...sysmonFields.values()].flat())].toSorted();
  return canonicals.map((canonical) => {
    const names = new Set(documentFields(canonical).map(({ name }) => name));
    return `- ${code(canonical)}: ${codes([...names])}`;
  });
}

/** Writes `docs/mapping.md` from the tables. */
export function mappingDoc(): string {
  return [
    "<!-- Generated from services/core/schema by test/tools/write-mapping-doc.ts: do not edit. -->",
    "",
    "# What a Sysmon event shows",
    "",
    "Which cyber-observable objects and object paths each event gives, from which of Sysmon's fields; where each log layout keeps these fields; and which paths of published patterns no Sysmon event can meet. Hashes are lower case and GUIDs lower case without braces in the objects, whatever the layout.",
    "",
    "## Objects and paths by event id",
    "",
    ...[...sysmonFields.keys()].flatMap(eventSection),
    "## Layouts",
    "",
    "A document is tried against all of them; one document may mix several.",
    "",
    ...layouts.flatMap(layoutSection),
    "## Document fields by canonical field",
    "",
    ...fieldSection(),
    "",
    "## Paths that no Sysmon event can meet",
    "",
    ...notCoverable.flatMap(({ reason, paths }) => [
      reason,
      "",
      ...paths.map((path) => `- ${code(path)}`),
      "",
    ]),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}
