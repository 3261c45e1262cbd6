/** Ways in which real indices map Sysmon's fields, as bodies of "create index". */
import { keyedFields } from "../../services/core/schema/index.ts";

export interface MappingCase {
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const settings = { number_of_shards: 1, number_of_replicas: 0 };

/** Maps each text that has no mapping of its own. */
function strings(mapping: object): readonly object[] {
  return [{ strings: { match_mapping_type: "string", mapping } }];
}

function nested(types: Readonly<Record<string, object>>): object {
  const root: Record<string, Record<string, unknown>> = {};
  for (const [path, type] of Object.entries(types)) {
    const parts = path.split(".");
    const last = parts.pop() ?? "";
    let properties = root;
    for (const part of parts) {
      const inner = (properties[part] ??= {});
      properties = (inner["properties"] ??= {}) as typeof root;
    }
    properties[last] = { ...type };
  }
  return root;
}

function typesOf(pattern: RegExp, type: object): Record<string, object> {
  const names = keyedFields.map(({ name }) => name).filter((name) => pattern.test(name));
  return Object.fromEntries(names.map((name) => [name, type]));
}

const lowercase = {
  ...settings,
  analysis: { normalizer: { lower: { type: "custom", filter: ["lowercase"] } } },
};

const typed = {
  ...typesOf(/(?:^|\.)(?:source|destination)ip$/i, { type: "ip", ignore_malformed: true }),
  ...typesOf(/^(?:source|destination)\.ip$|resolved_ip$/, { type: "ip", ignore_malformed: true }),
  ...typesOf(/(?:port|processid|\.pid)$/i, { type: "long", ignore_malformed: true }),
  ...typesOf(/(?:signed|initiated)$/i, { type: "keyword" }),
};

export const MAPPINGS: readonly MappingCase[] = [
  { name: "made by the engine", body: { settings } },
  {
    name: "keyword of 1,024",
    body: {
      settings,
      mappings: { dynamic_templates: strings({ type: "keyword", ignore_above: 1024 }) },
    },
  },
  {
    name: "keyword without limit",
    body: { settings, mappings: { dynamic_templates: strings({ type: "keyword" }) } },
  },
  {
    name: "lower-case keyword",
    body: {
      settings: lowercase,
      mappings: { dynamic_templates: strings({ type: "keyword", normalizer: "lower" }) },
    },
  },
  {
    name: "keyword, addresses and numbers typed",
    body: {
      settings,
      mappings: { dynamic_templates: strings({ type: "keyword" }), properties: nested(typed) },
    },
  },
  {
    name: "text alone",
    body: { settings, mappings: { dynamic_templates: strings({ type: "text" }) } },
  },
  {
    name: "new fields left out",
    body: {
      settings,
      mappings: {
        dynamic: false,
        properties: nested(typesOf(/(?:^|\.)image$/i, { type: "keyword" })),
      },
    },
  },
];

/** For engines that have the type `wildcard` and the filter `asciifolding`. */
export const MORE_MAPPINGS: readonly MappingCase[] = [
  {
    name: "keyword that folds accents too",
    body: {
      settings: {
        ...settings,
        analysis: {
          normalizer: { folding: { type: "custom", filter: ["lowercase", "asciifolding"] } },
        },
      },
      mappings: { dynamic_templates: strings({ type: "keyword", normalizer: "folding" }) },
    },
  },
  {
    name: "command lines as wildcard",
    body: {
      settings,
      mappings: {
        dynamic_templates: strings({ type: "keyword" }),
        properties: nested(typesOf(/commandline$|command_line$/i, { type: "wildcard" })),
      },
    },
  },
];
