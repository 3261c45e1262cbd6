/** What every event that meets criteria must have, as STIX patterns: by their anchors a store finds candidates. */
import { parseAddress } from "stix2-ts";
import type { Criteria } from "./criteria.ts";

type Condition = Extract<Criteria, { readonly field: string }>;

/** Object paths that hold a field's value as a whole, whatever else holds it. */
const PATHS: readonly (readonly [fields: RegExp, path: string])[] = [
  [/^(?:Image|(?:Parent|Source|Target)Image|TargetFilename|ImageLoaded)$/, "file:path"],
  [/^(?:Parent)?CommandLine$/, "process:command_line"],
  [/^(?:Parent|Source|Target)?User$/, "user-account:user_id"],
  [/^(?:Parent|Source|Target)?ProcessGuid$/, "process:x_process_guid"],
];

/** Hashes, which objects have in lower case, and the types that have them: that of a clipboard (event 24) is an artifact's. */
const HASHES: Readonly<Record<string, string>> = { MD5: "MD5", SHA1: "SHA-1", SHA256: "SHA-256" };
const HASHED = ["file", "artifact"] as const;

/**
 * Gives patterns of which every event that meets the criteria satisfies at least one; undefined where none are known, and all events
 * must be read. They are necessary and not enough.
 */
export function narrow(criteria: Criteria): readonly string[] | undefined {
  if ("all" in criteria) {
    const narrowed = criteria.all.flatMap((one) => {
      const patterns = narrow(one);
      return patterns === undefined ? [] : [patterns];
    });
    // Whole values are found in an index; parts of them take a look at all values.
    return narrowed.find((patterns) => patterns.every(isWhole)) ?? narrowed[0];
  }
  if ("any" in criteria) {
    const narrowed = criteria.any.map(narrow);
    const known = narrowed.filter((patterns) => patterns !== undefined);
    return known.length === narrowed.length && known.length > 0 ? known.flat() : undefined;
  }
  if ("not" in criteria) {
    return undefined;
  }
  return "pattern" in criteria ? [criteria.pattern] : narrowCondition(criteria);
}

function isWhole(pattern: string): boolean {
  return !/ (?:LIKE|MATCHES|ISSUBSET) /.test(pattern);
}

function narrowCondition({ field, op, value = "" }: Condition): readonly string[] | undefined {
  const values = typeof value === "string" ? [value] : value;
  const hash = Object.hasOwn(HASHES, field) ? HASHES[field] : undefined;
  const patterns = values.flatMap((one) => {
    if (hash !== undefined) {
      return op === "is" || op === "in"
        ? HASHED.map((type) => `[${type}:hashes.'${hash}' = ${literal(one.toLowerCase())}]`)
        : [undefined];
    }
    return /^(?:Source|Destination)Ip$/.test(field) ? address(op, one) : text(field, op, one);
  });
  const known = patterns.filter((one) => one !== undefined);
  return known.length === patterns.length && known.length > 0 ? known : undefined;
}

function text(field: string, op: Condition["op"], value: string): string | undefined {
  const path = PATHS.find(([fields]) => fields.test(field))?.[1];
  if (path === undefined || value === "" || (path === "file:path" && hasStream(value))) {
    return undefined;
  }
  // Of `C:\\a.txt:Zone.Identifier` an object has the path alone.
  if (field === "TargetFilename" && (op === "contains" || op === "endsWith")) {
    return undefined;
  }
  if (path === "process:x_process_guid") {
    const bare = value.replace(/[{}]/g, "");
    return op === "is" || op === "in" ? `[${path} = ${literal(bare)}]` : undefined;
  }
  switch (op) {
    case "is":
    case "in":
      return `[${path} = ${literal(value)}]`;
    case "contains":
      return `[${path} LIKE ${literal(`%${value}%`)}]`;
    case "startsWith":
      return `[${path} LIKE ${literal(`${value}%`)}]`;
    case "endsWith":
      return `[${path} LIKE ${literal(`%${value}`)}]`;
    default:
      return undefined;
  }
}

/** The name of a stream is no part of an object's path. */
function hasStream(value: string): boolean {
  return value.replace(/^[a-z]:/i, "").includes(":");
}

function address(op: Condition["op"], value: string): string | undefined {
  const range = parseAddress(value);
  if (range === undefined || !["is", "in", "cidr"].includes(op)) {
    return undefined;
  }
  return `[${range.family === 4 ? "ipv4" : "ipv6"}-addr:value ISSUBSET ${literal(value)}]`;
}

function literal(value: string): string {
  return `'${value.replace(/[\\']/g, String.raw`\$&`)}'`;
}
