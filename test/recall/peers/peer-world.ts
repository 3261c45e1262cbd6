/** The recall corpus as peers want it: in ECS and as Winlogbeat ships it, on a real engine, with what their queries need. */
import { parsePattern, printPath, type Comparison, type ComparisonExpression } from "stix2-ts";
import type { Take } from "../../../services/sample/ecs-parts.ts";
import {
  ecsFile,
  ecsNetwork,
  ecsProcess,
  ecsRegistry,
} from "../../../services/sample/ecs-parts.ts";
import type { EngineApi } from "../../engines/engine-api.ts";
import { CASES, type RecallCase, type RecallEvent } from "../cases.ts";

/** One value of one object path: all that peers take of an indicator. */
export interface Term {
  readonly path: string;
  readonly value: string;
}

/** The terms of an indicator that is nothing but equality: one, or several of which each must hold; undefined: it is more. */
export function equalities(pattern: string): readonly Term[] | undefined {
  const { root } = parsePattern(pattern);
  if (root.kind !== "observation") return undefined;
  const terms: Term[] = [];
  const take = (expression: ComparisonExpression): boolean => {
    if (expression.kind === "and") return expression.operands.every(take);
    if (expression.kind !== "comparison") return false;
    if (expression.operator !== "=" || expression.negated) return false;
    terms.push(termOf(expression));
    return true;
  };
  return take(root.expression) ? terms : undefined;
}

export function termOf({ path, literals }: Comparison): Term {
  const [literal] = literals;
  return { path: printPath(path), value: String(literal?.value ?? "") };
}

/** An event of the corpus under the id of its document: the case's place and its own. */
export interface PlacedEvent extends RecallEvent {
  readonly key: string;
}

export const EVENTS: readonly PlacedEvent[] = CASES.flatMap(({ events }, at) =>
  events.map((event, place) => ({ ...event, key: `${at}-${place}` })),
);

/** Keys of the events that satisfy a case's pattern. */
export function wantedOf(one: RecallCase): ReadonlySet<string> {
  const at = CASES.indexOf(one);
  return new Set(one.meets.map((place) => `${at}-${place}`));
}

/** As Winlogbeat ships an event, without its Sysmon module. */
export function rawDocument({ id, fields }: RecallEvent): object {
  return {
    "@timestamp": timeOf(fields),
    winlog: {
      event_id: String(id),
      provider_name: "Microsoft-Windows-Sysmon",
      channel: "Microsoft-Windows-Sysmon/Operational",
      computer_name: "WS1.lab.example",
      event_data: fields,
    },
  };
}

/** As Winlogbeat ships it with its Sysmon module. */
export function ecsDocument({ id, fields }: RecallEvent): object {
  const rest: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== "-") rest[name] = String(value);
  const take: Take = (name) => {
    const value = rest[name];
    delete rest[name];
    return value;
  };
  take("UtcTime");
  const guid = { ProcessGuid: "{00000000-0000-0000-0000-000000000000}" };
  // The module names a process by its GUID; without one it would leave the whole process out.
  const parts = { ...ecsProcess(id, (name) => take(name) ?? guid[name as keyof typeof guid]), ...ecsFile(id, take), ...ecsNetwork(id, take), ...ecsRegistry(id, rest) }; // prettier-ignore
  return {
    "@timestamp": timeOf(fields),
    event: { code: String(id), module: "sysmon", provider: "Microsoft-Windows-Sysmon" },
    ...parts,
    winlog: {
      event_id: String(id),
      provider_name: "Microsoft-Windows-Sysmon",
      channel: "Microsoft-Windows-Sysmon/Operational",
      computer_name: "WS1.lab.example",
      event_data: rest,
    },
  };
}

function timeOf(fields: Readonly<Record<string, unknown>>): string {
  return `${String(fields["UtcTime"]).replace(" ", "T")}Z`;
}

/** Winlogbeat's template in short: texts are keywords of 1,024 letters, addresses are addresses. */
const TEMPLATE = {
  settings: { number_of_shards: 1, number_of_replicas: 0 },
  mappings: {
    date_detection: false,
    properties: {
      "@timestamp": { type: "date" },
      destination: { properties: { ip: { type: "ip", ignore_malformed: true } } },
      source: { properties: { ip: { type: "ip", ignore_malformed: true } } },
      dns: { properties: { resolved_ip: { type: "ip", ignore_malformed: true } } },
    },
    dynamic_templates: [
      {
        strings: { match_mapping_type: "string", mapping: { type: "keyword", ignore_above: 1024 } },
      },
    ],
  },
};

/** Indexes documents as one index, and makes them visible. */
export async function indexDocuments(
  api: EngineApi,
  index: string,
  documents: readonly { readonly id: string; readonly source: object }[],
): Promise<void> {
  await api.call("PUT", `/${index}`, TEMPLATE);
  await api.index(
    index,
    documents.map(({ id, source }) => ({ id, source: JSON.stringify(source) })),
  );
  await api.call("POST", `/${index}/_refresh`);
}

/** A hit as peers read it. */
export interface Hit {
  readonly _id: string;
  readonly _source: Readonly<Record<string, unknown>>;
}

/** Searches an index. */
export async function hitsOf(api: EngineApi, index: string, body: object): Promise<readonly Hit[]> {
  const answer = await api.call("POST", `/${index}/_search`, body);
  return (answer["hits"] as { hits: readonly Hit[] }).hits;
}

/** The values that a document has at a dotted name. */
export function valuesAt(source: unknown, name: string): readonly string[] {
  let values: readonly unknown[] = [source];
  for (const key of name.split(".")) {
    values = values.flatMap((value) => {
      const found: unknown =
        typeof value === "object" && value !== null
          ? (value as Record<string, unknown>)[key]
          : undefined;
      return Array.isArray(found) ? found : [found];
    });
  }
  return values.filter((value) => value !== undefined && value !== null).map(String);
}
