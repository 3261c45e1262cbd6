/** The indices of the state, what they index, and the version of it all. */
import type { Query } from "../search-shard.ts";

/** Rises with every change of a mapping. A change may add fields; anything else needs another index name. */
export const SCHEMA_VERSION = 4;

export interface IndexDefinition {
  readonly name: string;
  /** Months of one kind have names that begin so, and an alias of that name. */
  readonly isDated: boolean;
  readonly mappings: Query;
}

const keyword = { type: "keyword" };
/** Words from outside may be longer than an engine indexes: 32,766 bytes. */
const word = { type: "keyword", ignore_above: 8191 };
/** JavaScript's own numbers, whole or not. */
const number = { type: "double" };
const count = { type: "long" };
const date = { type: "date" };
/** Not read by the engine, whatever is in it. */
const record = { type: "object", enabled: false };
const text = { type: "keyword", ignore_above: 1024 };

function strict(properties: Readonly<Record<string, object>>): Query {
  return { dynamic: "strict", properties };
}

const threat = {
  properties: {
    indicator: {
      properties: {
        type: keyword,
        name: text,
        provider: text,
        ip: { type: "ip", ignore_malformed: true },
        first_seen: date,
        last_seen: date,
        file: {
          properties: {
            name: text,
            hash: { properties: { md5: keyword, sha1: keyword, sha256: keyword } },
          },
        },
        url: { properties: { domain: text, original: text } },
      },
    },
  },
};

/** ECS names, so that dashboards read it as it is; what an ingest pipeline adds is kept, and not indexed. */
const alerts: Query = {
  dynamic: false,
  properties: {
    "@timestamp": date,
    message: text,
    tags: text,
    ecs: { properties: { version: keyword } },
    event: {
      properties: {
        id: keyword,
        kind: keyword,
        category: keyword,
        type: keyword,
        module: keyword,
        dataset: keyword,
        action: keyword,
        severity: count,
        created: date,
        start: date,
        end: date,
      },
    },
    host: { properties: { name: word } },
    rule: { properties: { id: keyword, name: text, ruleset: text, description: text } },
    threat,
    stixsweep: {
      properties: {
        group: keyword,
        pattern: keyword,
        number: count,
        generation: count,
        version: count,
        count,
        status: keyword,
        resolution: keyword,
        assignee: text,
        tags: text,
        severity: keyword,
        host: word,
        value: text,
        first_seen: number,
        last_seen: number,
        indicators: text,
        comparison: text,
        path: text,
        field: text,
        record,
      },
    },
  },
};

/** Names of the state's indices under a prefix. */
export function stateNames(prefix: string) {
  return {
    patterns: `${prefix}-patterns`,
    indicators: `${prefix}-indicators`,
    matches: `${prefix}-matches`,
    operandHits: `${prefix}-operand-hits`,
    held: `${prefix}-held`,
    alerts: `${prefix}-alerts`,
    alertNumbers: `${prefix}-alert-numbers`,
    imports: `${prefix}-imports`,
    audit: `${prefix}-audit`,
    registry: `${prefix}-registry`,
  } as const;
}

export type StateNames = ReturnType<typeof stateNames>;

/** What is installed; the registry first. */
export function definitions(names: StateNames): readonly IndexDefinition[] {
  const one = (name: string, properties: Readonly<Record<string, object>>): IndexDefinition => ({
    name,
    isDated: false,
    mappings: strict(properties),
  });
  return [
    one(names.registry, { kind: keyword, record }),
    one(names.patterns, { live: { type: "boolean" }, record }),
    one(names.indicators, {
      feed: word,
      id: word,
      patternKey: word,
      validFrom: number,
      number: count,
      record,
    }),
    one(names.matches, { patternKey: word, group: keyword, time: number, record }),
    one(names.operandHits, { group: keyword, operand: keyword, time: number, record }),
    one(names.held, { patternKey: word, group: keyword, number: count, reason: text }),
    one(names.alertNumbers, {}),
    one(names.imports, { number: count, record }),
    one(names.audit, { at: number, by: word, action: word, subject: word, record }),
    alertsDefinition(names),
  ];
}

export function alertsDefinition({ alerts: name }: StateNames): IndexDefinition {
  return { name, isDated: true, mappings: alerts };
}
