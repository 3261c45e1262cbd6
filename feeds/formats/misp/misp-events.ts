import { isJsonObject, type JsonObject, objectsOf, textOf } from "../json-object.ts";

/** An attribute with what stands around it. */
export interface MispAttribute {
  readonly where: string;
  readonly value: JsonObject;
  /** The event it belongs to; empty where only attributes were asked for. */
  readonly event: JsonObject;
  /** The object it belongs to. */
  readonly object: JsonObject | undefined;
}

/**
 * Finds the attributes of a MISP document: an event, a list of events, or the answer to a search for events, attributes or
 * objects. Undefined for JSON that is none of these.
 */
export function mispAttributes(document: unknown): readonly MispAttribute[] | undefined {
  const response = isJsonObject(document) ? document["response"] : undefined;
  const [root, where] = response === undefined ? [document, ""] : [response, "/response"];
  const parts = asList(root).map((part, i) => ({
    part,
    where: Array.isArray(root) ? `${where}/${i}` : where,
  }));
  return response !== undefined || parts.some(({ part }) => isMisp(part))
    ? parts.flatMap((one) => attributesIn(one.part, one.where))
    : undefined;
}

function isMisp(value: unknown): boolean {
  return (
    isJsonObject(value) &&
    value["type"] === undefined &&
    ["Event", "Attribute", "Object"].some((key) => typeof value[key] === "object")
  );
}

function attributesIn(value: unknown, where: string): readonly MispAttribute[] {
  if (!isMisp(value) || !isJsonObject(value)) {
    return [{ where, value: {}, event: {}, object: undefined }];
  }
  const own = value["Event"];
  const [event, at] = isJsonObject(own) ? [own, `${where}/Event`] : [{}, where];
  const holder = isJsonObject(own) ? own : value;
  const objects = asList(holder["Object"]).flatMap((object, i) =>
    isJsonObject(object)
      ? listed(object, "Attribute", `${at}/Object/${i}`, event, object)
      : [{ where: `${at}/Object/${i}`, value: {}, event, object: undefined }],
  );
  return [...listed(holder, "Attribute", at, event, undefined), ...objects];
}

function listed(
  holder: unknown,
  key: string,
  where: string,
  event: JsonObject,
  object: JsonObject | undefined,
): readonly MispAttribute[] {
  const list = isJsonObject(holder) ? asList(holder[key]) : [];
  return list.map((value, i) => {
    const own = isJsonObject(value) ? value : {};
    const around = isJsonObject(own["Event"]) ? own["Event"] : event;
    return { where: `${where}/${key}/${i}`, value: own, event: around, object };
  });
}

/** A list, or what stands alone where there is one; older exports write it so. */
function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** Names of the tags of an event or attribute. */
export function tagsOf(holder: JsonObject): readonly string[] {
  return objectsOf(holder, "Tag").flatMap((tag) => textOf(tag, "name") ?? []);
}
