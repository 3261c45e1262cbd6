import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";

const RENEW = `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("pexpire", KEYS[1], ARGV[2]) else return 0 end`;
const RELEASE = `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) else return 0 end`;

/**
 * One of many replicas may do something at a time: whoever holds the lease. It is a courtesy that saves work, not a
 * lock that correctness hangs on: two holders, as after a pause, plan the same jobs under the same names.
 */
export class Lease {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #ttlMs: number;
  readonly #holder = randomUUID();

  constructor(redis: Redis, key: string, ttlMs: number) {
    this.#redis = redis;
    this.#key = key;
    this.#ttlMs = ttlMs;
  }

  /** Takes or keeps the lease; false while another holds it. */
  async hold(): Promise<boolean> {
    const renewed = await this.#redis.eval(RENEW, 1, this.#key, this.#holder, this.#ttlMs);
    if (renewed === 1) {
      return true;
    }
    return (await this.#redis.set(this.#key, this.#holder, "PX", this.#ttlMs, "NX")) === "OK";
  }

  /** Gives the lease back, if it is held; it runs out by itself where Redis is away. */
  async release(): Promise<void> {
    if (this.#redis.status !== "ready") return;
    await this.#redis.eval(RELEASE, 1, this.#key, this.#holder);
  }
}
