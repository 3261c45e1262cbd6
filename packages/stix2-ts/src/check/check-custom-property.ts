import type { CheckContext } from "./check-context.ts";
import { PROPERTY_NAME } from "./check-text.ts";
import { shown } from "./report.ts";

/** Names that the specification keeps for itself (STIX 2.1 §3.8). */
const RESERVED: ReadonlySet<string> = new Set(["severity", "action", "username", "phone_numbers"]);

/** Checks the name of a property that no table has (STIX 2.1 §3.1 and §11.1). */
export function checkCustomProperty(name: string, section: string, context: CheckContext): void {
  const { report, version } = context;
  const names = version === "2.1" ? "2.1 §3.1" : "2.0 part 1 §7.1";
  if (!PROPERTY_NAME.test(name) || name === "__proto__") {
    report.error("stix/property-name", names, `${shown(name)} is no name of a property: 3 to 250 of a-z, 0-9 and _.`, name); // prettier-ignore
  } else if (RESERVED.has(name)) {
    report.error("stix/property-reserved", "2.1 §3.8", `"${name}" is reserved.`, name);
  } else {
    report.warn("stix/property-custom", version === "2.1" ? "2.1 §11.1" : names, `"${name}" is not defined in ${section}.`, name); // prettier-ignore
  }
}
