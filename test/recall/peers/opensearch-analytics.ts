/**
 * OpenSearch Security Analytics' threat intelligence monitor, by its query shape: the values of a batch of events, all of a
 * field with several, looked up among the indicators of one type by `terms`, in a search that names no size.
 */
import type { EngineApi } from "../../engines/engine-api.ts";
import { CASES } from "../cases.ts";
import { EXPERT } from "./elastic-match.ts";
import { equalities, hitsOf, valuesAt } from "./peer-world.ts";
import type { Found } from "./score.ts";

/** Its types of indicators, and the paths that become one of them. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  "ipv4-addr": ["ipv4-addr:value"],
  "ipv6-addr": ["ipv6-addr:value"],
  "domain-name": ["domain-name:value"],
  hashes: ["file:hashes.'SHA-256'"],
};

export async function securityAnalytics(
  api: EngineApi,
  index: string,
  iocs: string,
): Promise<Found> {
  const indicators = CASES.flatMap(({ name, pattern }) => {
    const [term, ...more] = equalities(pattern) ?? [];
    const type = Object.keys(TYPES).find((one) => TYPES[one]?.includes(term?.path ?? ""));
    return term === undefined || type === undefined || more.length > 0
      ? []
      : [{ name, type, value: term.value }];
  });
  await api.index(
    iocs,
    indicators.map((one) => ({ source: JSON.stringify(one) })),
    "?refresh=true",
  );
  const found = new Map<string, Set<string>>();
  const events = await hitsOf(api, index, { size: 10_000, query: { match_all: {} } });
  for (const [type, paths] of Object.entries(TYPES)) {
    const fields = paths.flatMap((path) => EXPERT[path] ?? []);
    const values = events.flatMap(({ _id, _source }) =>
      fields.flatMap((field) => valuesAt(_source, field).map((value) => ({ _id, value }))),
    );
    const distinct = [...new Set(values.map(({ value }) => value))];
    if (distinct.length === 0) continue;
    const filter = [{ terms: { value: distinct } }, { term: { type } }];
    // No size: the engine's own, which is ten.
    for (const { _source } of await hitsOf(api, iocs, { query: { bool: { filter } } })) {
      const hits = values.filter(({ value }) => value === _source["value"]);
      found.set(String(_source["name"]), new Set(hits.map(({ _id }) => _id)));
    }
  }
  return found;
}
