import { parseIdentifier } from "../id/identifier.ts";
import { demandObject } from "../json/demand-object.ts";
import { isJsonObject, type JsonObject, ownValue } from "../json/json-value.ts";
import { TLP1 } from "../marking/tlp.ts";
import type { StixObject } from "../model/stix-object.ts";
import { liftLabels } from "./lift-labels.ts";
import { liftObservables } from "./lift-observables.ts";
import { markObservables } from "./mark-observables.ts";
import { isValid, newNames, settledName } from "./settle-names.ts";

/** An object of STIX 2.0, as it is read: its properties differ from those of 2.1. */
export interface Stix20Object {
  readonly type: string;
  readonly id: string;
  readonly spec_version?: "2.0";
  readonly [property: string]: unknown;
}

const TLP: ReadonlyMap<string, StixObject> = new Map(
  Object.values(TLP1).map((marking) => [marking.id, marking]),
);

/**
 * Makes of a valid object of STIX 2.0 what it is in 2.1: the object itself first, then, for observed data, its observables
 * with deterministic ids (STIX 2.1 §2.13). An object of 2.1 comes back as it is.
 *
 * Labels of a type's vocabulary become `indicator_types` and the like, the others stay labels. An indicator's pattern is left
 * as it is and marked as `pattern_version` 2.0. Malware counts as a family, which 2.0 does not say. What 2.1 has no place for
 * becomes a custom property (`x_name`). Markings of observed data also mark its observables. Throws StixError for what is no
 * object, is nested too deeply or contains itself.
 */
export function liftTo21(object: Stix20Object | StixObject): readonly StixObject[] {
  demandObject(object, "What is lifted");
  return liftChecked(object);
}

/** Lifts an object whose check has shown that it is one, and not nested too deeply. */
export function liftChecked(object: Stix20Object | StixObject): readonly StixObject[] {
  if (object.spec_version === "2.1") return [object];
  const tlp = TLP.get(object.id);
  if (object.type === "marking-definition" && tlp !== undefined) return [tlp];
  const names = newNames(object.type, Object.keys(object));
  const whole = lift(object as JsonObject, new Set());
  const [first] = whole;
  // A property that 2.1 has added may have been used in its meaning; if it was not, it becomes a plain custom one.
  const isFine = names.length === 0 || (first !== undefined && isValid(first));
  return (isFine ? whole : lift(object as JsonObject, new Set(names))) as readonly unknown[] as readonly StixObject[]; // prettier-ignore
}

function lift(object: JsonObject, moved: ReadonlySet<string>): readonly JsonObject[] {
  const { type, id, labels, granular_markings, objects, spec_version: _, ...rest } = object;
  const typeName = String(type);
  const { properties, selectors } = liftLabels(typeName, labels);
  const made = { ...properties, ...particulars(typeName, rest, moved), spec_version: "2.1" };
  const kept = Object.fromEntries(
    Object.entries(withMillis(rest)).map(([name, value]) => {
      const given = ownValue(made, name);
      const clashes = given !== undefined && given !== value;
      return [moved.has(name) || clashes ? settledName(name) : name, value];
    }),
  );
  const newSelectors = (selector: string): readonly string[] => {
    const [name = "", ...steps] = selector.split(".");
    return moved.has(name) ? [[settledName(name), ...steps].join(".")] : selectors(selector);
  };
  const lifted = { type, id, ...kept, ...made };
  if (typeName !== "observed-data" || !isJsonObject(objects)) {
    const others = objects === undefined ? {} : { objects };
    return [{ ...lifted, ...others, ...liftMarkings(granular_markings, newSelectors) }];
  }
  const observables = liftObservables(objects, parseIdentifier(String(id))?.uuid ?? "");
  const { marked, granular } = markObservables(observables, object, granular_markings);
  const unique = new Map(marked.map((observable) => [observable.id, observable]));
  const object_refs = [...unique.keys()];
  return [{ ...lifted, object_refs, ...liftMarkings(granular, newSelectors) }, ...unique.values()];
}

function particulars(type: string, object: JsonObject, moved: ReadonlySet<string>): JsonObject {
  switch (type) {
    case "indicator":
      return { pattern_type: "stix", pattern_version: "2.0" };
    case "malware": {
      const given = moved.has("is_family") ? undefined : ownValue(object, "is_family");
      return { is_family: given ?? true };
    }
    default:
      return {};
  }
}

/** In 2.1 the times of versions have at least milliseconds (STIX 2.1 §3.2). */
function withMillis(object: JsonObject): JsonObject {
  const times = ["created", "modified"].flatMap((name) => {
    const time = ownValue(object, name);
    if (typeof time !== "string") return [];
    const [seconds = "", fraction = ""] = time.replace(/Z$/, "").split(".");
    return [[name, `${seconds}.${fraction.padEnd(3, "0")}Z`]];
  });
  return { ...object, ...Object.fromEntries(times) };
}

function liftMarkings(
  granular: unknown,
  selectors: (selector: string) => readonly string[],
): JsonObject {
  if (!Array.isArray(granular) || granular.length === 0) return {};
  const granular_markings = granular.map((marking: unknown) => {
    if (!isJsonObject(marking) || !Array.isArray(marking["selectors"])) return marking;
    const moved = marking["selectors"].flatMap((selector) => selectors(String(selector)));
    return { ...marking, selectors: moved };
  });
  return { granular_markings };
}
