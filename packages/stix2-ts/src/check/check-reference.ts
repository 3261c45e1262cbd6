import { parseIdentifier } from "../id/identifier.ts";
import type { Target } from "../model/kind.ts";
import { categoryOf } from "../model/object-tables.ts";
import { type CheckContext, typeSection } from "./check-context.ts";
import { shown } from "./report.ts";

/** Checks an identifier and the type that it names (STIX 2.1 §2.9). */
export function checkReference(value: string, to: readonly Target[], context: CheckContext): void {
  const { report, local } = context;
  const id = parseIdentifier(value);
  const localType = local?.get(value);
  if (id === undefined && localType === undefined) {
    if (local !== undefined && !value.includes("--")) {
      report.error("stix/reference-unresolved", "2.1 §2.13", `No object of the container has the key ${shown(value)}.`); // prettier-ignore
    } else {
      report.error("stix/id-invalid", typeSection("reference", context), `${shown(value)} is no identifier (type--UUID).`); // prettier-ignore
    }
    return;
  }
  if (context.version === "2.0" && id !== undefined && id.uuidVersion !== 4) {
    report.error("stix/uuid-version", "2.0 part 1 §2.5", `The UUID has version ${id.uuidVersion}, not 4.`); // prettier-ignore
  }
  const type = localType ?? id?.type ?? "";
  if (!mayName(type, to)) {
    const message = `A reference to ${shown(type)} stands where one to ${to.join(", ")} is expected.`;
    report.error("stix/reference-type", typeSection("reference", context), message);
  }
}

const CATEGORIES: ReadonlySet<string> = new Set(["domain", "relationship", "observable"]);

/** A custom type may stand wherever a whole category may: only its definition says which it belongs to. */
function mayName(type: string, to: readonly Target[]): boolean {
  if (to.includes(type)) return true;
  const category = categoryOf(type);
  if (category !== undefined) return to.includes(category);
  return type !== "bundle" && to.some((target) => CATEGORIES.has(target));
}
