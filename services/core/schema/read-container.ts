import { emptyRecord, isObject, own, textOf, type Json } from "./read-document.ts";

/** Sysmon's fields as one object, and what to put before a key to name it in the document. */
export interface Container {
  readonly fields: Json;
  readonly prefix: string;
  readonly suffix: string;
}

/**
 * Brings an event's data to one object of fields: an object as it is; a list of `Data` elements with their names as
 * attributes; either of them as JSON text; or XML text. Undefined for anything else.
 */
export function readContainer(value: unknown, path: string): Container | undefined {
  if (isObject(value)) {
    const data = own(value, "Data");
    if (Array.isArray(data) || (isObject(data) && nameOf(data) !== undefined)) {
      return readContainer(Array.isArray(data) ? data : [data], `${path}.Data`);
    }
    return { fields: value, prefix: path === "" ? "" : `${path}.`, suffix: "" };
  }
  if (Array.isArray(value)) {
    if (value.length === 1 && typeof value[0] === "string") return readContainer(value[0], path);
    const fields = emptyRecord();
    for (const element of value) {
      const name = isObject(element) ? nameOf(element) : undefined;
      if (name !== undefined) fields[name] = textOf(element);
    }
    return { fields, prefix: `${path}[`, suffix: "]" };
  }
  return typeof value === "string" ? readText(value.trim(), path) : undefined;
}

function readText(text: string, path: string): Container | undefined {
  if (text.startsWith("{") || text.startsWith("[")) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      return undefined;
    }
    return readContainer(parsed, path);
  }
  if (!text.startsWith("<")) return undefined;
  const fields = emptyRecord();
  for (const [, name, content] of text.matchAll(/<Data Name=["']([^"'<>]+)["']\s*>([^<]*)</g)) {
    if (name !== undefined && content !== undefined) fields[name] = unescapeXml(content);
  }
  return { fields, prefix: `${path}[`, suffix: "]" };
}

/** Takes back the escaping that an `escaped` container adds to a text, or to each text of a list. */
export function unescaped(value: unknown): unknown {
  if (typeof value === "string") {
    return value.includes("\\") ? value.replace(/\\(["\\])/g, "$1") : value;
  }
  return Array.isArray(value) ? value.map(unescapedText) : value;
}

function unescapedText(value: unknown): unknown {
  return Array.isArray(value) ? value : unescaped(value);
}

function nameOf(element: Json): string | undefined {
  for (const key of ["Name", "@Name", "name"]) {
    const name = own(element, key);
    if (typeof name === "string") return name;
  }
  for (const key of ["#attributes", "@attributes", "$", "attributes"]) {
    const attributes = own(element, key);
    if (!isObject(attributes)) continue;
    const name = own(attributes, "Name");
    if (typeof name === "string") return name;
  }
  return undefined;
}

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

function unescapeXml(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|[a-z]{2,4});/g, (whole, entity: string) => {
    if (!entity.startsWith("#")) return entities[entity] ?? whole;
    const code = entity.startsWith("#x") ? parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
