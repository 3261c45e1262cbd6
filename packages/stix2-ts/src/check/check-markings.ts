import { isJsonObject, type JsonObject, ownValue } from "../json/json-value.ts";
import { tlpName, TLP2_EXTENSION } from "../marking/tlp.ts";
import type { CheckContext } from "./check-context.ts";
import { shown } from "./report.ts";
import { selectorResolves } from "./selectors.ts";

const TLP = "2.1 §7.2.1.4";
const COLORS: ReadonlySet<unknown> = new Set(["white", "green", "amber", "red"]);

/** Checks a marking definition: it has a definition or an extension, and TLP markings are the fixed ones. */
export function checkMarkingDefinition(
  object: JsonObject,
  section: string,
  context: CheckContext,
): void {
  const { report } = context;
  const definition = ownValue(object, "definition");
  const type = ownValue(object, "definition_type");
  const extensions = ownValue(object, "extensions");
  if (extensions === undefined) {
    for (const name of ["definition_type", "definition"]) {
      if (Object.hasOwn(object, name) || context.version === "2.0") continue;
      report.error("stix/property-missing", section, `"${name}" is required where no extension defines the marking.`, name); // prettier-ignore
    }
  }
  if (definition !== undefined && !isJsonObject(definition)) {
    report.error("stix/property-type", section, `${shown(definition)} stands where an object is expected.`, "definition"); // prettier-ignore
    return;
  }
  const id = ownValue(object, "id");
  const name = typeof id === "string" ? tlpName(id) : undefined;
  if (isJsonObject(definition)) checkDefinition(definition, type, name, context);
  if (isJsonObject(extensions)) checkTlp2(ownValue(extensions, TLP2_EXTENSION), name, context);
}

function checkDefinition(
  definition: JsonObject,
  type: unknown,
  name: string | undefined,
  { report }: CheckContext,
): void {
  if (type === "tlp") {
    const color = ownValue(definition, "tlp");
    if (!COLORS.has(color)) {
      report.error("stix/tlp-marking", TLP, `${shown(color)} is no colour of TLP 1.`, "definition", "tlp"); // prettier-ignore
    } else if (name !== `TLP:${String(color).toUpperCase()}`) {
      report.error("stix/tlp-marking", TLP, "TLP markings have fixed ids, and this is none of them.", "id"); // prettier-ignore
    }
  } else if (type === "statement") {
    if (typeof ownValue(definition, "statement") !== "string") {
      report.error("stix/property-missing", "2.1 §7.2.1.3", `"statement" is required.`, "definition", "statement"); // prettier-ignore
    }
  } else if (typeof type === "string") {
    report.warn("stix/vocabulary-value", "2.1 §7.2.1", `${shown(type)} is not in marking-definition-type: statement, tlp.`, "definition_type"); // prettier-ignore
  }
}

function checkTlp2(extension: unknown, name: string | undefined, { report }: CheckContext): void {
  if (!isJsonObject(extension)) return;
  const level = ownValue(extension, "tlp_2_0");
  if (typeof level === "string" && name === `TLP:${level.toUpperCase()}`) return;
  report.error("stix/tlp-marking", "2.1 §7.3", "TLP 2.0 markings have fixed ids and levels, and this is none of them.", "extensions", TLP2_EXTENSION); // prettier-ignore
}

/** Checks the markings of an object: no marking marks itself, and selectors name what is there (STIX 2.1 §7.2). */
export function checkMarkings(object: JsonObject, { report }: CheckContext): void {
  const id = ownValue(object, "id");
  const refs = ownValue(object, "object_marking_refs");
  if (Array.isArray(refs) && typeof id === "string" && refs.includes(id)) {
    report.error("stix/marking-circular", "2.1 §7.2.2", "A marking must not mark itself.", "object_marking_refs", refs.indexOf(id)); // prettier-ignore
  }
  const granular = ownValue(object, "granular_markings");
  if (!Array.isArray(granular)) return;
  for (const [index, marking] of granular.entries()) {
    if (!isJsonObject(marking)) continue;
    if (typeof id === "string" && ownValue(marking, "marking_ref") === id) {
      report.error("stix/marking-circular", "2.1 §7.2.3", "A marking must not mark itself.", "granular_markings", index, "marking_ref"); // prettier-ignore
    }
    const selectors = ownValue(marking, "selectors");
    if (!Array.isArray(selectors)) continue;
    for (const [at, selector] of selectors.entries()) {
      if (typeof selector !== "string" || selectorResolves(object, selector)) continue;
      report.error("stix/selector-unresolved", "2.1 §7.2.3.1", `${shown(selector)} names nothing in the object.`, "granular_markings", index, "selectors", at); // prettier-ignore
    }
  }
}
