/** A JSON object of a stranger: nothing is known of its properties. */
export interface JsonObject {
  readonly [property: string]: unknown;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Gives a property that is text and not empty. */
export function textOf(object: JsonObject, property: string): string | undefined {
  const value = object[property];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Gives the strings of a list property; everything else in it is passed over. */
export function textsOf(object: JsonObject, property: string): readonly string[] {
  const value = object[property];
  return Array.isArray(value)
    ? value.filter((entry) => typeof entry === "string" && entry !== "")
    : [];
}

/** Gives the objects of a list property. */
export function objectsOf(object: JsonObject, property: string): readonly JsonObject[] {
  const value = object[property];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
