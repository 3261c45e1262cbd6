import { compilePattern, parsePattern, type CompiledPattern, type RegexEngine } from "stix2-ts";
import type { PatternOptions } from "../records.ts";

/** Compiles a pattern's text under its options; throws `StixError`. */
export type CompileText = (pattern: string, options: PatternOptions) => CompiledPattern;

/** Makes a compiler that uses one regex engine. */
export function makeCompiler(regex: RegexEngine): CompileText {
  return (pattern, options) =>
    compilePattern(parsePattern(pattern), {
      mode: options.mode,
      subdomains: options.subdomains,
      regex,
    });
}
