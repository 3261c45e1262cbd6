import { indexKey, type Anchor } from "stix2-ts";
import { observe, readEvent } from "../../services/core/schema/index.ts";

/** The values of an event's objects, without types and references: no anchor is one of those. */
export function valuesOf(document: unknown): ReadonlySet<string | number> {
  const values = new Set<string | number>();
  const visit = (value: unknown): void => {
    if (typeof value === "string" || typeof value === "number") values.add(value);
    else if (typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        if (name !== "type" && !/_refs?$/.test(name)) visit(inner);
      }
    }
  };
  const event = readEvent(document);
  if (event !== undefined) Object.values(observe(event).observation.objects).forEach(visit);
  return values;
}

/** Anchors that a value has, which other values may have too. */
export function wideAnchors(value: string | number): readonly Anchor[] {
  if (typeof value === "number") return [];
  const text = value.toLowerCase();
  const parts = [text.slice(0, 5), text.slice(text.length >> 1), text.slice(-4)];
  const key = indexKey(value);
  const anchors: Anchor[] = parts
    .filter((part) => part.length >= 4)
    .map((part) => ({ kind: "literal", text: part }));
  anchors.push({ kind: "domain-suffix", key: key.slice(key.indexOf(".") + 1) });
  const digits = /^ip([46]):([0-9a-f]+)$/.exec(key);
  if (digits !== null) {
    const base = (BigInt(`0x${digits[2]}`) >> 8n) << 8n;
    const range = { base, family: digits[1] === "4" ? 4 : 6, prefix: digits[1] === "4" ? 24 : 120 } as const; // prettier-ignore
    anchors.push({ kind: "address-range", range });
  }
  return anchors;
}
