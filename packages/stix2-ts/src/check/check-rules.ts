import type { JsonObject } from "../json/json-value.ts";
import type { Properties, Rule } from "../model/kind.ts";
import { compareInstants, parseTimestamp } from "../value/timestamp.ts";
import { type Report, shown } from "./report.ts";

interface Ruled {
  readonly section: string;
  readonly properties: Properties;
  readonly rules?: readonly Rule[];
}

const NONE: ReadonlySet<string> = new Set();

/** Checks the constraints between the properties of an object; `common` ones do not count as "at least one". */
export function checkRules(
  value: JsonObject,
  table: Ruled,
  report: Report,
  common: ReadonlySet<string> = NONE,
): void {
  for (const rule of table.rules ?? []) checkRule(value, rule, table, report, common);
}

function checkRule(
  value: JsonObject,
  rule: Rule,
  table: Ruled,
  report: Report,
  common: ReadonlySet<string>,
): void {
  const { section } = table;
  const has = (name: string): boolean => Object.hasOwn(value, name) && value[name] !== undefined;
  switch (rule.rule) {
    case "at-least-one": {
      const names = rule.of ?? Object.keys(table.properties).filter((name) => !common.has(name));
      if (names.some(has)) return;
      const which = rule.of === undefined ? "its properties" : rule.of.join(", ");
      report.error("stix/at-least-one", section, `At least one of ${which} is required.`);
      return;
    }
    case "not-both":
      if (rule.of.every(has)) {
        report.error("stix/not-both", section, `"${rule.of[0]}" and "${rule.of[1]}" exclude each other.`, rule.of[1]); // prettier-ignore
      }
      return;
    case "needs":
      for (const name of rule.also) {
        if (!has(rule.property) || has(name)) continue;
        report.error("stix/property-dependency", section, `"${rule.property}" needs "${name}".`, name); // prettier-ignore
      }
      return;
    case "order":
      if (has(rule.earlier) && has(rule.later)) checkOrder(value, rule, section, report);
      return;
  }
}

function checkOrder(
  value: JsonObject,
  { earlier, later, strict }: Rule & { rule: "order" },
  section: string,
  report: Report,
): void {
  const [a, b] = [value[earlier], value[later]];
  if (typeof a !== "string" || typeof b !== "string") return;
  const [first, second] = [parseTimestamp(a), parseTimestamp(b)];
  if (first === undefined || second === undefined) return;
  const order = compareInstants(first, second);
  if (order < 0 || (order === 0 && strict !== true)) return;
  const relation = strict === true ? "after" : "at or after";
  report.error("stix/time-order", section, `"${later}" (${shown(b)}) must be ${relation} "${earlier}" (${shown(a)}).`, later); // prettier-ignore
}
