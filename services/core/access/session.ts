import type { ApiKeyStore, Clock, KeySecrets, RecordStore, Versioned } from "../ports.ts";
import type { ApiKeyRecord } from "../records.ts";

/** A browser that has shown a key. The record's id is the SHA-256 of the cookie, which is kept nowhere. */
export interface Session {
  readonly keyId: string;
  readonly createdAt: number;
  /** Last seen, noted seldom. */
  readonly seenAt: number;
}

export interface SessionDeps {
  readonly records: RecordStore;
  readonly apiKeys: ApiKeyStore;
  readonly secrets: KeySecrets;
  readonly now: Clock;
}

const HOUR_MS = 3_600_000;
/** A session ends when nobody used it for so long, and in any case so long after it began. */
export const IDLE_MS = 12 * HOUR_MS;
export const LONGEST_MS = 7 * 24 * HOUR_MS;
/** A console polls: that it was seen is written down so often at most. */
const NOTE_MS = 10 * 60_000;
/** Browsers that one key is good for at a time; one more ends the session that was seen longest ago. */
const MOST_OF_A_KEY = 50;

const SECRET = /^[0-9a-f]{64}$/;

/** Sessions in the store of records: they survive a restart, and hold on every replica. */
export class Sessions {
  readonly #deps: SessionDeps;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
  }

  /** Begins a session of a key; returns what the cookie holds. */
  async begin({ id: keyId }: ApiKeyRecord): Promise<string> {
    const { records, secrets, now } = this.#deps;
    await this.#clear(keyId);
    const { secret } = secrets.make();
    const record = { keyId, createdAt: now(), seenAt: now() };
    // 256 random bits are nobody else's.
    await records.compareAndSet("session", { id: secrets.hash(secret), version: 0, record });
    return secret;
  }

  /** Finds the session and its key, if both are good now. A key that was revoked or has expired ends its sessions. */
  async find(
    secret: string,
  ): Promise<{ readonly id: string; readonly key: ApiKeyRecord } | undefined> {
    const { records, secrets, apiKeys, now } = this.#deps;
    const id = SECRET.test(secret) ? secrets.hash(secret) : undefined;
    const found = id === undefined ? undefined : await records.get("session", id);
    if (found === undefined || hasEnded(found.record, now())) {
      return undefined;
    }
    const key = await apiKeys.get(found.record.keyId);
    const isGood =
      key !== undefined &&
      key.revokedAt === undefined &&
      (key.expiresAt === undefined || key.expiresAt > now());
    return isGood ? { id: found.id, key } : undefined;
  }

  /** Notes that a session is in use; another replica that notes it at the same time does as well. */
  async noteUse(id: string): Promise<void> {
    const { records, now } = this.#deps;
    const found = await records.get("session", id);
    if (found !== undefined && now() - found.record.seenAt >= NOTE_MS) {
      const record = { ...found.record, seenAt: now() };
      await records.compareAndSet("session", { ...found, record });
    }
  }

  /** Ends a session; false where there is none any more. */
  async end(id: string): Promise<boolean> {
    const { records } = this.#deps;
    const found = await records.get("session", id);
    return found !== undefined && (await records.remove("session", id, found.version));
  }

  /** Drops what has ended, and of a key that has many sessions those that were seen longest ago. */
  async #clear(keyId: string): Promise<void> {
    const { records, now } = this.#deps;
    const all = await records.list("session");
    const [ended, live] = [
      all.filter(({ record }) => hasEnded(record, now())),
      all.filter(({ record }) => !hasEnded(record, now()) && record.keyId === keyId),
    ];
    const crowded = live
      .toSorted((a, b) => b.record.seenAt - a.record.seenAt)
      .slice(MOST_OF_A_KEY - 1);
    const drop = async ({ id, version }: Versioned<Session>) => records.remove("session", id, version); // prettier-ignore
    await Promise.all([...ended, ...crowded].map(drop));
  }
}

function hasEnded({ createdAt, seenAt }: Session, now: number): boolean {
  return now - seenAt >= IDLE_MS || now - createdAt >= LONGEST_MS;
}
