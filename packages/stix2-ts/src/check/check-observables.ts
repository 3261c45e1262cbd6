import { isJsonObject, type JsonObject, ownValue } from "../json/json-value.ts";
import { categoryOf } from "../model/object-tables.ts";
import { objectTable20 } from "../model/stix20-tables.ts";
import type { CheckContext } from "./check-context.ts";
import { checkCustomProperty } from "./check-custom-property.ts";
import { checkRules } from "./check-rules.ts";
import { TYPE_NAME } from "./check-text.ts";
import { checkProperties } from "./check-value.ts";
import { shown } from "./report.ts";

/**
 * Checks the observable container of observed data (STIX 2.0 part 3 §1.4; deprecated in 2.1, §2.13): its objects, whose
 * references name each other by key.
 */
export function checkObservables(object: JsonObject, section: string, context: CheckContext): void {
  const objects = ownValue(object, "objects");
  if (!isJsonObject(objects)) return;
  const { report } = context;
  const entries = Object.entries(objects);
  report.enter("objects");
  if (entries.length === 0) {
    report.error("stix/dictionary-empty", section, "A container must not be empty.");
  }
  const local = new Map<string, string>();
  for (const [key, observable] of entries) {
    const type = isJsonObject(observable) ? ownValue(observable, "type") : undefined;
    if (typeof type === "string") local.set(key, type);
  }
  for (const [key, observable] of entries) {
    report.enter(key);
    if (key === "__proto__") {
      report.error("stix/dictionary-key", "2.1 §2.3", `"__proto__" is no key of an object.`);
    } else checkObservable(observable, { ...context, version: "2.0", local });
    report.leave();
  }
  report.leave();
}

function checkObservable(observable: unknown, context: CheckContext): void {
  const { report, local } = context;
  if (!isJsonObject(observable)) {
    report.error("stix/not-an-object", "2.0 part 3 §1", `${shown(observable)} stands where an object is expected.`); // prettier-ignore
    return;
  }
  const type = ownValue(observable, "type");
  if (typeof type !== "string") {
    report.error("stix/property-missing", "2.0 part 3 §1", `"type" is required.`, "type");
    return;
  }
  const category = categoryOf(type);
  if (!TYPE_NAME.test(type) || (category !== undefined && category !== "observable")) {
    report.error("stix/type-invalid", "2.0 part 3 §1", `${shown(type)} is no type of an observable.`, "type"); // prettier-ignore
    return;
  }
  const table = objectTable20(type);
  if (table === undefined) {
    report.warn("stix/type-custom", "2.0 part 3 §3", `${shown(type)} is a custom type.`, "type");
    if (Object.hasOwn(observable, "__proto__")) {
      checkCustomProperty("__proto__", "2.0 part 3 §3", context);
    }
    return;
  }
  const within = { ...context, local: local ?? new Map<string, string>() };
  checkProperties(observable, table, within);
  for (const name of Object.keys(observable)) {
    if (Object.hasOwn(table.properties, name) || name === "type" || name === "id") continue;
    checkCustomProperty(name, table.section, within);
  }
  checkRules(observable, table, report);
}
