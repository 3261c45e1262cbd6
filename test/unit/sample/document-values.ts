/** Reads a document's event id, whatever its layout. */
export function eventIdOf(source: Record<string, unknown>): number {
  const text = JSON.stringify(source);
  const found = /"(?:code|EventID|eventID)":"?(\d+)/.exec(text);
  return Number(found?.[1]);
}

/** Names the layout a document is written in, by its shape alone. */
export function layoutOf(source: Record<string, unknown>): string {
  if ("data" in source) return "wazuh";
  if ("EventID" in source) return "flat";
  return JSON.stringify(source["event"]).includes('"module":"sysmon"') ? "ecs" : "raw";
}

/** Every text in a document with the last part of its field's name, lower case; Wazuh's second escaping undone. */
export function textsOf(source: Record<string, unknown>): readonly (readonly [string, string])[] {
  const found: [string, string][] = [];
  const wazuh = "data" in source;
  const walk = (name: string, value: unknown): void => {
    if (typeof value === "string") {
      found.push([name, wazuh ? value.replace(/\\(["\\])/g, "$1") : value]);
    } else if (Array.isArray(value)) {
      for (const entry of value) walk(name, entry);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        walk(`${name}.${key}`.toLowerCase(), inner);
      }
    }
  };
  walk("", source);
  return found;
}
