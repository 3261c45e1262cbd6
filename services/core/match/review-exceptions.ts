import { StixError } from "stix2-ts";
import type { State } from "../ports.ts";
import { limitationOf } from "../schema/limitation.ts";
import type { CompileText } from "./compile.ts";
import { CORRELATION_LIMIT } from "../correlate/correlate.ts";
import { EVERY_PARTITION } from "./pattern-catalog.ts";

/**
 * Takes patterns off the exception list that older rules could not evaluate and these can. For the start of a process: what
 * can be evaluated changes with a version only. That they are swept is for the new version of the rules to see to.
 */
export async function reviewExceptions(
  { patterns, ledger }: Pick<State, "patterns" | "ledger">,
  compile: CompileText,
): Promise<void> {
  const kept = (await ledger.exceptions()).filter(
    ({ partition, code, retryAt }) =>
      partition === EVERY_PARTITION && retryAt === undefined && code !== CORRELATION_LIMIT,
  );
  const records = await patterns.find([...new Set(kept.map(({ pattern }) => pattern))]);
  for (const { key, pattern, options } of records) {
    if (canEvaluate(() => limitationOf(compile(pattern, options).pattern))) {
      await ledger.pardon(key, EVERY_PARTITION);
    }
  }
}

function canEvaluate(limitation: () => ReturnType<typeof limitationOf>): boolean {
  try {
    return limitation() === undefined;
  } catch (error) {
    if (error instanceof StixError) return false;
    throw error;
  }
}
