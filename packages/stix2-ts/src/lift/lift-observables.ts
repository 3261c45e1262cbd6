import { observableId } from "../id/observable-id.ts";
import { fixedUuidV4 } from "../id/uuid.ts";
import { isJsonObject, type JsonObject, ownValue } from "../json/json-value.ts";
import { objectTable } from "../model/object-tables.ts";
import { renamed } from "./observable-renames.ts";
import { commonNames, newNames, settledName } from "./settle-names.ts";

/** The objects of a container, each with its id, by their key in it. */
export type LiftedObservables = ReadonlyMap<string, JsonObject & { readonly id: string }>;

/** Longest chain of contributing references that is followed; beyond it an object gets an id of its place, not its content. */
const MAX_CHAIN = 64;

/**
 * Makes top-level objects of STIX 2.1 of the observables in a 2.0 container (STIX 2.1 §2.13 and §3.4): deterministic ids,
 * references by id, properties by their new names. An object without ID contributing properties gets an id that depends on
 * `uuid`, that of the observed data, and its key, so that lifting twice gives the same.
 */
export function liftObservables(container: JsonObject, uuid: string): LiftedObservables {
  const objects = new Map<string, JsonObject>();
  for (const [key, value] of Object.entries(container)) {
    if (isJsonObject(value)) objects.set(key, value);
  }
  const extra = imageFiles(objects);
  const ids = new Map<string, string>();
  const asked = new Set<string>();

  const idOf = (key: string, chain = 0): string | undefined => {
    const object = objects.get(key);
    const known = ids.get(key);
    if (object === undefined || known !== undefined) return known;
    const type = typeOf(object);
    const ownPlace = `${type}--${fixedUuidV4(uuid, key)}`;
    if (asked.has(key) || chain > MAX_CHAIN) {
      ids.set(key, ownPlace); // a circle: the id can't depend on itself
      return ownPlace;
    }
    asked.add(key);
    const contributing = objectTable(type)?.contributing ?? [];
    const made = observableId({
      ...liftProperties(
        object,
        type,
        (name) => contributing.includes(name),
        (ref) => idOf(ref, chain + 1),
      ),
      type,
    });
    const id = ids.get(key) ?? made ?? ownPlace;
    ids.set(key, id);
    return id;
  };

  const lifted = new Map<string, JsonObject & { readonly id: string }>();
  for (const [key, object] of objects) {
    const type = typeOf(object);
    const properties = liftProperties(
      object,
      type,
      () => true,
      (ref) => idOf(ref),
    );
    const image = extra.get(key);
    const imageId = image === undefined ? undefined : idOf(image);
    lifted.set(key, {
      ...properties,
      type,
      spec_version: "2.1",
      id: idOf(key) ?? "",
      ...(imageId === undefined ? {} : { image_ref: imageId }),
    });
  }
  return lifted;
}

/** A process has no name in 2.1; it has an image, a file with that name. Adds these files and says whose they are. */
function imageFiles(objects: Map<string, JsonObject>): ReadonlyMap<string, string> {
  const images = new Map<string, string>();
  for (const [key, object] of Array.from(objects)) {
    const name = ownValue(object, "name");
    if (object["type"] !== "process" || typeof name !== "string") continue;
    if (ownValue(object, "binary_ref") !== undefined) continue;
    const { name: _, ...rest } = object;
    const image = `${key}/image`; // no key of a container has a slash
    objects.set(key, rest);
    objects.set(image, { type: "file", name });
    images.set(key, image);
  }
  return images;
}

function typeOf(object: JsonObject): string {
  const type = ownValue(object, "type");
  return typeof type === "string" ? type : "";
}

type Resolve = (key: string) => string | undefined;

function liftProperties(
  object: JsonObject,
  type: string,
  wanted: (name: string) => boolean,
  resolve: Resolve,
): JsonObject {
  const properties = new Map<string, unknown>();
  const taken = new Set(
    objectTable(type) === undefined
      ? commonNames(Object.keys(object))
      : newNames(type, Object.keys(object)),
  );
  for (const [name, value] of Object.entries(object)) {
    const newName = taken.has(name) ? settledName(name) : renamed(type, name);
    if (name === "type" || name === "id" || !wanted(newName)) continue;
    properties.set(newName, liftValue(newName, value, resolve));
  }
  if (type === "process" && properties.size === 1) {
    const args = properties.get("x_arguments"); // 2.1 asks for at least one property of its own
    if (Array.isArray(args)) properties.set("command_line", args.join(" "));
  }
  return Object.fromEntries(properties);
}

function liftValue(name: string, value: unknown, resolve: Resolve): unknown {
  if (typeof value === "string") return name.endsWith("_ref") ? (resolve(value) ?? value) : value;
  if (name.endsWith("_refs") && Array.isArray(value)) {
    return value.map((ref: unknown) => (typeof ref === "string" ? (resolve(ref) ?? ref) : ref));
  }
  if (name === "hashes" || name.endsWith("_hashes")) return liftHashes(value);
  if (name === "additional_header_fields" || name === "request_header") return liftHeaders(value);
  if (Array.isArray(value)) return value.map((entry: unknown) => liftValue("", entry, resolve));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      const newKey = renamed(name, key);
      return [newKey, liftValue(newKey, entry, resolve)];
    }),
  );
}

/** 2.1 writes in capitals what 2.0 calls ssdeep (STIX 2.1 §10.7). */
function liftHashes(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, hash]) => [name === "ssdeep" ? "SSDEEP" : name, hash]),
  );
}

/** In 2.1 a header field always has a list of values (STIX 2.1 §6.6 and §6.12.2). */
function liftHeaders(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, Array.isArray(field) ? field : [field]]),
  );
}
