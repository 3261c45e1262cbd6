import { messageOf } from "../core/errors.ts";

/** Asks one thing that a role can't work without; fails with the reason. */
export type Check = () => Promise<unknown>;

/** A probe waits no longer than this, whatever deadline stands behind what it asks. */
const TIMEOUT_MS = 3000;

/** Whether a role can do its work, and what it lacks. */
export class Readiness {
  readonly #checks: readonly (readonly [name: string, check: Check])[];
  readonly #timeoutMs: number;
  readonly #asking = new Map<string, Promise<string | undefined>>();

  constructor(checks: Readonly<Record<string, Check>>, timeoutMs = TIMEOUT_MS) {
    this.#checks = Object.entries(checks);
    this.#timeoutMs = timeoutMs;
  }

  /** What is missing, in words; empty where nothing is. */
  async reasons(): Promise<readonly string[]> {
    const asked = this.#checks.map(async ([name, check]) => this.#ask(name, check));
    return (await Promise.all(asked)).filter((reason) => reason !== undefined);
  }

  /** One question of a kind at a time: probes that come faster than answers do not pile up. */
  async #ask(name: string, check: Check): Promise<string | undefined> {
    let asking = this.#asking.get(name);
    if (asking === undefined) {
      asking = check()
        .then(
          () => undefined,
          (error: unknown) => `${name}: ${messageOf(error)}`,
        )
        .finally(() => this.#asking.delete(name));
      this.#asking.set(name, asking);
    }
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<string>((resolve) => {
      const reason = `${name}: no answer within ${this.#timeoutMs} ms`;
      timer = setTimeout(() => resolve(reason), this.#timeoutMs);
    });
    return Promise.race([asking, tooLong]).finally(() => clearTimeout(timer));
  }
}
