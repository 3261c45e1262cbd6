import { parsePattern } from "stix2-ts";

/** A pattern's own error, as the report shows it. */
export interface PatternProblem {
  readonly message: string;
}

/** Parses a pattern for its syntax only. Gives undefined where it is right. */
export function patternProblem(text: string): PatternProblem | undefined {
  try {
    parsePattern(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const caret = "caret" in error && typeof error.caret === "string" ? error.caret : "";
    return {
      message:
        caret === "" || error.message.includes(caret)
          ? error.message
          : `${error.message}\n${caret}`,
    };
  }
}
