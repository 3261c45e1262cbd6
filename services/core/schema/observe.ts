import {
  buildEach,
  buildOne,
  isWanted,
  planProperty,
  type MadeObject,
  type ObjectPlan,
  type Recorder,
  type Steps,
} from "./build-object.ts";
import { propertiesAt, observables } from "./observables.ts";
import { sysmonFields } from "./sysmon-fields.ts";
import type { FieldValue, ObservedEvent, SysmonEvent } from "./sysmon-event.ts";

interface RulePlan extends ObjectPlan {
  /** References, with the places of the rules whose objects they name. */
  readonly refs: readonly {
    readonly name: string;
    readonly many: boolean;
    readonly targets: readonly number[];
  }[];
}

function planEvent(eventId: number): readonly RulePlan[] {
  const rules = observables.filter((rule) => propertiesAt(rule, eventId).length > 0);
  const place = new Map(rules.map((rule, i) => [rule.key, i]));
  return rules.map((rule) => ({
    rule,
    properties: propertiesAt(rule, eventId).map(planProperty),
    refs: Object.entries(rule.refs ?? {})
      .map(([name, keys]) => ({
        name,
        many: name.endsWith("_refs"),
        targets: keys.map((key) => place.get(key)).filter((i) => i !== undefined),
      }))
      .filter(({ targets }) => targets.length > 0),
  }));
}

const plansById: ReadonlyMap<number, readonly RulePlan[]> = new Map(
  [...sysmonFields.keys()].map((id) => [id, planEvent(id)]),
);

function link(
  plans: readonly RulePlan[],
  made: readonly (string | readonly string[] | undefined)[],
  objects: Record<string, MadeObject>,
): void {
  for (const [i, plan] of plans.entries()) {
    const key = made[i];
    if (typeof key !== "string") continue;
    const object = objects[key];
    if (object === undefined) continue;
    for (const { name, many, targets } of plan.refs) {
      if (many) {
        const keys = targets.flatMap((target) => made[target] ?? []);
        if (keys.length > 0) object[name] = keys;
        continue;
      }
      for (const target of targets) {
        const targetKey = made[target];
        if (typeof targetKey !== "string") continue;
        object[name] = targetKey;
        break;
      }
    }
  }
}

function readingsOf(
  plans: readonly RulePlan[],
  made: readonly (string | readonly string[] | undefined)[],
): Record<string, string> | undefined {
  let readings: Record<string, string> | undefined;
  for (const [i, { rule }] of plans.entries()) {
    const key = made[i];
    if (rule.readingOf !== undefined && typeof key === "string") {
      readings ??= {};
      readings[key] = rule.readingOf;
    }
  }
  return readings;
}

/**
 * Makes the cyber-observable objects that an event shows, all of them roots of the observation. Keys begin with the
 * object's type (`process`, `file:image`, `ipv4-addr:answer:0`) and are the same for the same event in any layout.
 */
export function observe(event: SysmonEvent): ObservedEvent {
  const plan = plansById.get(event.eventId) ?? [];
  const objects: Record<string, MadeObject> = {};
  const made: (string | readonly string[] | undefined)[] = [];
  for (const rule of plan) {
    if (!isWanted(rule.rule, event)) {
      made.push(undefined);
    } else if (rule.rule.each === true) {
      made.push(buildEach(rule, event, objects));
    } else {
      const object = buildOne(rule, event);
      if (object !== undefined) objects[rule.rule.key] = object;
      made.push(object === undefined ? undefined : rule.rule.key);
    }
  }
  link(plan, made, objects);
  const readings = readingsOf(plan, made);
  return {
    event,
    observation: {
      objects,
      ...(readings === undefined ? {} : { readings }),
      firstObserved: event.time,
      lastObserved: event.time,
      numberObserved: 1,
    },
    fieldOf: (object, steps) => fieldOf(plan, event, object, steps),
  };
}

/** Builds the one object again, noting where its values come from: asked for matches only, so it costs events nothing. */
function fieldOf(
  plan: readonly RulePlan[],
  event: SysmonEvent,
  object: string,
  steps: Steps,
): FieldValue | undefined {
  let found: FieldValue | undefined;
  const record: Recorder = (key, at, from) => {
    // The first of several values was noted before it became the first of a list.
    const isFirst = steps.length === at.length + 1 && steps.at(-1) === 0;
    const isSame =
      key === object &&
      (at.length === steps.length || isFirst) &&
      at.every((s, i) => s === "*" || s === steps[i]);
    if (isSame) found ??= from;
  };
  for (const rule of plan) {
    const { key, each } = rule.rule;
    if (each === true ? !object.startsWith(`${key}:`) : key !== object) continue;
    if (!isWanted(rule.rule, event)) continue;
    if (each === true) buildEach(rule, event, {}, record);
    else buildOne(rule, event, record);
  }
  return found;
}
