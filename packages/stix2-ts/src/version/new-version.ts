import type { Sources } from "../create/sources.ts";
import { StixError } from "../errors.ts";
import { demandObject } from "../json/demand-object.ts";
import { instantToMs, parseTimestamp } from "../value/timestamp.ts";

/** An object that has versions: all SDOs, SROs and some meta objects (STIX 2.1 §3.6). */
export interface VersionedObject {
  readonly type: string;
  readonly id: string;
  readonly created?: string;
  readonly modified?: string;
  readonly revoked?: boolean;
}

type Fixed = "type" | "id" | "spec_version" | "created" | "created_by_ref" | "modified";
const FIXED: readonly string[] = ["type", "id", "spec_version", "created", "created_by_ref"];

/** What a new version changes; undefined takes a property away. */
export type Changes<T> = { readonly [K in keyof Omit<T, Fixed>]?: T[K] | undefined };

/**
 * Makes the next version of an object (STIX 2.1 §3.6.2): `modified` is now, or a millisecond after the version before. Throws
 * StixError `stix/not-an-object` for what is no object, `stix/not-versioned` for an object without versions, `stix/revoked` for a revoked one, and `stix/fixed-property`
 * for a change of what all versions have in common. The object itself stays as it is.
 */
export function newVersion<T extends VersionedObject>(
  object: T,
  changes: Changes<T>,
  { now }: Pick<Sources, "now">,
): T {
  demandObject(object, "What gets a new version");
  demandObject(changes, "What changes");
  const before = parseTimestamp(object.modified ?? "");
  if (before === undefined) {
    throw new StixError("stix/not-versioned", `${object.type} objects have no versions, or ${object.id} has no "modified".`); // prettier-ignore
  }
  if (object.revoked === true) {
    throw new StixError("stix/revoked", `${object.id} is revoked: it has no further versions.`);
  }
  const fixed = FIXED.find((name) => Object.hasOwn(changes, name));
  if (fixed !== undefined) {
    throw new StixError("stix/fixed-property", `"${fixed}" is the same in all versions of ${object.id}.`); // prettier-ignore
  }
  const next = Math.max(now().getTime(), Math.floor(instantToMs(before)) + 1);
  const entries = Object.entries({ ...object, ...changes, modified: new Date(next).toISOString() });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as unknown as T;
}

/** Makes the last version of an object, which is revoked (STIX 2.1 §3.6.3). Throws as `newVersion` does. */
export function revoke<T extends VersionedObject>(object: T, sources: Pick<Sources, "now">): T {
  const revoked = { revoked: true } as unknown as Changes<T>;
  return newVersion(object, revoked, sources);
}
