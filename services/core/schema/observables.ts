import type { ObservableProperty, ObservableRule } from "./observable-rule.ts";
import { fileObservables } from "./observables-file.ts";
import { networkObservables } from "./observables-network.ts";
import { processObservables } from "./observables-process.ts";
import { registryObservables } from "./observables-registry.ts";
import { windowsObservables } from "./observables-windows.ts";
import { sysmonFields } from "./sysmon-fields.ts";

/** The one table of objects and paths: `observe`, `eventIdsFor` and `docs/mapping.md` are all made from it. */
export const observables: readonly ObservableRule[] = [
  ...processObservables,
  ...fileObservables,
  ...networkObservables,
  ...registryObservables,
  ...windowsObservables,
];

/** The rules by the keys that others refer to them by. */
export const observableByKey: ReadonlyMap<string, ObservableRule> = new Map(
  observables.map((rule) => [rule.key, rule]),
);

function find(rule: ObservableRule, eventId: number): readonly ObservableProperty[] {
  if (rule.events !== undefined && !rule.events.includes(eventId)) return [];
  const fields = sysmonFields.get(eventId) ?? [];
  if (rule.needs !== undefined && !rule.needs.some((field) => fields.includes(field))) return [];
  return rule.properties.filter(
    ({ from, events }) => fields.includes(from) && (events?.includes(eventId) ?? true),
  );
}

const made: ReadonlyMap<
  ObservableRule,
  ReadonlyMap<number, readonly ObservableProperty[]>
> = new Map(
  observables.map((rule) => [
    rule,
    new Map([...sysmonFields.keys()].map((id) => [id, find(rule, id)])),
  ]),
);

/** Lists the properties that a rule has at an event id: those whose field that event has. None: no such object there. */
export function propertiesAt(rule: ObservableRule, eventId: number): readonly ObservableProperty[] {
  return made.get(rule)?.get(eventId) ?? [];
}
