import { property, type ObservableRule } from "./observable-rule.ts";
import type { Transform } from "./transforms.ts";

/** A key as STIX spells it, as Sysmon abbreviates it, and as its owner sees it (`HKEY_CURRENT_USER`). */
const readings: readonly (readonly [string, Transform, Transform])[] = [
  ["full", "full-key", "full-key-parent"],
  ["logged", "logged-key", "logged-key-parent"],
  ["user", "user-key", "user-key-parent"],
];

/**
 * Sysmon writes key and value name as one path, and only EventType tells (mostly) whether a value is meant: so a path
 * is read as a key, and, unless it is known to be one, as a value of the key above.
 */
function registry(role: string, from: string): readonly ObservableRule[] {
  return readings.flatMap(([reading, whole, parent]) => [
    {
      key: `windows-registry-key:${role}-${reading}`,
      type: "windows-registry-key",
      readingOf: role,
      properties: [property("key", from, whole)],
    },
    {
      key: `windows-registry-key:${role}-${reading}-value`,
      type: "windows-registry-key",
      readingOf: role,
      when: { field: "EventType", not: ["CreateKey", "DeleteKey", "RenameKey"] },
      properties: [
        property("key", from, parent),
        property("values[].name", from, "value-name"),
        property("values[].data", "Details", "registry-data", [13]),
        property("values[].data_type", "Details", "registry-type", [13]),
      ],
      needs: [from],
    },
  ]);
}

/** Events 12 to 14. */
export const registryObservables: readonly ObservableRule[] = [
  ...registry("target", "TargetObject"),
  ...registry("new-name", "NewName"),
];
