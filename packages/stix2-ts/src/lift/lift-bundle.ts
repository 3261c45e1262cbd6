import type { Bundle } from "../bundle/bundle.ts";
import { canonicalJson } from "../json/canonical-json.ts";
import type { StixObject } from "../model/stix-object.ts";
import { liftTo21, type Stix20Object } from "./lift-to-21.ts";

/** A bundle whose objects are of STIX 2.0, or of both versions. */
export interface MixedBundle {
  readonly type: "bundle";
  readonly id: string;
  readonly spec_version?: "2.0";
  readonly objects?: readonly (Stix20Object | StixObject)[];
}

/** Lifts all objects of a valid bundle to STIX 2.1, as `liftTo21` does. Equal observables of several objects become one. */
export function liftBundleTo21({ id, objects = [] }: MixedBundle): Bundle {
  const seen = new Set<string>();
  const lifted = objects.flatMap((object) => {
    const [first, ...observables] = liftTo21(object);
    const fresh = observables.filter((observable) => {
      const text = canonicalJson(observable);
      return !seen.has(text) && seen.add(text);
    });
    return first === undefined ? fresh : [first, ...fresh];
  });
  return { type: "bundle", id, ...(lifted.length === 0 ? {} : { objects: lifted }) };
}
