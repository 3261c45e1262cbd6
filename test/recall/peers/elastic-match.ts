/**
 * Elastic's indicator match rule, by its query shapes: a mapping of fields of events to fields of indicators, equality alone,
 * a hundred alerts at most. Its two orders: indicators first (one clause an indicator over the events, which finds what its paged `terms` find), and
 * events first (the values of events looked up among the indicators, of a field with several values the first).
 */
import type { EngineApi } from "../../engines/engine-api.ts";
import { CASES } from "../cases.ts";
import { equalities, hitsOf, valuesAt, type Term } from "./peer-world.ts";
import type { Found } from "./score.ts";

const LONGEST_TERM = 32_766;
/** Alerts of one run. */
export const MAX_SIGNALS = 100;

/** What the rules that come with it look at. There is none for names of domains, processes or files. */
export const PREBUILT: Readonly<Record<string, readonly string[]>> = {
  "ipv4-addr:value": ["source.ip", "destination.ip"],
  "ipv6-addr:value": ["source.ip", "destination.ip"],
  "file:hashes.'SHA-256'": ["file.hash.sha256", "dll.hash.sha256", "process.hash.sha256"],
  "windows-registry-key:key": ["registry.path"],
  "url:value": ["url.full", "url.original"],
};

/** What somebody would map who knows Sysmon well. */
export const EXPERT: Readonly<Record<string, readonly string[]>> = {
  ...PREBUILT,
  "ipv4-addr:value": ["source.ip", "destination.ip", "dns.resolved_ip"],
  "ipv6-addr:value": ["source.ip", "destination.ip", "dns.resolved_ip"],
  "network-traffic:dst_ref.value": ["destination.ip"],
  "network-traffic:dst_port": ["destination.port"],
  "domain-name:value": ["dns.question.name"],
  "domain-name:resolves_to_refs[*].value": ["dns.answers.data"],
  "process:name": ["process.name"],
  "process:parent_ref.name": ["process.parent.name"],
  "process:command_line": ["process.command_line"],
  "file:path": ["process.executable", "file.path"],
  "windows-registry-key:key": ["registry.key", "registry.path"],
};

type Mapping = Readonly<Record<string, readonly string[]>>;

/** One clause for each value; an AND of several is a clause of clauses. */
function clauseOf(terms: readonly Term[], mapping: Mapping): object | undefined {
  const must = terms.map(({ path, value }) => {
    const fields = mapping[path] ?? [];
    return { bool: { should: fields.map((field) => ({ term: { [field]: value } })), minimum_should_match: 1 } }; // prettier-ignore
  });
  return terms.every(({ path }) => (mapping[path] ?? []).length > 0)
    ? { bool: { filter: must } }
    : undefined;
}

export async function indicatorsFirst(
  api: EngineApi,
  index: string,
  mapping: Mapping,
): Promise<Found> {
  const found = new Map<string, ReadonlySet<string>>();
  let left = MAX_SIGNALS;
  for (const { name, pattern } of CASES) {
    const terms = equalities(pattern);
    const query = terms && clauseOf(terms, mapping);
    if (query === undefined || left === 0) continue;
    const hits = await hitsOf(api, index, { size: left, query });
    left -= hits.length;
    found.set(name, new Set(hits.map(({ _id }) => _id)));
  }
  return found;
}

/** Indicators as its own index has them: a document each, a field a value. */
export async function eventsFirst(
  api: EngineApi,
  index: string,
  threats: string,
  mapping: Mapping,
): Promise<Found> {
  const indicators = CASES.flatMap(({ name, pattern }) => {
    const [term, ...more] = equalities(pattern) ?? [];
    return term === undefined || more.length > 0 ? [] : [{ name, ...term }];
  });
  await api.index(
    threats,
    indicators.map((one) => ({ source: JSON.stringify(one) })),
    "?refresh=true",
  );
  const found = new Map<string, Set<string>>();
  const events = await hitsOf(api, index, { size: 9000, query: { match_all: {} } });
  for (const [path, fields] of Object.entries(mapping)) {
    for (const field of fields) {
      const first = events.flatMap(({ _id, _source }) => {
        const [value] = valuesAt(_source, field);
        return value === undefined ? [] : [{ _id, value }];
      });
      // One that is longer than a term can be would end the query.
      const values = [...new Set(first.map(({ value }) => value))].filter(
        (value) => Buffer.byteLength(value) <= LONGEST_TERM,
      );
      if (values.length === 0) continue;
      const query = { bool: { filter: [{ term: { path } }, { terms: { value: values } }] } };
      for (const { _source } of await hitsOf(api, threats, { size: 9000, query })) {
        const name = String(_source["name"]);
        const hits = first.filter(({ value }) => value === _source["value"]);
        const known = found.get(name) ?? new Set<string>();
        for (const { _id } of hits) known.add(_id);
        found.set(name, known);
      }
    }
  }
  return found;
}
