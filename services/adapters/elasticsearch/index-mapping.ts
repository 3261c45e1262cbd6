import { z } from "zod";
import type { EngineClient } from "./client.ts";

/** A leaf field as the mapping has it. */
export interface MappedField {
  readonly type: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Other ways in which the same value is indexed, by name. */
  readonly others: ReadonlyMap<string, MappedField>;
}

/** What is said of an object's fields. */
export interface MappedObject {
  /** A field that the mapping does not know becomes part of it, or its document is refused. */
  readonly isOpen: boolean;
  /** Its values are indexed one by one, in the document itself. */
  readonly isPlain: boolean;
}

/** How an index keeps the values of its documents. */
export interface IndexMapping {
  readonly fields: ReadonlyMap<string, MappedField>;
  /** By path; "" is the document. */
  readonly objects: ReadonlyMap<string, MappedObject>;
  /** Fields computed at search: they hide what was indexed under their names. */
  readonly computed: ReadonlySet<string>;
  /** Normalizers that lower the case and do nothing else. */
  readonly lowering: ReadonlySet<string>;
}

const object = z.record(z.string(), z.unknown());
const mappingShape = z.record(z.string(), z.object({ mappings: object }));
const settingsShape = z.record(z.string(), z.object({ settings: object }));

const KNOWS_ALL: ReadonlySet<unknown> = new Set([
  undefined,
  true,
  "true",
  "strict",
  "strict_allow_templates",
]);

/** Asks how an index is mapped; undefined without the right to. */
export async function askIndexMapping(
  client: EngineClient,
  index: string,
): Promise<IndexMapping | undefined> {
  const path = `/${encodeURIComponent(index)}`;
  const absent = [401, 403, 404];
  const [mapping, settings] = await Promise.all([
    client.call({ method: "GET", path: `${path}/_mapping`, absent }),
    client.call({
      method: "GET",
      path: `${path}/_settings`,
      query: { flat_settings: true },
      absent,
    }),
  ]);
  if (mapping === undefined || settings === undefined) {
    return undefined;
  }
  const root = mappingShape.parse(mapping)[index]?.mappings;
  const flat = settingsShape.parse(settings)[index]?.settings;
  return root === undefined || flat === undefined ? undefined : readMapping(root, flat);
}

/** Reads a mapping and the index's flat settings. */
export function readMapping(
  root: Readonly<Record<string, unknown>>,
  settings: Readonly<Record<string, unknown>>,
): IndexMapping {
  const fields = new Map<string, MappedField>();
  const objects = new Map<string, MappedObject>();
  const walk = (path: string, definition: Record<string, unknown>, inherited: unknown): void => {
    const dynamic = definition["dynamic"] ?? inherited;
    objects.set(path, {
      isOpen: KNOWS_ALL.has(dynamic),
      isPlain: definition["enabled"] !== false && definition["type"] !== "nested",
    });
    for (const [name, value] of Object.entries(
      object.safeParse(definition["properties"]).data ?? {},
    )) {
      const inner = object.parse(value);
      const at = path === "" ? name : `${path}.${name}`;
      const type = inner["type"];
      if (type === undefined || type === "object" || type === "nested" || type === "passthrough") {
        walk(at, inner, dynamic);
      } else if (type === "flattened" || type === "flat_object") {
        objects.set(at, { isOpen: false, isPlain: false });
      } else {
        fields.set(at, readField(inner));
      }
    }
  };
  walk("", root, undefined);
  return {
    fields,
    objects,
    computed: new Set(Object.keys(object.safeParse(root["runtime"]).data ?? {})),
    lowering: loweringOf(settings),
  };
}

function readField(definition: Readonly<Record<string, unknown>>): MappedField {
  const { type, fields, ...parameters } = definition;
  const others = Object.entries(object.safeParse(fields).data ?? {});
  return {
    type: typeof type === "string" ? type : "",
    parameters,
    others: new Map(others.map(([name, other]) => [name, readField(object.parse(other))])),
  };
}

function loweringOf(settings: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const names = new Set<string>();
  const own = new Map<string, Map<string, unknown>>();
  for (const [key, value] of Object.entries(settings)) {
    const [, name, rest] = /^index\.analysis\.normalizer\.(.+)\.([^.]+)$/.exec(key) ?? [];
    if (name !== undefined && rest !== undefined) {
      own.set(name, (own.get(name) ?? new Map<string, unknown>()).set(rest, value));
    }
  }
  if (!own.has("lowercase")) {
    names.add("lowercase");
  }
  for (const [name, definition] of own) {
    const filter = definition.get("filter");
    const isLowercase = JSON.stringify([filter].flat()) === '["lowercase"]';
    const others = [...definition.keys()].filter((key) => key !== "filter" && key !== "type");
    // A filter of that name may be defined anew.
    const isBuiltIn = !Object.keys(settings).some((key) =>
      key.startsWith("index.analysis.filter.lowercase."),
    );
    const type = definition.get("type");
    if (isLowercase && isBuiltIn && others.length === 0 && (type ?? "custom") === "custom") {
      names.add(name);
    }
  }
  return names;
}
