import type { Clock } from "../core/ports.ts";

/** Attempts in a row that an address may make, and the time in which it wins one back. */
const BURST = 10;
const REFILL_MS = 6000;
/** Addresses that are remembered; whoever has more of them than this gets fresh ones. */
const ADDRESSES = 10_000;

interface Bucket {
  readonly left: number;
  readonly at: number;
}

/**
 * Failed attempts by address, a token bucket each. It does not keep anybody from guessing, as 256 bits do that:
 * it keeps one address from filling the log.
 */
export class FailedAttempts {
  readonly #now: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(now: Clock) {
    this.#now = now;
  }

  /** Counts a failed attempt; returns 0, or the milliseconds until the address may make the next. */
  count(address: string): number {
    const at = this.#now();
    const { left, at: since } = this.#buckets.get(address) ?? { left: BURST, at };
    // A clock that was set back gives nothing back.
    const available = Math.min(BURST, left + Math.max(0, at - since) / REFILL_MS);
    const isAllowed = available >= 1;
    // Put at the end again, so that the first is always the one that was quiet longest.
    this.#buckets.delete(address);
    this.#buckets.set(address, { left: isAllowed ? available - 1 : available, at });
    if (this.#buckets.size > ADDRESSES) {
      const [quietest = ""] = this.#buckets.keys();
      this.#buckets.delete(quietest);
    }
    return isAllowed ? 0 : Math.ceil((1 - available) * REFILL_MS);
  }
}
