/** Conditions of a hunt: as the form has them, as a link keeps them, and as the API takes them. Pure. */

/** Fields that are offered first; any other of Sysmon's may be written. */
export const FIELDS = ["Image", "CommandLine", "ParentImage", "ParentCommandLine", "User", "Host", "EventId", "DestinationIp", "DestinationHostname", "DestinationPort", "QueryName", "QueryResults", "TargetFilename", "TargetObject", "Details", "ImageLoaded", "MD5", "SHA1", "SHA256", "IMPHASH", "ProcessGuid", "ProcessId", "PipeName", "SourceIp", "SourceImage", "TargetImage", "IntegrityLevel", "OriginalFileName"] as const; // prettier-ignore

export const OPERATORS = ["contains", "is", "startsWith", "endsWith", "matches", "cidr", "lt", "gt", "exists"] as const; // prettier-ignore
export type Operator = (typeof OPERATORS)[number];

export interface Condition {
  readonly field: string;
  readonly op: Operator;
  readonly value: string;
  readonly isDenied: boolean;
}

export interface Hunt {
  /** Whether all of the conditions must hold, or any. */
  readonly join: "all" | "any";
  readonly conditions: readonly Condition[];
  /** A STIX pattern, beside the conditions; "" for none. */
  readonly pattern: string;
}

export const EMPTY: Condition = { field: "Image", op: "contains", value: "", isDenied: false };

/** Writes a condition for a link: `!field op value`. */
export function writeCondition({ field, op, value, isDenied }: Condition): string {
  return `${isDenied ? "!" : ""}${field} ${op} ${value}`;
}

/** Reads it; undefined for what is none. */
export function readCondition(text: string): Condition | undefined {
  const [, not = "", field = "", named = "", value = ""] = /^(!?)(\w+) (\w+) ?(.*)$/s.exec(text) ?? []; // prettier-ignore
  const op = OPERATORS.find((one) => one === named);
  return op === undefined ? undefined : { field, op, value, isDenied: not === "!" };
}

/** A hunt out of a link's query. */
export function readHunt(query: URLSearchParams): Hunt {
  return {
    join: query.get("join") === "any" ? "any" : "all",
    conditions: query.getAll("c").flatMap((text) => readCondition(text) ?? []),
    pattern: query.get("pattern") ?? "",
  };
}

/** Conditions that say something: one without a value, but for `exists`, is not filled in yet. */
export function usable({ conditions }: Hunt): readonly Condition[] {
  return conditions.filter(({ field, op, value }) => field !== "" && (op === "exists" || value !== "")); // prettier-ignore
}

/** What the API takes; undefined where nothing is asked. */
export function criteriaOf(hunt: Hunt): object | undefined {
  const all = usable(hunt).map(({ field, op, value, isDenied }) => {
    const condition = op === "exists" ? { field, op } : { field, op, value };
    return isDenied ? { not: condition } : condition;
  });
  const joined = all.length === 0 ? [] : [all.length === 1 ? all[0] : { [hunt.join]: all }];
  const parts = [...joined, ...(hunt.pattern.trim() === "" ? [] : [{ pattern: hunt.pattern }])];
  return parts.length > 1 ? { all: parts } : parts[0];
}
