/**
 * Document fields seen from the index: which index keys an event may have because of a value in a field. Made from the
 * layouts and the one table of observables, so it names every field that `readEvent` reads and every value that
 * `observe` makes of it.
 */
import { buildDocumentFields } from "./document-fields.ts";
import type { FieldForm, LogSchema } from "./log-schema.ts";
import { observables, propertiesAt } from "./observables.ts";
import { sysmonFields } from "./sysmon-fields.ts";
import type { Transform } from "./transforms.ts";

/** One reading of a field's text: as a canonical field's, in a form, taken to properties. */
export interface FieldUse {
  readonly canonical: string;
  readonly form: FieldForm;
  /** Its backslashes are doubled once more than JSON asks. */
  readonly escaped: boolean;
  readonly transforms: readonly Transform[];
  /** It is but the beginning of the canonical field's text, so any of that field's conversions may give of it. */
  readonly isPart?: boolean;
}

/** A field of documents whose values become values of cyber-observable objects. */
export interface KeyedField {
  /** Dotted path in the document. */
  readonly name: string;
  readonly uses: readonly FieldUse[];
  /** Stands behind another field's text, with a backslash between. */
  readonly follows: boolean;
  /** Lower-case text in place of the value gives the same keys, as far as they are ASCII. */
  readonly foldsCase: boolean;
}

const caseMatters: ReadonlySet<Transform> = new Set([
  "timestamp",
  "value-name",
  "registry-data",
  "registry-type",
  "zone-urls",
]);
const caseFreeForms: ReadonlySet<FieldForm> = new Set(["value", "hash-list"]);

const domainUse: Omit<FieldUse, "canonical"> = {
  form: "value",
  escaped: false,
  transforms: ["domain", "text"],
  isPart: true,
};

/** Transforms that properties apply to a canonical field at some event. */
function transformsOf(canonical: string): readonly Transform[] {
  const found = new Set<Transform>();
  for (const rule of observables) {
    for (const id of sysmonFields.keys()) {
      for (const { from, as } of propertiesAt(rule, id)) if (from === canonical) found.add(as);
    }
  }
  return [...found];
}

/** Lists the fields of all layouts whose values can give an event a key. */
export function buildKeyedFields(layouts: readonly LogSchema[]): readonly KeyedField[] {
  const escaped = new Set(
    layouts.flatMap(({ containers }) => containers.filter((c) => c.escaped).map((c) => c.path)),
  );
  const renames = layouts.flatMap((layout) => layout.renames);
  const uses = new Map<string, FieldUse[]>();
  const put = (name: string, use: FieldUse): void => {
    uses.set(name, [...(uses.get(name) ?? []), use]);
  };
  for (const [canonical, fields] of buildDocumentFields(layouts)) {
    const as = transformsOf(canonical);
    if (as.length === 0) continue;
    for (const { name, form } of fields) {
      const leaf = form === "answer-objects" ? `${name}.data` : name;
      const isEscaped = escaped.has(name.slice(0, Math.max(0, name.lastIndexOf("."))));
      put(leaf, { canonical, form, escaped: isEscaped, transforms: as });
      const domain = renames.find(
        (r) => r.canonical === canonical && r.names.includes(name),
      )?.domain;
      if (domain !== undefined) put(domain, { canonical, ...domainUse });
    }
  }
  return [...uses].map(([name, all]) => ({
    name,
    uses: all,
    follows: renames.some((r) => r.domain !== undefined && r.names.includes(name)),
    foldsCase: all.every(
      (use) => caseFreeForms.has(use.form) && !use.transforms.some((as) => caseMatters.has(as)),
    ),
  }));
}

/** Paths of the objects that hold fields under Sysmon's own names; "" is the document itself. */
export function containerPaths(layouts: readonly LogSchema[]): readonly string[] {
  return [...new Set(layouts.flatMap(({ containers }) => containers.map(({ path }) => path)))];
}
