import { selectorSteps } from "../check/selectors.ts";
import { demandObject } from "../json/demand-object.ts";
import type { GranularMarking } from "../model/embedded-objects.ts";
import { type TlpName, tlpName } from "./tlp.ts";

/** What of an object says how it is marked. */
export interface Marked {
  readonly object_marking_refs?: readonly string[];
  readonly granular_markings?: readonly GranularMarking[];
  readonly lang?: string;
}

/** A marking that holds for an object, or for a part of it. */
export interface EffectiveMarking {
  /** The id of the marking definition. */
  readonly ref: string;
  /** The selector that names the part; undefined for a marking of the whole object. */
  readonly selector: string | undefined;
}

/**
 * Gives the markings that hold for an object, or for the part of it that a selector names: those of the whole object, then
 * the granular ones whose selectors name this part or one around it, the more specific later (STIX 2.1 §7.2.2 and §7.2.3).
 */
export function effectiveMarkings(object: Marked, selector?: string): readonly EffectiveMarking[] {
  demandObject(object, "What is marked");
  const whole = listOf(object.object_marking_refs).map((ref) => ({ ref, selector: undefined }));
  return [
    ...whole,
    ...covering(object, selector).flatMap(({ marking, by }) =>
      marking.marking_ref === undefined ? [] : [{ ref: marking.marking_ref, selector: by }],
    ),
  ];
}

/** Gives the language of a part of an object, or of all of it; English where nothing says otherwise (STIX 2.1 §3.2). */
export function effectiveLanguage(object: Marked, selector?: string): string {
  demandObject(object, "What is marked");
  const languages = covering(object, selector).flatMap(({ marking }) => marking.lang ?? []);
  return languages.at(-1) ?? object.lang ?? "en";
}

const STRICTNESS: readonly TlpName[] = [
  "TLP:WHITE",
  "TLP:CLEAR",
  "TLP:GREEN",
  "TLP:AMBER",
  "TLP:AMBER+STRICT",
  "TLP:RED",
];

/**
 * Gives the TLP that holds for an object, or for a part of it: that of the most specific marking, the strictest where there
 * are several. Undefined where none says TLP by one of the fixed ids (STIX 2.1 §7.2.1.4).
 */
export function effectiveTlp(object: Marked, selector?: string): TlpName | undefined {
  const levels = effectiveMarkings(object, selector).flatMap((marking) => {
    const name = tlpName(marking.ref);
    const depth = marking.selector === undefined ? 0 : selectorSteps(marking.selector).length;
    return name === undefined ? [] : [{ depth, name }];
  });
  const deepest = Math.max(...levels.map(({ depth }) => depth));
  return levels
    .filter(({ depth }) => depth === deepest)
    .map(({ name }) => name)
    .toSorted((a, b) => STRICTNESS.indexOf(a) - STRICTNESS.indexOf(b))
    .at(-1);
}

function covering(
  object: Marked,
  selector: string | undefined,
): readonly { readonly marking: GranularMarking; readonly by: string }[] {
  if (selector === undefined) return [];
  const steps = selectorSteps(selector);
  return listOf(object.granular_markings)
    .flatMap((marking) =>
      listOf(marking?.selectors).map((by) => ({ marking, by, path: selectorSteps(by) })),
    )
    .filter(({ path }) => path.every((step, index) => step === steps[index]))
    .toSorted((a, b) => a.path.length - b.path.length);
}

/** Anything but a list holds no marking: the object's check says that it is wrong. */
function listOf<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value : [];
}
