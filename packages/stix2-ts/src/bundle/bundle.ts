import type { StixObject } from "../model/stix-object.ts";

/** A bundle: objects under way together (STIX 2.1 §8). */
export interface Bundle {
  readonly type: "bundle";
  readonly id: string;
  readonly objects?: readonly StixObject[];
}
