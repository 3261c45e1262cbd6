/**
 * A cluster of real processes that is disturbed while events and feeds come in. When it has come to rest, its matches are
 * the naive matcher's, each once, alerts count each match once, and everything is covered.
 */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { messageOf } from "../../services/core/errors.ts";
import { createRandom, type Random } from "../../services/sample/random.ts";
import { startEngine, startRedis, type EngineName, type Server } from "../engines/engine.ts";
import { startProxy, type EngineProxy } from "../support/engine-proxy.ts";
import {
  RoleCluster,
  sampleDocuments,
  until,
  type Role,
  type SourceDocument,
} from "../support/role-cluster.ts";
import { ChaosFeeds } from "./chaos-feeds.ts";

/** What happens to a cluster, and how often beside the others. */
export const DISTURBANCES = {
  "kill a worker": 6,
  "kill the puller": 3,
  "kill the api": 2,
  "end the workers in good order": 2,
  "restart redis on its data": 3,
  "empty redis": 3,
  "restart the engine on its data": 1,
  "refuse by 429": 4,
  "refuse by 503": 2,
  "fill the disk": 2,
  "let a clock jump": 3,
  nothing: 2,
} as const;
export type Disturbance = keyof typeof DISTURBANCES;

const ROLES = ["feed-puller", "sweep-worker", "sweep-worker", "api"] as const;
const HOURS = 3_600_000;

export interface ChaosOptions {
  readonly engine: EngineName;
  readonly seed: string;
  /** Events that come over the whole run. */
  readonly events: number;
}

export class ChaosRun {
  readonly #random: Random;
  readonly #feeds: ChaosFeeds;
  readonly #folder = mkdtempSync(path.join(tmpdir(), "chaos-"));
  readonly #engine: Server;
  readonly #redis: Server;
  readonly #proxy: EngineProxy;
  readonly #cluster: RoleCluster;
  readonly #documents: SourceDocument[];
  readonly #roles: Role[] = [];
  #came = 0;
  #files = 0;

