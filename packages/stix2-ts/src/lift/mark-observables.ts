import { isJsonObject, type JsonObject, ownValue } from "../json/json-value.ts";
import type { LiftedObservables } from "./lift-observables.ts";
import { renamed } from "./observable-renames.ts";

type Observable = JsonObject & { readonly id: string };

/** What becomes of the markings of observed data whose observables stand alone. */
export interface MarkedObservables {
  readonly marked: readonly Observable[];
  /** The granular markings that still belong to the observed data. */
  readonly granular: readonly unknown[];
}

interface Marks {
  readonly whole: Set<string>;
  readonly parts: Map<string, string[]>;
}

/**
 * Hands the markings of observed data on to its observables, which they covered when these stood inside: object markings go
 * to each, granular ones to what their selectors (`objects.0.name`) name.
 */
export function markObservables(
  observables: LiftedObservables,
  observedData: JsonObject,
  granularMarkings: unknown,
): MarkedObservables {
  const refs = ownValue(observedData, "object_marking_refs");
  const whole = Array.isArray(refs) ? refs.map(String) : [];
  const marks = new Map<string, Marks>(
    [...observables.keys()].map((key) => [key, { whole: new Set(whole), parts: new Map() }]),
  );
  const granular: unknown[] = [];
  for (const marking of Array.isArray(granularMarkings) ? granularMarkings : []) {
    const left = handOn(marking, observables, marks);
    if (left !== undefined) granular.push(left);
  }
  const marked = [...observables].map(([key, observable]) => ({
    ...observable,
    ...marksOf(marks.get(key)),
  }));
  return { marked, granular };
}

function handOn(
  marking: unknown,
  observables: LiftedObservables,
  marks: ReadonlyMap<string, Marks>,
): unknown {
  if (!isJsonObject(marking)) return marking;
  const { selectors, marking_ref: ref } = marking;
  if (!Array.isArray(selectors) || typeof ref !== "string") return marking;
  const kept: string[] = [];
  for (const selector of selectors.map(String)) {
    const [first, key, ...steps] = selector.split(".");
    if (first !== "objects") kept.push(selector);
    else if (key === undefined) for (const { whole } of marks.values()) whole.add(ref);
    else if (steps.length === 0) marks.get(key)?.whole.add(ref);
    else {
      const type = String(observables.get(key)?.["type"]);
      const [property = "", ...rest] = steps;
      const parts = marks.get(key)?.parts;
      parts?.set(ref, [...(parts.get(ref) ?? []), [renamed(type, property), ...rest].join(".")]);
    }
  }
  return kept.length === 0 ? undefined : { ...marking, selectors: kept };
}

function marksOf(marks: Marks | undefined): JsonObject {
  if (marks === undefined) return {};
  const granular = [...marks.parts].map(([marking_ref, selectors]) => ({ selectors, marking_ref }));
  return {
    ...(marks.whole.size === 0 ? {} : { object_marking_refs: [...marks.whole] }),
    ...(granular.length === 0 ? {} : { granular_markings: granular }),
  };
}
