import type { Bundle } from "../bundle/bundle.ts";
import { parseObject } from "../bundle/parse-object.ts";
import { observableId } from "../id/observable-id.ts";
import { objectTable } from "../model/object-tables.ts";
import type { KnownType, ObjectOfType, StixObject } from "../model/stix-object.ts";
import { InvalidObjectError } from "./invalid-object-error.ts";
import type { Sources } from "./sources.ts";

type Given = "type" | "spec_version";
type Made = "id" | "created" | "modified";

/** The properties that a creator gives: all but the type and version; id and times are made where they are not given. */
export type NewProperties<T extends KnownType> = Omit<ObjectOfType<T>, Given | Made> &
  Partial<Pick<ObjectOfType<T>, Made & keyof ObjectOfType<T>>>;

/**
 * Makes an object of STIX 2.1: gives it its version, an id and its times (STIX 2.1 §3.2), and checks it. An observable gets
 * its deterministic id where it has ID contributing properties (§3.4), else a random one. Throws InvalidObjectError, which
 * has all issues, for what breaks a MUST.
 */
export function createObject<T extends KnownType>(
  type: T,
  properties: NewProperties<T>,
  sources: Sources,
): ObjectOfType<T> {
  const table = objectTable(type);
  const time = sources.now().toISOString();
  const times = Object.fromEntries(
    ["created", "modified"]
      .filter((name) => table?.category !== "observable" && table?.properties[name] !== undefined)
      .map((name) => [name, time]),
  );
  const object = { type, spec_version: "2.1", ...times, ...properties };
  const id =
    (table?.category === "observable" ? observableId(object) : undefined) ??
    `${type}--${sources.uuid()}`;
  const whole = { ...object, id: properties.id ?? id };
  const { object: checked, issues } = parseObject(whole, { tolerate: [] });
  if (checked === undefined) throw new InvalidObjectError(type, issues);
  return whole as unknown as ObjectOfType<T>;
}

/** Makes a bundle of objects (STIX 2.1 §8). */
export function createBundle(
  objects: readonly StixObject[],
  { uuid }: Pick<Sources, "uuid">,
): Bundle {
  const id = `bundle--${uuid()}`;
  return objects.length === 0 ? { type: "bundle", id } : { type: "bundle", id, objects };
}
