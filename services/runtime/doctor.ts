/** What could be wrong with an installation, looked at without changing anything. */
import { constants } from "node:fs";
import { access, readdir, statfs } from "node:fs/promises";
import path from "node:path";
import { Redis } from "ioredis";
import { z } from "zod";
import { connectEngine, type EngineClient } from "../adapters/elasticsearch/client.ts";
import { ElasticsearchEventStore } from "../adapters/elasticsearch/event-store.ts";
import { FeedFolder } from "../adapters/feeds/feed-folder.ts";
import { messageOf } from "../core/errors.ts";
import type { Config } from "./config.ts";
import { engineOptions } from "./engine-options.ts";
import { feedSources } from "./feed-sources.ts";
import type { NamedSecrets, Secrets } from "./secrets.ts";

export interface Finding {
  readonly what: string;
  /** `warn`: works, and not as it should. */
  readonly is: "good" | "warn" | "bad";
  readonly detail: string;
}

type Ask = () => Promise<readonly Finding[]>;

/** Each question by itself: one that fails is a finding, and the others are asked. */
export async function examine(
  config: Config,
  secrets: Secrets,
  named: NamedSecrets,
): Promise<readonly Finding[]> {
  const isCluster = config.ELASTICSEARCH_URL.length > 0 || config.ELASTICSEARCH_CLOUD_ID !== "";
  const asks: readonly (readonly [what: string, ask: Ask])[] = [
    ["access", async () => [accessOf(config, secrets)]],
    ["inbox", async () => [await folderOf("inbox", config.INBOX_DIR, constants.R_OK)]],
    ["feeds", async () => feedFiles(config, named)],
    ...(isCluster
      ? ([
          ["engine", async () => engine(config, secrets)],
          ["redis", async () => redis(secrets)],
        ] as const)
      : ([["data", async () => dataFolder(config)]] as const)),
  ];
  const found: Finding[] = [];
  for (const [what, ask] of asks) {
    try {
      found.push(...(await ask()));
    } catch (error) {
      found.push({ what, is: "bad", detail: messageOf(error) });
    }
  }
  return found;
}

function accessOf({ HOST }: Config, { ADMIN_API_KEY }: Secrets): Finding {
  const isHere = HOST === "localhost" || HOST === "::1" || HOST.startsWith("127.");
  if (ADMIN_API_KEY !== undefined) {
    return { what: "access", is: "good", detail: "ADMIN_API_KEY is set" };
  }
  const detail = `the API listens on ${HOST}, and no ADMIN_API_KEY is set`;
  return isHere
    ? { what: "access", is: "good", detail: `${detail}: without keys it answers this machine alone` }
    : { what: "access", is: "warn", detail: `${detail}: it starts only where there is a key in the state` }; // prettier-ignore
}

async function folderOf(what: string, folder: string, mode: number): Promise<Finding> {
  try {
    await access(folder, mode);
    return { what, is: "good", detail: `${folder}: ${(await readdir(folder)).length} files` };
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    return isMissing
      ? { what, is: "good", detail: `${folder} is not there; it is made at the start` }
      : { what, is: "bad", detail: messageOf(error) };
  }
}

async function feedFiles(config: Config, named: NamedSecrets): Promise<readonly Finding[]> {
  const files = await new FeedFolder(config.FEEDS_DIR, feedSources).read();
  const found: Finding[] = [];
  for (const [id, file] of files) {
    const what = `feed ${id}`;
    if ("problem" in file) {
      found.push({ what, is: "bad", detail: file.problem });
      continue;
    }
    const { auth, url } = file.source;
    const isMissing = auth !== undefined && named.feed(auth.secret) === undefined;
    found.push(
      isMissing
        ? { what, is: "bad", detail: `FEED_SECRET_${auth.secret} is not set` }
        : { what, is: "good", detail: url },
    );
  }
  return found.length > 0
    ? found
    : [{ what: "feeds", is: "good", detail: `no file in ${config.FEEDS_DIR} declares one` }];
}

const LITTLE_SPACE = 1 << 30;

async function dataFolder({ DATA_DIR }: Config): Promise<readonly Finding[]> {
  const folder = await folderOf("data", DATA_DIR, constants.R_OK | constants.W_OK);
  const { bavail, bsize } = await statfs(await firstThere(path.resolve(DATA_DIR)));
  const free = bavail * bsize;
  const detail = `${(free / LITTLE_SPACE).toFixed(1)} GiB free`;
  return [folder, { what: "disk", is: free < LITTLE_SPACE ? "warn" : "good", detail }];
}

