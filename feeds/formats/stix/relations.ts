import type { IndicatorContext } from "../../../services/core/ingest/feed-content.ts";
import { type JsonObject, textOf } from "../json-object.ts";

/** Relationships between versions and evidence: they say nothing of what an indicator indicates. */
const NOT_CONTEXT = new Set(["based-on", "derived-from", "duplicate-of", "revoked-by"]);
const MAX_CONTEXT = 100;

/** What an indicator speaks of, from the relationship objects of its file. */
export interface Relations {
  contextOf(indicator: JsonObject): readonly IndicatorContext[];
}

/** Indexes the relationships of a file by their source. `known` resolves an id in the same file; others are left out. */
export function indexRelations(
  objects: Iterable<JsonObject>,
  known: (id: string) => JsonObject | undefined,
): Relations {
  const bySource = new Map<string, { relationship: string; target: string }[]>();
  for (const object of objects) {
    if (object["type"] !== "relationship" || object["revoked"] === true) continue;
    const source = textOf(object, "source_ref");
    const target = textOf(object, "target_ref");
    const relationship = textOf(object, "relationship_type");
    if (source === undefined || target === undefined || relationship === undefined) continue;
    const list = bySource.get(source);
    if (list === undefined) bySource.set(source, [{ relationship, target }]);
    else list.push({ relationship, target });
  }
  return {
    contextOf(indicator) {
      const id = textOf(indicator, "id") ?? "";
      const found = new Map<string, IndicatorContext>();
      const add = (relationship: string, target: string): boolean => {
        const object = known(target);
        if (object === undefined || target === id || found.has(target) || found.size >= MAX_CONTEXT)
          return false;
        const type = textOf(object, "type") ?? "";
        found.set(target, {
          relationship,
          type,
          id: target,
          name: textOf(object, "name") ?? target,
        });
        return true;
      };
      let reached: string[] = [];
      for (const { relationship, target } of bySource.get(id) ?? []) {
        if (!NOT_CONTEXT.has(relationship) && add(relationship, target)) reached.push(target);
      }
      // Whatever it indicates may be attributed to somebody, who may be attributed further; `found` ends a circle.
      while (reached.length > 0) {
        reached = reached.flatMap((source) =>
          (bySource.get(source) ?? [])
            .filter(
              ({ relationship, target }) =>
                relationship === "attributed-to" && add(relationship, target),
            )
            .map(({ target }) => target),
        );
      }
      const author = textOf(indicator, "created_by_ref");
      if (author !== undefined) add("created-by", author);
      return [...found.values()];
    },
  };
}
