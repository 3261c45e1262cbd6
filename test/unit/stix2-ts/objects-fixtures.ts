/** Objects of every kind, short and valid, to be changed by tests. */
export const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

const TIMES = { created: "2024-01-01T00:00:00.000Z", modified: "2024-01-02T00:00:00.000Z" };

export function sdo<T extends string, P extends object>(type: T, properties: P) {
  return { type, spec_version: "2.1" as const, id: `${type}--${uuid(1)}`, ...TIMES, ...properties };
}

export function sco<T extends string, P extends object>(type: T, properties: P) {
  return { type, spec_version: "2.1" as const, id: `${type}--${uuid(2)}`, ...properties };
}

export function old<T extends string, P extends object>(type: T, properties: P) {
  return { type, id: `${type}--${uuid(3)}`, ...TIMES, ...properties };
}

export const INDICATOR = sdo("indicator", {
  pattern: "[file:name = 'a.exe']",
  pattern_type: "stix",
  valid_from: "2024-01-01T00:00:00Z",
});

export const MALWARE = sdo("malware", { name: "Poison", is_family: true });

export const IDENTITY = sdo("identity", { name: "ACME" });

export const bundle = (...objects: unknown[]) => ({
  type: "bundle",
  id: `bundle--${uuid(9)}`,
  objects,
});
