import type { ObservableProperty, ObservableRule } from "./observable-rule.ts";
import type { FieldValue, SysmonEvent } from "./sysmon-event.ts";
import { transforms } from "./transforms.ts";

type Properties = Record<string, unknown>;
/** An object while it is being built. */
export type MadeObject = Properties & { readonly type: string };
/** Steps inside an object. */
export type Steps = readonly (string | number)[];
type Value = string | number;
type Give = (text: string) => Value | readonly Value[] | undefined;
/** Hears where a value came from: steps as they are, `"*"` for any place of a list. */
export type Recorder = (object: string, steps: Steps, from: FieldValue) => void;

/** A property, prepared. */
export interface PropertyPlan {
  readonly from: string;
  readonly give: Give;
  /** Keys down to the property, or down to the list. */
  readonly keys: readonly string[];
  readonly key: string;
  readonly list: boolean;
  /** Key inside each dictionary of the list. */
  readonly column: string | undefined;
}

/** A rule at one event id, prepared. */
export interface ObjectPlan {
  readonly rule: ObservableRule;
  readonly properties: readonly PropertyPlan[];
}

/** Prepares a property: its keys, and how its value is made. */
export function planProperty({ path, from, as }: ObservableProperty): PropertyPlan {
  const [head = "", column] = path.split("[].");
  const keys = head.replace("[]", "").split(".");
  const key = keys.pop() ?? "";
  return { from, give: transforms[as], keys, key, list: path.includes("[]"), column };
}

function first(event: SysmonEvent, field: string): FieldValue | undefined {
  return event.fields.get(field)?.[0];
}

/** Tells whether an event meets what the rule asks beside its properties. */
export function isWanted({ when, needs }: ObservableRule, event: SysmonEvent): boolean {
  if (when !== undefined) {
    const text = first(event, when.field)?.value;
    if (when.only !== undefined && (text === undefined || !when.only.includes(text))) return false;
    if (when.not !== undefined && text !== undefined && when.not.includes(text)) return false;
  }
  return needs === undefined || needs.some((field) => event.fields.has(field));
}

function isProperties(value: unknown): value is Properties {
  return typeof value === "object" && value !== null;
}

/** Finds the dictionary that a property stands in, or makes it. */
function inside(object: Properties, keys: readonly string[]): Properties {
  let place = object;
  for (const key of keys) {
    const next = place[key];
    const inner: Properties = isProperties(next) ? next : {};
    if (next !== inner) place[key] = inner;
    place = inner;
  }
  return place;
}

/** Finds the list that a property stands in, or makes it. */
function listIn(place: Properties, key: string): unknown[] {
  const present = place[key];
  if (Array.isArray(present)) return present;
  const made: unknown[] = [];
  place[key] = made;
  return made;
}

/** Fills a column of a list of dictionaries; where a column is shorter, the rows below repeat its last value. */
function fillColumn(list: unknown[], column: string, values: readonly Value[]): void {
  const rows = Math.max(values.length, list.length);
  for (let i = 0; i < rows; i += 1) {
    const present = list[i];
    const above = list[i - 1];
    const row: Properties = isProperties(present)
      ? present
      : isProperties(above)
        ? { ...above }
        : {};
    list[i] = row;
    row[column] = values[Math.min(i, values.length - 1)];
  }
}

function setProperty(
  place: Properties,
  plan: PropertyPlan,
  value: Value | readonly Value[],
  record: ((steps: Steps) => void) | undefined,
): void {
  if (!plan.list) {
    place[plan.key] = value;
    record?.([...plan.keys, plan.key]);
    return;
  }
  const values = typeof value === "object" ? value : [value];
  const list = listIn(place, plan.key);
  if (plan.column !== undefined) {
    fillColumn(list, plan.column, values);
    record?.([...plan.keys, plan.key, "*", plan.column]);
    return;
  }
  for (const one of values) {
    list.push(one);
    record?.([...plan.keys, plan.key, list.length - 1]);
  }
}

/** Builds the rule's one object; undefined where no property has a value. */
export function buildOne(
  plan: ObjectPlan,
  event: SysmonEvent,
  record?: Recorder,
): MadeObject | undefined {
  const { key, type } = plan.rule;
  let object: MadeObject | undefined;
  for (const property of plan.properties) {
    const all = event.fields.get(property.from);
    if (all === undefined) continue;
    for (const [i, from] of all.entries()) {
      const given = property.give(from.value);
      if (given === undefined || (typeof given === "object" && given.length === 0)) continue;
      object ??= { type };
      const place = property.keys.length === 0 ? object : inside(object, property.keys);
      const tell = record && ((steps: Steps) => record(key, steps, from));
      if (i > 0 && !property.list && typeof given !== "object")
        addValue(place, property, given, tell);
      else setProperty(place, property, given, tell);
    }
  }
  return object;
}

/** A field that a log has with several values gives a property that is a list of them. */
function addValue(
  place: Properties,
  plan: PropertyPlan,
  value: Value,
  record: ((steps: Steps) => void) | undefined,
): void {
  const present = place[plan.key];
  const list: unknown[] = Array.isArray(present) ? present : present === undefined ? [] : [present];
  if (list.includes(value)) return;
  place[plan.key] = list.length === 0 ? value : [...list, value];
  record?.(list.length === 0 ? [...plan.keys, plan.key] : [...plan.keys, plan.key, list.length]);
}

/** Builds an object for each value and adds it to `objects`; gives their keys. */
export function buildEach(
  plan: ObjectPlan,
  event: SysmonEvent,
  objects: Record<string, MadeObject>,
  record?: Recorder,
): string[] {
  const made: string[] = [];
  const [property] = plan.properties;
  if (property === undefined) return made;
  for (const from of event.fields.get(property.from) ?? []) {
    const given = property.give(from.value);
    if (given === undefined) continue;
    for (const value of typeof given === "object" ? given : [given]) {
      const key = `${plan.rule.key}:${made.length}`;
      objects[key] = { type: plan.rule.type, [property.key]: value };
      record?.(key, [property.key], from);
      made.push(key);
    }
  }
  return made;
}
