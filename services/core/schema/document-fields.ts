import type { FieldForm, LogSchema } from "./log-schema.ts";
import { hashFields, hashListSpellings, spellings, sysmonFields } from "./sysmon-fields.ts";

/** One document field that can hold a canonical field. */
export interface DocumentField {
  readonly layout: string;
  readonly name: string;
  /** `value` and `timestamp` may be compared as they are; in the other forms the value is written differently. */
  readonly form: FieldForm;
  /** Event ids at which the name means this field. */
  readonly events: ReadonlySet<number>;
}

/** Writes a canonical name as a container spells it. */
export function spelled(name: string, spelling: "sysmon" | "camel"): string {
  return spelling === "camel" ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}

/** Lists the own spellings of a canonical field. */
export function spellingsOf(canonical: string): readonly string[] {
  return spellings[canonical] ?? [canonical];
}

function eventsOf(canonical: string): ReadonlySet<number> {
  const events = new Set<number>();
  for (const [id, names] of sysmonFields) if (names.includes(canonical)) events.add(id);
  return events;
}

function fieldsOf(canonical: string, layouts: readonly LogSchema[]): readonly DocumentField[] {
  const events = eventsOf(canonical);
  const isHash = hashFields.includes(canonical);
  const fields: DocumentField[] = [];
  for (const { name: layout, containers, renames } of layouts) {
    for (const { path, spelling } of containers) {
      const prefix = path === "" ? "" : `${path}.`;
      if (isHash) {
        for (const text of hashListSpellings) {
          const name = prefix + spelled(text, spelling);
          fields.push({ layout, name, form: "hash-list", events });
        }
      }
      const form = canonical === "QueryResults" ? "answer-list" : "value";
      for (const text of spellingsOf(canonical)) {
        fields.push({ layout, name: prefix + spelled(text, spelling), form, events });
      }
    }
    for (const { canonical: renamed, names, form = "value", events: only } of renames) {
      if (renamed !== canonical) continue;
      const at = only === undefined ? events : new Set(only.filter((id) => events.has(id)));
      for (const name of names) fields.push({ layout, name, form, events: at });
    }
  }
  return fields;
}

/** Builds, once, the document fields of every canonical field. */
export function buildDocumentFields(
  layouts: readonly LogSchema[],
): ReadonlyMap<string, readonly DocumentField[]> {
  const canonicals = new Set([...sysmonFields.values()].flat());
  return new Map([...canonicals].map((canonical) => [canonical, fieldsOf(canonical, layouts)]));
}
