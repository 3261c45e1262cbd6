/** Feeds that change: new indicators, changed ones, revoked ones, drawn from the events that they are to meet. */
import type { Random } from "../../services/sample/random.ts";
import { stableUuid } from "../../services/sample/random.ts";
import { eventPatterns } from "../support/event-patterns.ts";

/** What nearly every event meets is no indicator. */
const TOO_WIDE = /EXISTS|!=|NOT |>|<|REPEATS/;

interface Drawn {
  readonly id: string;
  readonly created: string;
  readonly pattern: string;
}

export class ChaosFeeds {
  readonly #random: Random;
  readonly #known: Drawn[] = [];
  #version = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Makes a bundle; each is later than the one before. */
  next(documents: readonly unknown[]): Uint8Array {
    this.#version += 1;
    const modified = new Date(Date.UTC(2024, 0, 1, 0, this.#version)).toISOString();
    const objects = [this.#made(documents, modified), this.#made(documents, modified)].flat();
    if (this.#known.length > 10) {
      const chosen = this.#random.pick(this.#known);
      if (objects.every(({ id }) => id !== chosen.id)) {
        const revoked = this.#random.next() < 0.5;
        const [pattern = chosen.pattern] = revoked ? [] : this.#patterns(documents);
        objects.push(indicator({ ...chosen, pattern }, modified, revoked));
      }
    }
    const id = `bundle--${stableUuid(`chaos ${this.#version}`)}`;
    return Buffer.from(JSON.stringify({ type: "bundle", id, objects }));
  }

  #made(documents: readonly unknown[], created: string): ReturnType<typeof indicator>[] {
    return this.#patterns(documents).map((pattern) => {
      const id = `indicator--${stableUuid(`chaos ${this.#known.length}`)}`;
      const drawn = { id, created, pattern };
      this.#known.push(drawn);
      return indicator(drawn, created, false);
    });
  }

  #patterns(documents: readonly unknown[]): readonly string[] {
    const [first, second] = [this.#random.pick(documents), this.#random.pick(documents)];
    const drawn = [
      ...eventPatterns(first, 2, this.#random),
      ...eventPatterns(second, 1, this.#random),
    ].filter((pattern) => !TOO_WIDE.test(pattern));
    const [one, other] = drawn;
    const isSimple =
      one?.startsWith("[") && other?.startsWith("[") && !/OR|FOLLOWEDBY/.test(one + other);
    if (isSimple && this.#random.next() < 0.5) {
      const operator = this.#random.pick(["AND", "FOLLOWEDBY"]);
      drawn.push(`(${one} ${operator} ${other}) WITHIN 86400 SECONDS`);
    }
    return drawn;
  }
}

function indicator({ id, created, pattern }: Drawn, modified: string, revoked: boolean) {
  return {
    type: "indicator",
    spec_version: "2.1",
    id,
    created,
    modified,
    pattern,
    pattern_type: "stix",
    valid_from: "2020-01-01T00:00:00.000Z",
    ...(revoked && { revoked }),
  };
}
