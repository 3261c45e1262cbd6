import { z } from "zod";
import { groupOf } from "../../../core/alert/group.ts";
import type { MatchStore } from "../../../core/ports.ts";
import type { FoldedGroup, GroupKey, LoggedMatch, MatchRecord } from "../../../core/records.ts";
import { fromText, toText, type Document } from "./document.ts";
import { HeldMatches } from "./held-matches.ts";
import { foldWindows } from "./match-fold.ts";
import { groupDigest } from "./match-group.ts";
import { readTail } from "./log-tail.ts";
import { NumberedLog } from "./numbered-log.ts";
import type { StateIndex } from "./state-index.ts";

export interface MatchIndices {
  readonly matches: StateIndex;
  readonly held: StateIndex;
  /** Keeps the epoch: how far the fold has read stands there. */
  readonly registry: StateIndex;
}

/** Groups of one page. */
const GROUPS = 1000;

/** The match log: append only, an id is created once ever, and its number is the sequence number of that write. */
export class ElasticsearchMatchStore implements MatchStore {
  readonly #index: StateIndex;
  readonly #held: HeldMatches;
  readonly #log: NumberedLog;

  constructor({ matches, held, registry }: MatchIndices) {
    this.#index = matches;
    this.#held = new HeldMatches(held);
    this.#log = new NumberedLog(matches, registry, "matches");
  }

  /** One whose acknowledgement was lost on the way is stored, and not counted as new when it is sent again. */
  async add(matches: readonly MatchRecord[]): Promise<number> {
    const written = await this.#index.write(
      matches.map((match) => ({
        id: match.id,
        action: "create",
        source: {
          patternKey: match.patternKey,
          group: groupDigest(groupOf(match)),
          time: match.time,
          record: toText(match),
        },
      })),
    );
    return written.filter(({ outcome }) => outcome === "written").length;
  }

  async tail(after: number, limit: number): Promise<readonly LoggedMatch[]> {
    const { documents, base } = await readTail(this.#index, this.#log, after, limit);
    return this.#logged(documents, base);
  }

  async groups(pattern: string): Promise<readonly GroupKey[]> {
    await this.#index.refresh();
    const found: { readonly seqNo: number; readonly group: GroupKey }[] = [];
    let after: unknown;
    do {
      const sources = [{ group: { terms: { field: "group" } } }];
      const first = {
        top_hits: { size: 1, sort: [{ _seq_no: "asc" }], seq_no_primary_term: true },
      };
      const composite = { size: GROUPS, sources, ...(after !== undefined && { after }) };
      const { aggregations } = await this.#index.search({
        size: 0,
        query: { term: { patternKey: pattern } },
        aggs: { groups: { composite, aggs: { first } } },
      });
      const { groups } = groupsShape.parse(aggregations);
      for (const bucket of groups.buckets) {
        const { _seq_no: seqNo, _source: source } = bucket.first.hits.hits[0];
        found.push({ seqNo, group: groupOf(fromText<MatchRecord>({ source })) });
      }
      after = groups.after_key;
    } while (after !== undefined);
    return found.toSorted((a, b) => a.seqNo - b.seqNo).map(({ group }) => group);
  }

  async heldBack(
    pattern: string,
    settled: readonly string[] = [],
  ): Promise<readonly LoggedMatch[]> {
    const base = await this.#log.base();
    await this.#held.refresh();
    const found = await this.#index.read(await this.#held.ofPattern(pattern, settled));
    const logged = await this.#logged([...found.values()], base);
    return logged
      .filter(({ heldBack }) => heldBack !== undefined)
      .toSorted((a, b) => a.number - b.number);
  }

  async dispose(ids: readonly string[], heldBack: string | undefined): Promise<void> {
    if (heldBack === undefined) {
      await this.#held.release(ids);
      return;
    }
    const base = await this.#log.base();
    const found = await this.#index.read(ids);
    const holdings = [...found.values()].map((document) => ({
      id: document.id,
      number: base + document.seqNo + 1,
      patternKey: String(document.source["patternKey"]),
      group: String(document.source["group"]),
    }));
    await this.#held.hold(holdings, heldBack);
  }

  async fold(group: GroupKey, after: number, to: number): Promise<FoldedGroup> {
    const base = await this.#log.base();
    await this.#index.refresh();
    await this.#held.refresh();
    const digest = groupDigest(group);
    const windows = await this.#held.windows(digest, Math.max(after, base), to);
    const { samples, ...folded } = await foldWindows(this.#index, digest, base, windows);
    return { ...folded, samples: samples.map((sample) => toMatch(sample, base, undefined)) };
  }

  async count(): Promise<{ matches: number; heldBack: number }> {
    const base = await this.#log.base();
    await this.#index.refresh();
    await this.#held.refresh();
    return {
      matches: await this.#index.count({ match_all: {} }),
      heldBack: await this.#held.count(base),
    };
  }

  async heldBackBy(): Promise<ReadonlyMap<string, number>> {
    const base = await this.#log.base();
    await this.#held.refresh();
    return this.#held.countByReason(base);
  }

  async #logged(documents: readonly Document[], base: number): Promise<readonly LoggedMatch[]> {
    const reasons = await this.#held.reasons(
      documents.map(({ id, seqNo }) => ({ id, number: base + seqNo + 1 })),
    );
    return documents.map((document) => toMatch(document, base, reasons.get(document.id)));
  }
}

function toMatch(document: Document, base: number, heldBack: string | undefined): LoggedMatch {
  return { ...fromText<MatchRecord>(document), number: base + document.seqNo + 1, heldBack };
}

const groupsShape = z.object({
  groups: z.object({
    after_key: z.unknown().optional(),
    buckets: z.array(
      z.object({
        first: z.object({
          hits: z.object({
            hits: z.tuple([
              z.object({ _seq_no: z.number(), _source: z.record(z.string(), z.unknown()) }),
            ]),
          }),
        }),
      }),
    ),
  }),
});
