/** Says, comparison by comparison, why an indicator matched an event or did not. */
import {
  compilePattern,
  pathValues,
  printPattern,
  walkComparisons,
  type CompiledPattern,
  type Comparison,
  type RegexEngine,
} from "stix2-ts";
import { observe, type SysmonEvent } from "../schema/index.ts";
import { limitationOf } from "../schema/limitation.ts";

export interface Explanation {
  readonly matched: boolean;
  /** Of a pattern over several events: the operands that this one satisfies, as texts. */
  readonly operands: readonly string[];
  readonly limitation: string | undefined;
  readonly comparisons: readonly {
    readonly comparison: string;
    readonly met: boolean;
    /** What the event has at the comparison's object path, with the document's field names. */
    readonly values: readonly { readonly field: string; readonly value: string }[];
  }[];
}

/** Explains one pattern on one event. */
export function explain(
  compiled: CompiledPattern,
  event: SysmonEvent,
  regex: RegexEngine,
): Explanation {
  const observed = observe(event);
  const { observation } = observed;
  const comparisons = [...walkComparisons(compiled.pattern)].map((comparison) => ({
    comparison: printPattern(comparison),
    met: isMet(comparison),
    values: valuesOf(comparison),
  }));
  const operands = (compiled.correlation?.operands ?? []).filter(
    (operand) => compilePattern(operand, compiled.options).test(observation) !== undefined,
  );
  return {
    operands: operands.map(({ text }) => text),
    matched: compiled.singleObservation && compiled.test(observation) !== undefined,
    limitation: limitationOf(compiled.pattern)?.reason,
    comparisons,
  };

  function isMet(comparison: Comparison): boolean {
    const { span } = comparison;
    const root = { kind: "observation" as const, expression: comparison, span };
    const alone = compilePattern({ text: "", root }, { ...compiled.options, regex });
    return alone.test(observation) !== undefined;
  }

  function valuesOf({ path }: Comparison): { field: string; value: string }[] {
    return Object.entries(observation.objects)
      .filter(([, object]) => object.type === path.objectType)
      .flatMap(([key]) => pathValues(observation, key, path.steps, compiled.options.mode))
      .map(({ object, steps, value }) => ({
        field: observed.fieldOf(object, steps)?.name ?? "",
        value: typeof value === "string" ? value : JSON.stringify(value),
      }));
  }
}
