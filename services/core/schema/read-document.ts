/** An object of JSON; arrays are none. */
export type Json = Readonly<Record<string, unknown>>;

/** Tells objects from arrays, null and scalars. */
export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Follows own properties only, so a field named `constructor` finds nothing. */
export function own(object: Json, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Finds what stands at a path of an expanded document. */
export function at(document: Json, path: readonly string[]): unknown {
  let value: unknown = document;
  for (const key of path) {
    if (!isObject(value)) return undefined;
    value = own(value, key);
  }
  return value;
}

const textKeys = ["#text", "_", "$t", "text", "Value", "value", "content"];

/**
 * Reads a scalar's text; of an array its first usable entry, of an XML element turned into an object its text.
 * Undefined for what has none, and for the ways to write "nothing": empty text and `-`.
 */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" || value === "-" ? undefined : value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") {
    return String(value);
  }
  if (Array.isArray(value)) {
    for (const entry of value) {
      const text = Array.isArray(entry) ? undefined : textOf(entry);
      if (text !== undefined) return text;
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  for (const key of textKeys) {
    const text = own(value, key);
    if (typeof text === "string" || typeof text === "number") return textOf(text);
  }
  return undefined;
}

/** Writes nested objects for dotted keys (`"winlog.event_data.Image": …`); the same document where there are none. */
export function expand(document: Json): Json {
  return hasDottedKey(document) ? expanded(document, 0) : document;
}

/** Objects whose own keys may be dotted; Sysmon's fields stand deeper or have no dots. */
const carriers = new Set([
  "winlog",
  "Event",
  "data",
  "win",
  "process",
  "file",
  "dll",
  "dns",
  "event",
]);

function hasDottedKey(document: Json): boolean {
  for (const key in document) {
    if (key.includes(".")) return true;
    if (!carriers.has(key)) continue;
    const inner = document[key];
    if (!isObject(inner)) continue;
    for (const innerKey in inner) if (innerKey.includes(".")) return true;
  }
  return false;
}

/** Deeper than any layout's path: a document nested without end costs no stack. */
const maxDepth = 8;

function expanded(object: Json, depth: number): Json {
  const result = emptyRecord();
  for (const [key, value] of Object.entries(object)) {
    const inner = isObject(value) && depth < maxDepth ? expanded(value, depth + 1) : value;
    merge(result, key.includes(".") ? key.split(".") : [key], inner);
  }
  return result;
}

/** Makes an object without prototype, so that a key `__proto__` is a key like any other. */
export function emptyRecord(): Record<string, unknown> {
  return { __proto__: null };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return isObject(value);
}

function merge(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let place = target;
  for (const key of path.slice(0, -1)) {
    let next = place[key];
    if (!isRecord(next)) {
      next = emptyRecord();
      place[key] = next;
    }
    if (isRecord(next)) place = next;
  }
  const last = path.at(-1) ?? "";
  const present = place[last];
  if (isRecord(present) && isObject(value)) {
    for (const [key, inner] of Object.entries(value)) merge(present, [key], inner);
  } else if (!isRecord(present)) {
    place[last] = value;
  }
}
