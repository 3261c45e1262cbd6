import type { StoredEvent } from "../../services/core/ports.ts";
import { documentOf } from "../../services/core/ingest/document.ts";
import { observe, readEvent } from "../../services/core/schema/index.ts";

/** Object path → a value that events have there. */
function valuesByPath(events: Iterable<StoredEvent>): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const put = (path: string, value: unknown) => {
    if (typeof value === "string" && value !== "" && value.length < 300) {
      found.set(path, (found.get(path) ?? new Set()).add(value));
    }
  };
  for (const stored of events) {
    const event = readEvent(documentOf(stored.document));
    if (event === undefined) {
      continue;
    }
    for (const object of Object.values(observe(event).observation.objects)) {
      for (const [name, value] of Object.entries(object)) {
        if (name === "hashes" && typeof value === "object" && value !== null) {
          for (const [algorithm, digest] of Object.entries(value)) {
            put(`${object.type}:hashes.'${algorithm}'`, digest);
          }
        } else if (name !== "type" && !/_refs?$/.test(name)) {
          put(`${object.type}:${name}`, value);
        }
      }
    }
  }
  return found;
}

function quoted(value: string): string {
  return `'${value.replace(/[\\']/g, "\\$&")}'`;
}

function swapCase(value: string): string {
  return value.replace(/[a-z]/gi, (c) =>
    c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase(),
  );
}

/** Takes about `count` values, evenly over all, so that the choice is the same at every run. */
function spread<T>(values: readonly T[], count: number): readonly T[] {
  const step = Math.max(1, Math.floor(values.length / count));
  return values.filter((_, i) => i % step === 0).slice(0, count);
}

/**
 * Patterns drawn from the events' own values: exact, in other case, near misses that must not hit, ranges
 * around addresses, LIKE and MATCHES over pieces, lists, negations, ANDs and ORs.
 */
export function drawnPatterns(events: readonly StoredEvent[], perPath: number): readonly string[] {
  const patterns: string[] = [];
  for (const [path, set] of valuesByPath(events)) {
    for (const value of spread([...set].toSorted(), perPath)) {
      patterns.push(`[${path} = ${quoted(value)}]`, `[${path} = ${quoted(swapCase(value))}]`);
      patterns.push(
        `[${path} = ${quoted(`${value}~`)}]`,
        `[${path} IN (${quoted(value)}, 'none')]`,
      );
      if (path.startsWith("ipv4")) {
        const net = value.split(".").slice(0, 2).join(".");
        patterns.push(`[${path} ISSUBSET '${net}.0.0/16']`, `[${path} = '${net}.0.0/16']`);
        patterns.push(`[${path} = '::ffff:${value}']`);
      }
      const piece = value.slice(Math.floor(value.length / 3), Math.floor(value.length / 3) + 9);
      if (piece.length >= 4 && !/[%_]/.test(piece)) {
        patterns.push(`[${path} LIKE ${quoted(`%${piece}%`)}]`);
        patterns.push(`[${path} LIKE ${quoted(`_${value.slice(1)}`)}]`);
      }
      if (/^[\w.]{3,}$/.test(value)) {
        patterns.push(`[${path} MATCHES ${quoted(`^${value.replaceAll(".", "\\.")}$`)}]`);
      }
    }
    const [one = "", two = ""] = [...set].toSorted();
    patterns.push(`[${path} = ${quoted(one)} AND process:pid > 1000]`);
    patterns.push(`[${path} = ${quoted(one)} OR ${path} = ${quoted(two)}]`);
    patterns.push(`[${path} = ${quoted(two)} AND ${path} != ${quoted(one)}]`);
    patterns.push(`[${path} = ${quoted(one)}] OR [${path} = ${quoted(two)}]`);
    patterns.push(`[NOT EXISTS ${path}]`);
  }
  return [...new Set([...patterns, ...correlatedPatterns(events)])];
}

/** Patterns over several events, drawn from paths with many values, so that none is satisfied by half of the log. */
function correlatedPatterns(events: readonly StoredEvent[]): readonly string[] {
  const comparisons = [...valuesByPath(events)]
    .filter(([, values]) => values.size > 20)
    .map(([path, values]) => {
      const few = spread([...values].toSorted(), 3).map(quoted);
      return `[${path} IN (${few.join(", ")})]`;
    });
  return comparisons.flatMap((one, at) => {
    const next = comparisons[(at + 1) % comparisons.length] ?? one;
    const other = comparisons[(at + 5) % comparisons.length] ?? one;
    return [
      `${one} FOLLOWEDBY ${next}`,
      `(${one} AND ${other}) WITHIN 300 SECONDS`,
      `${one} REPEATS 3 TIMES WITHIN 5 SECONDS`,
      `${next} OR (${one} AND ${other} AND ${next})`,
    ];
  });
}
