import { hashFields, sysmonFields } from "./sysmon-fields.ts";
import type { SysmonEvent } from "./sysmon-event.ts";

/** Fields that only some layouts keep as they were, or that stand in the event's key anyway. */
const left = new Set([
  "RuleName", // the collector's Sysmon configuration, not the event
  "UtcTime", // in the key as time
  "SourceIsIpv6",
  "DestinationIsIpv6",
  "SourcePortName", // ECS keeps one of the two, and does not say which
  "DestinationPortName",
  "QueryStatus", // ECS translates it
  "Type", // ECS moves it into `message`
]);

const names: ReadonlyMap<number, readonly string[]> = new Map(
  [...sysmonFields].map(([id, fields]) => [
    id,
    fields.filter((name) => !left.has(name)).toSorted(),
  ]),
);
const hashes: ReadonlySet<string> = new Set(hashFields);

/**
 * Writes an event's fields as one text, equal for the same event in different layouts: fields in fixed order, numbers
 * as text, GUIDs lower case without braces, hashes lower case, absent and empty fields left out. A line a field; line
 * breaks and backslashes in values are escaped, so different fields never give the same text.
 */
export function canonicalContent(event: SysmonEvent): string {
  let content = `${event.eventId}`;
  for (const name of names.get(event.eventId) ?? []) {
    const values = event.fields.get(name);
    if (values === undefined) continue;
    const texts =
      values.length === 1
        ? [canonical(name, values[0]?.value ?? "")]
        : [...new Set(values.map(({ value }) => canonical(name, value)))].toSorted();
    for (const text of texts) content += `\n${name}=${text}`;
  }
  return content;
}

function canonical(name: string, value: string): string {
  if (hashes.has(name)) return value.toLowerCase();
  if (name.endsWith("Guid")) return value.replace(/[{}]/g, "").toLowerCase();
  if (!value.includes("\n") && !value.includes("\\") && !value.includes("\r")) return value.trim();
  return value
    .trim()
    .replace(/[\\\r\n]/g, (c) => (c === "\\" ? "\\\\" : c === "\n" ? "\\n" : "\\r"));
}
