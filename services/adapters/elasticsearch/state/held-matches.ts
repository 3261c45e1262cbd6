import type { Query } from "../search-shard.ts";
import type { StateIndex } from "./state-index.ts";

/** Numbers of one window of a fold: (after, to], and the matches in it that do not count. */
export interface Window {
  readonly after: number;
  readonly to: number;
  readonly held: readonly string[];
}

/** What is kept of a match that is held back. */
export interface Holding {
  readonly id: string;
  readonly number: number;
  readonly patternKey: string;
  readonly group: string;
}

/** Matches that one query leaves out; engines allow 65,536. */
const WINDOW = 10_000;

/**
 * Which matches are held back. They stand beside the match log, since a match's place in it is the sequence number of
 * its only write. One counts as held back while the number kept here is its own: after the log was replaced, no match
 * is, until the fold has met it again.
 */
export class HeldMatches {
  readonly #index: StateIndex;

  constructor(index: StateIndex) {
    this.#index = index;
  }

  async refresh(): Promise<void> {
    await this.#index.refresh();
  }

  async hold(matches: readonly Holding[], reason: string): Promise<void> {
    await this.#index.write(
      matches.map(({ id, number, patternKey, group }) => ({
        id,
        action: "index",
        source: { number, patternKey, group, reason },
      })),
    );
  }

  async release(ids: readonly string[]): Promise<void> {
    await this.#index.write(ids.map((id) => ({ id, action: "delete" })));
  }

  /** Why a match is held back; by its id, as of now. */
  async reasons(
    matches: readonly { readonly id: string; readonly number: number }[],
  ): Promise<ReadonlyMap<string, string>> {
    const found = await this.#index.read(matches.map(({ id }) => id));
    return new Map(
      matches.flatMap(({ id, number }) => {
        const source = found.get(id)?.source;
        return source?.["number"] === number ? [[id, String(source["reason"])] as const] : [];
      }),
    );
  }

  /** Ids of the visible matches of a pattern that are held back for other reasons than these. */
  async ofPattern(patternKey: string, settled: readonly string[]): Promise<readonly string[]> {
    const query = {
      filter: [{ term: { patternKey } }],
      must_not: [{ terms: { reason: settled } }],
    };
    return (await this.#index.all({ bool: query })).map(({ id }) => id);
  }

  /** Cuts (after, to] so that each window leaves out few enough matches for one query. */
  async windows(group: string, after: number, to: number): Promise<readonly Window[]> {
    const range: Query = { range: { number: { gt: after, lte: to } } };
    const found = (await this.#index.all({ bool: { filter: [{ term: { group } }, range] } }))
      .map(({ id, source }) => ({ id, number: Number(source["number"]) }))
      .toSorted((a, b) => a.number - b.number);
    const windows: Window[] = [];
    let from = after;
    for (let at = 0; at + WINDOW < found.length; at += WINDOW) {
      const part = found.slice(at, at + WINDOW);
      const end = part.at(-1)?.number ?? from;
      windows.push({ after: from, to: end, held: part.map(({ id }) => id) });
      from = end;
    }
    const rest = found.slice(windows.length * WINDOW);
    return [...windows, { after: from, to, held: rest.map(({ id }) => id) }];
  }

  async count(above: number): Promise<number> {
    return this.#index.count({ range: { number: { gt: above } } });
  }

  async countByReason(above: number): Promise<ReadonlyMap<string, number>> {
    return this.#index.countsOf("reason", { range: { number: { gt: above } } });
  }
}
