/** The roles of a cluster as processes over a real engine and Redis, and what their work must come to. */
import { changesOf } from "./changes.ts";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { connectEngine, type EngineClient } from "../../services/adapters/elasticsearch/client.ts";
import { ElasticsearchEventStore } from "../../services/adapters/elasticsearch/event-store.ts";
import { openElasticsearchState } from "../../services/adapters/elasticsearch/state/state.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { documentId, documentOf } from "../../services/core/ingest/document.ts";
import { makeCompiler } from "../../services/core/match/compile.ts";
import { naiveMatches } from "../../services/core/match/naive.ts";
import type { State, StoredEvent } from "../../services/core/ports.ts";
import { sampleBundle, sampleEvents, sampleOpenIoc } from "../../services/sample/index.ts";
import { EngineApi } from "../engines/engine-api.ts";
import { start } from "./stixsweep-process.ts";

export const FEEDS: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ["wannacry.json", Buffer.from(JSON.stringify(sampleBundle()))],
  ["wannacry.ioc", Buffer.from(sampleOpenIoc())],
];

export interface SourceDocument {
  readonly id: string;
  readonly source: string;
}

/** So many documents as an engine takes them, drawn evenly from the sample's days. */
export function sampleDocuments(count: number): readonly SourceDocument[] {
  const all = [...sampleEvents()];
  const step = Math.floor(all.length / count);
  return all
    .filter((_, i) => i % step === 0)
    .slice(0, count)
    .map((one, i) => ({
      id: documentId(one) ?? `event-${i}`,
      source: JSON.stringify(documentOf(one)),
    }));
}

export async function until(
  check: () => Promise<boolean> | boolean,
  seconds: number,
): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    if (await check()) return true;
    await sleep(200);
  }
  return check();
}

export type Role = ReturnType<typeof start>;

export class RoleCluster {
  readonly prefix = `cluster-${randomBytes(4).toString("hex")}`;
  readonly api: EngineApi;
  readonly redis: Redis;
  readonly env: Readonly<Record<string, string>>;
  readonly #folder = mkdtempSync(path.join(tmpdir(), "stixsweep-cluster-"));
  readonly #running: Role[] = [];
  #port = "";
  #server: Role | undefined;

