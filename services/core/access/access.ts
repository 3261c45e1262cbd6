import type { ApiKeyStore, Clock, KeySecrets } from "../ports.ts";
import type { ApiKeyRecord } from "../records.ts";
import type { Scope } from "./scopes.ts";
import { readToken, writeToken } from "./token.ts";

/** Why a token does not let in. For the log: whoever asks is not told which it was. */
export type Refusal = "missing" | "malformed" | "unknown" | "wrong-secret" | "revoked" | "expired";

export type Admission =
  { readonly key: ApiKeyRecord } | { readonly refused: Refusal; readonly id: string | undefined };

export interface AccessDeps {
  readonly apiKeys: ApiKeyStore;
  readonly secrets: KeySecrets;
  readonly now: Clock;
}

/** The last use is noted to the minute: a dashboard that polls must not make a write of every read. */
const USE_MS = 60_000;

/** What the secret of a key that does not exist is compared with, so that it takes as long as one that does. */
const NO_HASH = "0".repeat(64);

/** Decides who may ask, by the keys in the store. */
export class Access {
  readonly #deps: AccessDeps;
  #hasKeys = false;

  constructor(deps: AccessDeps) {
    this.#deps = deps;
  }

  /**
   * Says whether no key was ever made. Keys that are revoked or expired count, and keys are never deleted:
   * the end of a key must not open the door, so what was closed once stays closed without asking again.
   */
  async isOpen(): Promise<boolean> {
    this.#hasKeys ||= await this.#deps.apiKeys.any();
    return !this.#hasKeys;
  }

  /** Finds the key that a token stands for, if it is good now. */
  async admit(text: string | undefined): Promise<Admission> {
    const { apiKeys, secrets, now } = this.#deps;
    const token = text === undefined ? undefined : readToken(text);
    if (token === undefined) {
      return { refused: text === undefined ? "missing" : "malformed", id: undefined };
    }
    const { id, secret } = token;
    const key = await apiKeys.get(id);
    const isRight = secrets.matches(secret, key?.hash ?? NO_HASH);
    if (key === undefined || !isRight) {
      return { refused: key === undefined ? "unknown" : "wrong-secret", id };
    }
    if (key.revokedAt !== undefined) {
      return { refused: "revoked", id };
    }
    if (key.expiresAt !== undefined && key.expiresAt <= now()) {
      return { refused: "expired", id };
    }
    return { key };
  }

  /** Notes that a key was used, at most once a minute. */
  async noteUse({ id, lastUsedAt }: ApiKeyRecord): Promise<void> {
    const at = this.#deps.now();
    if (lastUsedAt === undefined || at - lastUsedAt >= USE_MS) {
      await this.#deps.apiKeys.touch(id, at);
    }
  }
}

/** Makes a key and stores its hash; the token is given here and never again. */
export async function addKey(
  { apiKeys, secrets, now }: AccessDeps,
  wanted: {
    readonly name: string;
    readonly scopes: readonly Scope[];
    readonly expiresAt: number | undefined;
  },
): Promise<{ readonly key: ApiKeyRecord; readonly token: string }> {
  const token = secrets.make();
  const key: ApiKeyRecord = {
    id: token.id,
    ...wanted,
    hash: secrets.hash(token.secret),
    createdAt: now(),
    lastUsedAt: undefined,
    revokedAt: undefined,
  };
  // An id that is taken (by chance, one in 2^64 for each key) is drawn again.
  return (await apiKeys.add(key))
    ? { key, token: writeToken(token) }
    : addKey({ apiKeys, secrets, now }, wanted);
}
