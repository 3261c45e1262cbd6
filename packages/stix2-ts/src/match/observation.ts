import { StixError } from "../errors.ts";

/** A cyber-observable object as STIX 2.1 §6 spells it; references name keys of the observation's `objects`. */
export interface CyberObservable {
  readonly type: string;
  readonly [property: string]: unknown;
}

/** What observed-data says (STIX 2.1 §4.14): objects seen together during an interval. Times are milliseconds since 1970. */
export interface Observation {
  readonly objects: Readonly<Record<string, CyberObservable>>;
  readonly firstObserved: number;
  readonly lastObserved: number;
  /** From 1 on; what is above 999,999,999 counts as that many. */
  readonly numberObserved: number;
  /**
   * Objects that are several readings of one thing, by a name they share (a log may not tell a registry key from a
   * value's path). `!=` and NOT then hold only if they hold of every reading that has the property.
   */
  readonly readings?: Readonly<Record<string, string>>;
}

/** Why an observation satisfied a pattern: one comparison, and the value that met it. */
export interface Why {
  /** The comparison's object path, as the pattern's printer writes it. */
  readonly path: string;
  /** The whole comparison, printed. */
  readonly comparison: string;
  /** Key in `objects` of the object that holds the value, after references were followed. */
  readonly object: string;
  /** Steps inside that object, for instance `["hashes", "MD5"]` or `["values", 0, "data"]`. */
  readonly steps: readonly (string | number)[];
  readonly value: unknown;
}

/** `spec` compares literally; `observable` as a hunter means it: see the README, "Two modes". */
export type MatchMode = "spec" | "observable";

/** Compiles MATCHES expressions. It must be linear in time for patterns of strangers (stixsweep gives re2js). */
export type RegexEngine = (source: string) => { test(text: string): boolean };

/** How patterns are evaluated. */
export interface MatchOptions {
  readonly mode: MatchMode;
  readonly regex?: RegexEngine;
  /** `domain-name:value = 'a.b'` also meets `x.a.b`; only in observable mode. */
  readonly subdomains?: boolean;
}

/** Refuses a record that stands for no observation: STIX 2.1 §4.14 has `number_observed` begin at 1. */
export function refuseUnobserved({ numberObserved }: Observation): void {
  if (!(numberObserved >= 1)) {
    throw new StixError(
      "stix/number-observed",
      `an observation was seen at least once; numberObserved is ${String(numberObserved)}`,
    );
  }
}
