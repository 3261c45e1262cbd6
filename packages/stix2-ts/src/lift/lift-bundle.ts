import type { Bundle } from "../bundle/bundle.ts";
import { StixError } from "../errors.ts";
import { canonicalJson } from "../json/canonical-json.ts";
import { demandObject } from "../json/demand-object.ts";
import type { StixObject } from "../model/stix-object.ts";
import { liftChecked, type Stix20Object } from "./lift-to-21.ts";

/** A bundle whose objects are of STIX 2.0, or of both versions. */
export interface MixedBundle {
  readonly type: "bundle";
  readonly id: string;
  readonly spec_version?: "2.0";
  readonly objects?: readonly (Stix20Object | StixObject)[];
}

/**
 * Lifts all objects of a valid bundle to STIX 2.1, as `liftTo21` does. Equal observables of several objects become one. Throws
 * StixError where the bundle, its list or one of its objects is none, or is nested too deeply.
 */
export function liftBundleTo21(bundle: MixedBundle): Bundle {
  demandObject(bundle, "A bundle");
  const { id, objects = [] } = bundle;
  if (!Array.isArray(objects)) {
    throw new StixError("stix/property-type", `"objects" of a bundle must be a list.`);
  }
  const seen = new Set<string>();
  const lifted = objects.flatMap((object: Stix20Object | StixObject, index) => {
    demandObject(object, `/objects/${index}`);
    const [first, ...observables] = liftChecked(object);
    const fresh = observables.filter((observable) => {
      const text = canonicalJson(observable);
      return !seen.has(text) && seen.add(text);
    });
    return first === undefined ? fresh : [first, ...fresh];
  });
  return { type: "bundle", id, ...(lifted.length === 0 ? {} : { objects: lifted }) };
}
