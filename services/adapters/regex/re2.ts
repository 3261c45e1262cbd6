import { RE2JS } from "re2js";
import type { RegexEngine } from "stix2-ts";
import { regexSize } from "./regex-size.ts";

/** Each takes about 500 bytes, and time with every letter that is looked at. */
const MOST_STEPS = 5000;

/**
 * MATCHES by re2js: linear in time, whatever the expression. Look-around and back-references are refused when
 * the pattern is compiled. `.` meets line ends, as STIX 2.1 §9.6.1 asks (DOTALL).
 */
export const re2: RegexEngine = (source) => {
  const size = regexSize(source);
  if (size > MOST_STEPS) {
    throw new RangeError(`written out it has about ${size} steps, ${MOST_STEPS} at most`);
  }
  const compiled = RE2JS.compile(source, RE2JS.DOTALL);
  return { test: (text) => compiled.matcher(text).find() };
};