  private constructor(
    { seed, events }: ChaosOptions,
    engine: Server,
    redis: Server,
    proxy: EngineProxy,
  ) {
    this.#random = createRandom(`chaos ${seed}`);
    this.#feeds = new ChaosFeeds(this.#random);
    [this.#engine, this.#redis, this.#proxy] = [engine, redis, proxy];
    this.#cluster = new RoleCluster(engine.url, redis.url, {
      ELASTICSEARCH_URL: proxy.url,
      JOB_EVENTS: "200",
      CHAOS_CLOCK: this.#clock,
      NODE_OPTIONS: `--import ${pathToFileURL(path.join(import.meta.dirname, "jumping-clock.mjs")).href}`,
    });
    // Timestamps come in any order.
    this.#documents = shuffled(sampleDocuments(events), this.#random);
  }

  static async open(options: ChaosOptions): Promise<ChaosRun> {
    const engine = await startEngine(options.engine);
    const redis = await startRedis();
    const run = new ChaosRun(options, engine, redis, await startProxy(engine.url));
    run.#cluster.redis.on("error", () => undefined); // it is meant to go away
    await run.#cluster.makeEventIndex();
    for (let i = 0; i < ROLES.length; i++) await run.#start(i);
    return run;
  }

  get #clock(): string {
    return path.join(this.#folder, "clock");
  }

  /** One round: events and a feed come, and something happens. */
  async round(disturbance: Disturbance, events: number): Promise<void> {
    const part = this.#documents.slice(this.#came, this.#came + events);
    this.#came += part.length;
    await this.#cluster.addEvents(part.slice(0, part.length / 2));
    if (this.#random.next() < 0.7) this.#drop(part);
    await sleep(this.#random.between(0, 1000));
    await this.#disturb(disturbance);
    await this.#cluster.addEvents(part.slice(part.length / 2));
  }

  /** Draws what happens next. */
  draw(): Disturbance {
    const all = Object.entries(DISTURBANCES) as [Disturbance, number][];
    return this.#random.pick(
      all.flatMap(([name, weight]) => Array<Disturbance>(weight).fill(name)),
    );
  }

  /** Waits until the cluster is at rest, and says what is not as it must be. */
  async problems(): Promise<readonly string[]> {
    const cluster = this.#cluster;
    const problems: string[] = [];
    const isRead = await until(async () => (await this.#unread()) === 0, 120);
    if (!isRead) problems.push(`${await this.#unread()} feed files are not read`);
    if (!(await until(async () => (await cluster.covered()) === 1, 120))) {
      problems.push(`covered is ${await cluster.covered()}`);
    }
    // Covered is every event; of patterns over several, the matches come after, in a time that grows with their number.
    let { stored, naive, patternsOf } = await cluster.matches();
    const missing = () => naive.difference(new Set(stored));
    await until(async () => {
      ({ stored, naive, patternsOf } = await cluster.matches());
      return missing().size === 0;
    }, 600);
    const wrong = stored.filter((id) => !naive.has(id));
    if (missing().size > 0) {
      const patterns = patternsOf(missing());
      problems.push(`${missing().size} matches of ${naive.size} are missing, of ${patterns.length} patterns: ${patterns.slice(0, 3).join("; ")}`); // prettier-ignore
    }
    if (wrong.length > 0) problems.push(`${wrong.length} matches are wrong`);
    if (new Set(stored).size !== stored.length) problems.push("a match is stored twice");
    const isCounted = await until(async () => (await this.#uncounted()) === 0, 600);
    if (!isCounted) problems.push(`${await this.#uncounted()} matches are not counted`);
    const ids = (await cluster.alerts()).map((one) => one.split(" ")[0]);
    if (new Set(ids).size !== ids.length) problems.push("an alert is there twice");
    return problems;
  }

  /** How the cluster stands and what its roles wrote last, for people. */
  async state(): Promise<string> {
    const asked = ["coverage", "plan", "dead-jobs", "imports?limit=200"].map(async (place) => {
      const answer = await this.#cluster.get(place).catch(messageOf);
      return `${place}: ${JSON.stringify(answer)}`;
    });
    const logs = [...this.#roles, this.#cluster.server].map(
      (role, place) =>
        `--- ${ROLES[place]}\n${(role?.out() ?? "").slice(-4000)}${(role?.err() ?? "").slice(-2000)}`,
    );
    return [...(await Promise.all(asked)), ...logs].join("\n");
  }

  /** What came and what was found, for people. */
  async summary(): Promise<string> {
    const { stored } = await this.#cluster.matches();
    const alerts = await this.#cluster.alerts();
    return `${this.#came} events, ${this.#files} feed files, ${stored.length} matches, ${alerts.length} alerts`;
  }

  async close(): Promise<void> {
    await this.#cluster.close();
    await this.#proxy.close();
    await this.#redis.stop();
    await this.#engine.stop();
    rmSync(this.#folder, { recursive: true });
  }

  async #start(place: number): Promise<void> {
    const name = ROLES[place];
    if (name === "api") await this.#cluster.serve();
    else if (name !== undefined) this.#roles[place] = this.#cluster.role(name);
  }

  async #end(place: number, signal: NodeJS.Signals): Promise<void> {
    const role = ROLES[place] === "api" ? this.#cluster.server : this.#roles[place];
    role?.child.kill(signal);
    await role?.ended;
    await this.#start(place);
  }

  #drop(events: readonly SourceDocument[]): void {
    const documents = events.map(({ source }) => JSON.parse(source) as unknown);
    if (documents.length === 0) return;
    this.#files += 1;
    const file = path.join(this.#folder, "feed");
    writeFileSync(file, this.#feeds.next(documents));
    renameSync(file, path.join(this.#cluster.env["INBOX_DIR"] ?? "", `feed-${this.#files}.json`));
  }

  async #unread(): Promise<number> {
    let done = 0;
    for (let cursor = ""; ;) {
      const page = await this.#cluster.get(`imports?limit=200${cursor}`).catch(() => undefined);
      if (page === undefined) return this.#files;
      const imports = (page["imports"] ?? []) as { readonly state: string }[];
      done += imports.filter(({ state }) => state === "done").length;
      if (typeof page["next"] !== "string") return this.#files - done;
      cursor = `&cursor=${page["next"]}`;
    }
  }

  /** Matches that raised no alert and are not held back. */
  async #uncounted(): Promise<number> {
    const cluster = this.#cluster;
    const counted = (await cluster.alerts()).reduce(
      (sum, one) => sum + Number(one.split(" ")[1]),
      0,
    );
    return (await cluster.allMatches()) - (await cluster.heldBack()) - counted;
  }

  async #disturb(what: Disturbance): Promise<void> {
    const random = this.#random;
    switch (what) {
      case "kill a worker":
        return this.#end(random.between(1, 2), "SIGKILL");
      case "kill the puller":
        return this.#end(0, "SIGKILL");
      case "kill the api":
        return this.#end(3, "SIGKILL");
      case "end the workers in good order":
        await Promise.all([this.#end(1, "SIGTERM"), this.#end(2, "SIGTERM")]);
        return undefined;
      case "restart redis on its data":
        await this.#redis.kill();
        await sleep(random.between(0, 1500));
        return this.#redis.restart();
      case "empty redis":
        await this.#cluster.redis.flushall();
        return undefined;
      case "restart the engine on its data":
        await this.#engine.kill();
        await sleep(random.between(0, 1500));
        return this.#engine.restart();
      case "refuse by 429":
        return this.#refuse(429);
      case "refuse by 503":
        return this.#refuse(503);
      case "fill the disk":
        return this.#fillDisk();
      case "let a clock jump":
        return this.#jump();
      case "nothing":
        return undefined;
    }
  }

  /** Half of the calls are refused, before the engine sees them. */
  async #refuse(status: number): Promise<void> {
    this.#proxy.rule = () => (this.#random.next() < 0.5 ? { status } : undefined);
    await sleep(this.#random.between(500, 4000));
    this.#proxy.rule = () => undefined;
  }

  /** As the engine does beyond the flood stage of its disk: indices can be read and not written. */
  async #fillDisk(): Promise<void> {
    const block = async (isFull: boolean | null): Promise<void> => {
      const body = { "index.blocks.read_only_allow_delete": isFull };
      await this.#cluster.api.call(
        "PUT",
        `/${this.#cluster.prefix}-*,-${this.#cluster.prefix}-events/_settings?expand_wildcards=all`,
        body,
      );
    };
    await block(true);
    await sleep(this.#random.between(500, 4000));
    await block(null);
  }

  /** The clocks of all roles are wrong for a while. */
  async #jump(): Promise<void> {
    writeFileSync(this.#clock, String(this.#random.pick([-48, -1, 1, 48]) * HOURS));
    await sleep(this.#random.between(500, 4000));
    writeFileSync(this.#clock, "0");
  }
}

function shuffled<T>(values: readonly T[], random: Random): T[] {
  const all = [...values];
  for (let i = all.length - 1; i > 0; i--) {
    const j = random.between(0, i);
    [all[i], all[j]] = [all[j] as T, all[i] as T];
  }
  return all;
}
