/** A JSON object of a stranger: nothing is known of its properties. */
export interface JsonObject {
  readonly [property: string]: unknown;
}

/** Tells a JSON object from a list, null and the plain values. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a property that the object has itself: `constructor` or `__proto__` of its prototype are none. */
export function ownValue(object: JsonObject, property: string): unknown {
  return Object.hasOwn(object, property) ? object[property] : undefined;
}
