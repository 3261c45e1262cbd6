import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { ServiceError } from "../../../core/errors.ts";
import type { EngineClient } from "../client.ts";
import type { Query } from "../search-shard.ts";
import type { Document } from "./document.ts";

export interface SearchTarget {
  /** A name, or a pattern for which there may be no index yet. */
  readonly path: string;
  readonly onPrimary: boolean;
}

export interface Found {
  readonly documents: readonly Document[];
  /** Of all that match, where `track_total_hits` was asked for. */
  readonly total: number;
  readonly aggregations: unknown;
}

const answerShape = z.object({
  timed_out: z.literal(false),
  // `terminated_early` is not looked at: only `terminate_after` cuts an answer, which is never sent, and OpenSearch 3
  // says it of whole aggregations too.
  _shards: z.object({ total: z.number(), successful: z.number(), failed: z.literal(0) }),
  hits: z.object({
    total: z.object({ value: z.number() }).optional(),
    hits: z.array(
      z.object({
        _id: z.string(),
        _seq_no: z.number(),
        _primary_term: z.number(),
        _source: z.record(z.string(), z.unknown()),
      }),
    ),
  }),
  aggregations: z.unknown().optional(),
});

/** Searches what the last refresh has made visible. The answer is whole or it is an error. */
export async function searchWhole(
  client: EngineClient,
  { path, onPrimary }: SearchTarget,
  body: Query,
): Promise<Found> {
  const answer = await client.call({
    method: "POST",
    path: `/${path}/_search`,
    query: {
      allow_partial_search_results: false,
      ignore_unavailable: false,
      allow_no_indices: path.endsWith("*"),
      request_cache: false,
      ...(onPrimary && { preference: "_primary" }),
    },
    body: { track_total_hits: false, seq_no_primary_term: true, ...body },
  });
  const found = foundIn(answer);
  if (found === undefined) {
    throw partial(path);
  }
  return found;
}

/** Makes several searches in one call, answered in order. What is not answered whole there is asked alone. */
export async function searchAll(
  client: EngineClient,
  asked: readonly { readonly target: SearchTarget; readonly body: Query }[],
): Promise<readonly Found[]> {
  const [only, second] = asked;
  if (only !== undefined && second === undefined) {
    return [await searchWhole(client, only.target, only.body)];
  }
  const lines = asked.flatMap(({ target: { path, onPrimary }, body }) => [
    JSON.stringify({
      index: decodeURIComponent(path),
      allow_partial_search_results: false,
      ignore_unavailable: false,
      allow_no_indices: path.endsWith("*"),
      request_cache: false,
      ...(onPrimary && { preference: "_primary" }),
    }),
    JSON.stringify({ track_total_hits: false, seq_no_primary_term: true, ...body }),
  ]);
  const body = `${lines.join("\n")}\n`;
  const answer = await client.call({ method: "POST", path: "/_msearch", body });
  const { responses } = answersShape.parse(answer);
  const found: Found[] = [];
  for (const [i, { target, body: one }] of asked.entries()) {
    found.push(foundIn(responses[i]) ?? (await searchWhole(client, target, one)));
  }
  return found;
}

const answersShape = z.object({ responses: z.array(z.unknown()) });

/** What a whole answer says; undefined where it is not whole, or an error. */
function foundIn(answer: unknown): Found | undefined {
  const parsed = answerShape.safeParse(answer);
  if (!parsed.success || parsed.data._shards.successful !== parsed.data._shards.total) {
    return undefined;
  }
  const { hits, aggregations } = parsed.data;
  const documents = hits.hits.map(({ _id, _seq_no, _primary_term, _source }) => ({
    id: _id,
    seqNo: _seq_no,
    primaryTerm: _primary_term,
    source: _source,
  }));
  return { documents, total: hits.total?.value ?? 0, aggregations };
}

const refreshed = z.object({
  _shards: z.object({ total: z.number(), successful: z.number(), failed: z.literal(0) }),
});

const TRIES = 50;
const PAUSE_MS = 200;

/** Makes searches show every write that was acknowledged before; next to nothing where there was none. */
export async function refreshWhole(client: EngineClient, path: string): Promise<void> {
  for (let tried = 0; tried < TRIES; tried++) {
    const answer = await client.call({ method: "POST", path: `/${path}/_refresh` });
    const parsed = refreshed.safeParse(answer);
    if (!parsed.success) {
      throw partial(path);
    }
    // A shard that is not running is passed over in silence: nothing was refreshed. It will run in a moment.
    const { total, successful } = parsed.data._shards;
    if (total === 0 || successful > 0) {
      return;
    }
    await pause(PAUSE_MS);
  }
  throw partial(path);
}

function partial(path: string): ServiceError {
  return new ServiceError("store/partial-answer", `${path} did not answer whole`, {
    retryable: true,
    facts: { index: path },
  });
}
