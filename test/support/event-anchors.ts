import { indexKey, type Anchor, type ObjectPath } from "stix2-ts";
import { observe, readEvent } from "../../services/core/schema/index.ts";

/** A value of an event's objects, and a path that leads to it. */
export interface PlacedValue {
  readonly value: string | number;
  readonly path: ObjectPath;
}

/** The values of an event's objects, without types and references: no anchor is one of those. */
export function valuesOf(document: unknown): readonly PlacedValue[] {
  const found = new Map<string, PlacedValue>();
  const visit = (value: unknown, path: ObjectPath): void => {
    if (typeof value === "string" || typeof value === "number") {
      found.set(JSON.stringify([value, path]), { value, path });
    } else if (Array.isArray(value)) {
      for (const inner of value) {
        visit(inner, { ...path, steps: [...path.steps, { kind: "index", index: "*" }] });
      }
    } else if (typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        if (name !== "type" && !/_refs?$/.test(name)) {
          visit(inner, { ...path, steps: [...path.steps, { kind: "key", name }] });
        }
      }
    }
  };
  const event = readEvent(document);
  for (const object of event === undefined
    ? []
    : Object.values(observe(event).observation.objects)) {
    visit(object, { objectType: object.type, steps: [] });
  }
  return [...found.values()];
}

/** Anchors that a value has, which other values may have too. */
export function wideAnchors({ value, path }: PlacedValue): readonly Anchor[] {
  if (typeof value === "number") return [];
  const text = value.toLowerCase();
  const parts = [text.slice(0, 5), text.slice(text.length >> 1), text.slice(-4)];
  const key = indexKey(value);
  const anchors: Anchor[] = parts
    .filter((part) => part.length >= 4)
    .map((part) => ({ kind: "literal", text: part, path }));
  anchors.push({ kind: "domain-suffix", key: key.slice(key.indexOf(".") + 1), path });
  const digits = /^ip([46]):([0-9a-f]+)$/.exec(key);
  if (digits !== null) {
    const base = (BigInt(`0x${digits[2]}`) >> 8n) << 8n;
    const range = { base, family: digits[1] === "4" ? 4 : 6, prefix: digits[1] === "4" ? 24 : 120 } as const; // prettier-ignore
    anchors.push({ kind: "address-range", range, path });
  }
  return anchors;
}
