import type { AddressRange } from "stix2-ts";

interface Level<T> {
  readonly family: 4 | 6;
  readonly prefix: number;
  readonly networks: Map<bigint, T[]>;
}

/** Ranges of addresses, each with something: one look-up for each length of prefix that occurs. */
export class AddressRanges<T> {
  readonly #levels = new Map<string, Level<T>>();

  add({ family, base, prefix }: AddressRange, one: T): void {
    const name = `${family}/${prefix}`;
    const level = this.#levels.get(name) ?? { family, prefix, networks: new Map<bigint, T[]>() };
    this.#levels.set(name, level);
    const network = networkOf(base, level);
    const there = level.networks.get(network);
    if (there === undefined) level.networks.set(network, [one]);
    else there.push(one);
  }

  /** What stands with the ranges that hold all of this one. */
  *holding({ family, base, prefix }: AddressRange): Generator<T, void> {
    for (const level of this.#levels.values()) {
      if (level.family === family && level.prefix <= prefix) {
        yield* level.networks.get(networkOf(base, level)) ?? [];
      }
    }
  }
}

function networkOf(base: bigint, level: { readonly family: 4 | 6; readonly prefix: number }) {
  return base >> BigInt((level.family === 4 ? 32 : 128) - level.prefix);
}