async function firstThere(folder: string): Promise<string> {
  try {
    await access(folder);
    return folder;
  } catch {
    return path.dirname(folder) === folder ? folder : firstThere(path.dirname(folder));
  }
}

const rootShape = z.object({
  version: z.object({ number: z.string(), distribution: z.string().optional() }),
});
const healthShape = z.object({ status: z.string(), number_of_nodes: z.number() });
const nodesShape = z.object({ nodes: z.record(z.string(), z.object({ timestamp: z.number() })) });
const MOST_SKEW_MS = 5000;
const DEADLINE_MS = 10_000;

async function engine(config: Config, secrets: Secrets): Promise<readonly Finding[]> {
  const client = connectEngine({
    ...engineOptions(config, secrets),
    requestTimeoutMs: DEADLINE_MS,
    deadlineMs: DEADLINE_MS,
  });
  try {
    const { version } = rootShape.parse(await client.call({ method: "GET", path: "/" }));
    const name = version.distribution ?? "elasticsearch";
    return [
      { what: "engine", is: "good", detail: `${name} ${version.number}` },
      ...(await health(client)),
      ...(await clock(client)),
      ...(await indices(client, config)),
    ];
  } finally {
    await client.close();
  }
}

async function health(client: EngineClient): Promise<readonly Finding[]> {
  const answer = await client.call({ method: "GET", path: "/_cluster/health", absent: [403] });
  if (answer === undefined) {
    return [{ what: "engine health", is: "warn", detail: "no right to ask" }];
  }
  const { status, number_of_nodes: nodes } = healthShape.parse(answer);
  const is = status === "red" ? "bad" : status === "yellow" && nodes > 1 ? "warn" : "good";
  return [{ what: "engine health", is, detail: `${status}, ${nodes} nodes` }];
}

/** Expiry, retries and sessions go by our own clocks; that events come late is no matter of clocks. */
async function clock(client: EngineClient): Promise<readonly Finding[]> {
  const path_ = "/_nodes/_local/stats/os";
  const answer = await client.call({ method: "GET", path: path_, absent: [403] });
  if (answer === undefined) {
    return [];
  }
  const times = Object.values(nodesShape.parse(answer).nodes).map(({ timestamp }) => timestamp);
  const skew = Math.max(0, ...times.map((time) => Math.abs(time - Date.now())));
  const detail = `${(skew / 1000).toFixed(1)} s apart from the engine's`;
  return [{ what: "clock", is: skew > MOST_SKEW_MS ? "warn" : "good", detail }];
}

async function indices(client: EngineClient, config: Config): Promise<readonly Finding[]> {
  const store = new ElasticsearchEventStore(client, { indices: config.EVENT_INDICES });
  const partitions = await store.partitions();
  const events = partitions.reduce((sum, { bound }) => sum + bound, 0);
  const named = config.EVENT_INDICES.join(", ");
  const found: Finding = {
    what: "events",
    is: partitions.length > 0 ? "good" : "warn",
    detail: `${named}: ${partitions.length} shards, ${events} writes`,
  };
  return [
    found,
    ...store.limitations().map(({ subject, code, reason }): Finding => ({
      what: `events in ${subject}`,
      is: "warn",
      detail: `${reason} (${code})`,
    })),
  ];
}

async function redis({ REDIS_URL }: Secrets): Promise<readonly Finding[]> {
  if (REDIS_URL === undefined) {
    return [{ what: "redis", is: "bad", detail: "REDIS_URL is not set" }];
  }
  const client = new Redis(REDIS_URL, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    connectTimeout: DEADLINE_MS,
    retryStrategy: () => null,
  });
  // The first says why; what `connect` then fails with says only that it did.
  let why: Error | undefined;
  client.on("error", (error) => void (why ??= error));
  try {
    await client.connect().catch((error: unknown) => {
      throw why ?? error;
    });
    const info = await client.info();
    const of = (field: string): string => new RegExp(`^${field}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? ""; // prettier-ignore
    const policy = of("maxmemory_policy");
    const isKept = of("aof_enabled") === "1";
    return [
      { what: "redis", is: "good", detail: `version ${of("redis_version")}` },
      {
        what: "redis memory",
        is: policy === "noeviction" ? "good" : "warn",
        detail: `maxmemory-policy is ${policy}${policy === "noeviction" ? "" : "; jobs may be thrown away: set noeviction"}`,
      },
      {
        what: "redis persistence",
        is: isKept ? "good" : "warn",
        detail: isKept ? "append only file" : "no append only file: after a restart jobs are planned anew", // prettier-ignore
      },
    ];
  } finally {
    client.disconnect();
  }
}
