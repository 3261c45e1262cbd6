/** Makes the state's indices and templates, or brings them up to date; doing it twice, or by several at once, changes nothing. */
import { z } from "zod";
import { ServiceError } from "../../../core/errors.ts";
import type { EngineClient } from "../client.ts";
import type { Query } from "../search-shard.ts";
import { SCHEMA_VERSION, type IndexDefinition } from "./schema.ts";

/** Above the templates that vendors bring along. */
const PRIORITY = 500;

const meta = z.object({ stixsweep: z.object({ version: z.number() }).optional() }).optional();
const mappingsShape = z.record(
  z.string(),
  z.object({ mappings: z.object({ _meta: meta }).optional() }),
);
const templatesShape = z.object({
  index_templates: z.array(
    z.object({ name: z.string(), index_template: z.object({ _meta: meta }) }),
  ),
});

type Versions = ReadonlyMap<string, number>;

/**
 * Installs the definitions, the registry first. Throws `state/too-new` where a newer version has been at work and
 * `state/incomplete` where others are left of which the registry is lost; then nothing was changed.
 */
export async function installState(
  client: EngineClient,
  prefix: string,
  all: readonly IndexDefinition[],
): Promise<void> {
  const pattern = `${encodeURIComponent(prefix)}-*`;
  const [indices, templates] = await Promise.all([
    indexVersions(client, pattern),
    templateVersions(client, pattern),
  ]);
  const [first, ...rest] = all.map((definition): Known => ({
    definition,
    names: [...indices.keys()].filter((name) => isOf(definition, name)),
  }));
  for (const { definition, names } of first === undefined ? [] : [first, ...rest]) {
    refuseNewer(definition.name, templates?.get(definition.name));
    for (const name of names) {
      refuseNewer(name, indices.get(name));
    }
  }
  const orphan = rest.flatMap(({ names }) => names)[0];
  if (first !== undefined && first.names.length === 0 && orphan !== undefined) {
    throw new ServiceError(
      "state/incomplete",
      `${orphan} is there and ${first.definition.name} is not`,
      { facts: { index: first.definition.name } },
    );
  }
  const install = async ({ definition, names }: Known): Promise<void> => {
    if (templates !== undefined && isOlder(templates.get(definition.name))) {
      await putTemplate(client, definition);
    }
    for (const name of names.filter((one) => isOlder(indices.get(one)))) {
      await client.call({
        method: "PUT",
        path: `/${encodeURIComponent(name)}/_mapping`,
        body: withMeta(definition.mappings),
      });
    }
    if (names.length === 0 && !definition.isDated) {
      await createIndex(client, definition, definition.name);
    }
  };
  if (first !== undefined) {
    // Before all others, so that others without it mean that it was lost.
    await install(first);
  }
  await Promise.all(rest.map(install));
}

interface Known {
  readonly definition: IndexDefinition;
  /** Indices of it that are there. */
  readonly names: readonly string[];
}

/** Makes an index as its definition says, unless it is there. */
export async function createIndex(
  client: EngineClient,
  definition: IndexDefinition,
  name: string,
): Promise<void> {
  try {
    await client.call({
      method: "PUT",
      path: `/${encodeURIComponent(name)}`,
      body: bodyOf(definition),
    });
  } catch (error) {
    const isThere =
      error instanceof ServiceError && error.facts["type"] === "resource_already_exists_exception";
    if (!isThere) {
      throw error;
    }
  }
}

/** A template stands behind each index: one that is deleted under a running service comes back with its mapping. */
async function putTemplate(client: EngineClient, definition: IndexDefinition): Promise<void> {
  const { name, isDated } = definition;
  await client.call({
    method: "PUT",
    path: `/_index_template/${encodeURIComponent(name)}`,
    body: {
      index_patterns: [isDated ? `${name}-*` : name],
      priority: PRIORITY,
      _meta: META,
      template: bodyOf(definition),
    },
    // Without the right to templates, indices are made one by one, as they are needed.
    absent: [403],
  });
}

const META = { stixsweep: { version: SCHEMA_VERSION } };

function bodyOf({ name, isDated, mappings }: IndexDefinition): Query {
  return {
    // One shard: its sequence numbers are an order of all that is in the index.
    settings: { number_of_shards: 1, auto_expand_replicas: "0-1" },
    mappings: withMeta(mappings),
    ...(isDated && { aliases: { [name]: {} } }),
  };
}

function withMeta(mappings: Query): Query {
  return { ...mappings, _meta: META };
}

async function indexVersions(client: EngineClient, pattern: string): Promise<Versions> {
  const answer = await client.call({
    method: "GET",
    path: `/${pattern}/_mapping`,
    query: { expand_wildcards: "open", allow_no_indices: true },
    absent: [404],
  });
  const found = mappingsShape.parse(answer ?? {});
  return new Map(
    Object.entries(found).map(([name, { mappings }]) => [
      name,
      mappings?._meta?.stixsweep?.version ?? 0,
    ]),
  );
}

/** Undefined where the right to see templates is missing. */
async function templateVersions(
  client: EngineClient,
  pattern: string,
): Promise<Versions | undefined> {
  let answer: unknown;
  try {
    const path = `/_index_template/${pattern}`;
    answer = await client.call({ method: "GET", path, absent: [404] });
  } catch (error) {
    if (error instanceof ServiceError && error.code === "store/forbidden") {
      return undefined;
    }
    throw error;
  }
  const { index_templates: found } = templatesShape.parse(answer ?? { index_templates: [] });
  return new Map(
    found.map(({ name, index_template: { _meta } }) => [name, _meta?.stixsweep?.version ?? 0]),
  );
}

function isOf({ name, isDated }: IndexDefinition, index: string): boolean {
  return isDated ? index.startsWith(`${name}-`) : index === name;
}

function isOlder(version: number | undefined): boolean {
  return version === undefined || version < SCHEMA_VERSION;
}

function refuseNewer(name: string, version = 0): void {
  if (version > SCHEMA_VERSION) {
    throw new ServiceError("state/too-new", `${name} was written by a newer stixsweep`, {
      facts: { index: name, version },
    });
  }
}
