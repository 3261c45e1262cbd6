import type { JsonObject } from "../json/json-value.ts";
import {
  indicatorType,
  malwareType,
  reportType,
  threatActorType,
  toolType,
} from "../model/vocabulary.ts";

interface TypesProperty {
  readonly name: string;
  readonly values: readonly string[];
}

/** Where 2.1 has a property of its own for what 2.0 said by labels. */
const TYPES: ReadonlyMap<string, TypesProperty> = new Map([
  ["indicator", { name: "indicator_types", values: indicatorType.values }],
  ["malware", { name: "malware_types", values: malwareType.values }],
  ["report", { name: "report_types", values: reportType.values }],
  ["threat-actor", { name: "threat_actor_types", values: threatActorType.values }],
  ["tool", { name: "tool_types", values: toolType.values }],
]);

/** The labels of a lifted object, and what selectors of them have become. */
export interface LiftedLabels {
  readonly properties: JsonObject;
  readonly selectors: (selector: string) => readonly string[];
}

/**
 * Parts the labels of a 2.0 object: those of the type's vocabulary go to its own property (`indicator_types` …), the others
 * stay labels.
 */
export function liftLabels(type: string, labels: unknown): LiftedLabels {
  const types = TYPES.get(type);
  if (types === undefined || !Array.isArray(labels)) {
    return {
      properties: labels === undefined ? {} : { labels },
      selectors: (selector) => [selector],
    };
  }
  const moved: unknown[] = [];
  const kept: unknown[] = [];
  const places = labels.map((label: unknown) => {
    const goes = typeof label === "string" && types.values.includes(label);
    const list = goes ? moved : kept;
    list.push(label);
    return `${goes ? types.name : "labels"}.[${list.length - 1}]`;
  });
  const properties = {
    ...(moved.length === 0 ? {} : { [types.name]: moved }),
    ...(kept.length === 0 ? {} : { labels: kept }),
  };
  return {
    properties,
    selectors: (selector) => {
      if (selector === "labels") return Object.keys(properties);
      const index = /^labels\.\[(\d+)\]$/.exec(selector)?.[1];
      return [index === undefined ? selector : (places[Number(index)] ?? selector)];
    },
  };
}