  constructor(engineUrl: string, redisUrl: string, more: Readonly<Record<string, string>> = {}) {
    this.api = new EngineApi(engineUrl);
    this.redis = new Redis(redisUrl);
    const inbox = path.join(this.#folder, "inbox");
    mkdirSync(inbox);
    this.env = {
      ELASTICSEARCH_URL: engineUrl,
      REDIS_URL: redisUrl,
      EVENT_INDICES: `${this.prefix}-events`,
      STATE_PREFIX: this.prefix,
      INBOX_DIR: inbox,
      JOB_EVENTS: "1000",
      PORT: "0",
      ...more,
    };
  }

  async makeEventIndex(): Promise<void> {
    // Four layouts in one index would not agree on types; what is not mapped is read.
    const mappings = { dynamic: false };
    const body = { settings: { number_of_shards: 2 }, mappings };
    await this.api.call("PUT", `/${this.prefix}-events`, body);
  }

  async addEvents(events: readonly SourceDocument[]): Promise<void> {
    await this.api.index(`${this.prefix}-events`, events);
  }

  dropFeeds(): void {
    for (const [name, bytes] of FEEDS) {
      writeFileSync(path.join(this.env["INBOX_DIR"] ?? "", name), bytes);
    }
  }

  role(name: string, more: Readonly<Record<string, string>> = {}): Role {
    const started = start([name], { ...this.env, ...more });
    this.#running.push(started);
    return started;
  }

  /** Starts the API; `get` asks it. */
  async serve(): Promise<void> {
    const server = this.role("api");
    [this.#server, this.#port] = [server, ""];
    await until(() => {
      this.#port = /port (\d+)/.exec(server.out())?.[1] ?? "";
      return this.#port !== "";
    }, 60);
  }

  /** The API's process. */
  get server(): Role | undefined {
    return this.#server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async get(place: string): Promise<Record<string, unknown>> {
    const ask = async () => fetch(`${this.url}/api/v1/${place}`);
    // The server may have closed a connection that stood idle while this process was busy.
    const answer = await ask().catch(ask);
    return (await answer.json()) as Record<string, unknown>;
  }

  /** Covered ÷ total; 0 while the API can't tell. */
  async covered(): Promise<number> {
    const { ratio, total } = await this.get("coverage").catch((): Record<string, unknown> => ({}));
    return typeof ratio === "number" && Number(total) > 0 ? ratio : 0;
  }

  /** Every alert as `id count`. */
  async alerts(): Promise<readonly string[]> {
    const all: string[] = [];
    for (let cursor = ""; ;) {
      const page = await this.get(`alerts?limit=200${cursor}`);
      for (const one of page["alerts"] as { id: string; count: number }[]) {
        all.push(`${one.id} ${one.count}`);
      }
      if (typeof page["next"] !== "string") return all.toSorted();
      cursor = `&cursor=${page["next"]}`;
    }
  }

  /** Ids of the stored matches of live patterns, and of those that the naive matcher finds in the same events. */
  async matches(): Promise<{
    readonly stored: readonly string[];
    readonly naive: ReadonlySet<string>;
    /** The patterns that some of the naive matcher's matches are of. */
    readonly patternsOf: (ids: ReadonlySet<string>) => readonly string[];
  }> {
    return this.#withState(async (state, client) => {
      const store = new ElasticsearchEventStore(client, { indices: [`${this.prefix}-events`] });
      const events: StoredEvent[] = [];
      for (const { id, bound } of await store.partitions()) {
        for await (const page of store.read(id, 0, bound)) events.push(...page);
      }
      const compile = makeCompiler(re2);
      const records = await changesOf(state.patterns, 0, await state.patterns.bound());
      const live = records.filter((one) => one.live);
      const compiled = new Map(live.map((p) => [p.key, compile(p.pattern, p.options)] as const));
      const all = await state.matches.tail(0, 1_000_000);
      const stored = all.filter((one) => compiled.has(one.patternKey)).map(({ id }) => id);
      const patternsOf = (ids: ReadonlySet<string>): readonly string[] =>
        live
          .filter(({ key, pattern, options }) => {
            const one = new Map([[key, compile(pattern, options)]]);
            return !naiveMatches(one, events, sha256Hash).isDisjointFrom(ids);
          })
          .map(({ pattern }) => pattern);
      return { stored, naive: naiveMatches(compiled, events, sha256Hash), patternsOf };
    });
  }

  /** How many matches are stored, also of patterns that are no longer live. */
  async allMatches(): Promise<number> {
    return this.#withState(async (state) => (await state.matches.count()).matches);
  }

  /** How many matches raise no alert: of expired or revoked indicators. */
  async heldBack(): Promise<number> {
    return this.#withState(async (state) => (await state.matches.count()).heldBack);
  }

  async #withState<T>(ask: (state: State, client: EngineClient) => Promise<T>): Promise<T> {
    const client = connectEngine({ nodes: [this.api.url] });
    try {
      return await ask(await openElasticsearchState({ client, prefix: this.prefix }), client);
    } finally {
      await client.close();
    }
  }

  /** Ends every role and removes all that was made. */
  async close(): Promise<void> {
    for (const { child, ended } of this.#running.splice(0)) {
      child.kill("SIGKILL");
      await ended;
    }
    await this.api.removeAll(this.prefix).catch(() => undefined);
    const keys = await this.redis.keys(`${this.prefix}:*`);
    if (keys.length > 0) await this.redis.del(...keys);
    await this.redis.quit();
    rmSync(this.#folder, { recursive: true });
  }
}
