import { createHash } from "node:crypto";
import { z } from "zod";
import { ServiceError } from "../../core/errors.ts";
import { keyProbe } from "../../core/schema/index.ts";
import type { Capabilities } from "./capabilities.ts";
import type { EngineClient } from "./client.ts";
import { candidateQuery } from "./find-candidates.ts";
import { askIndexMapping } from "./index-mapping.ts";
import type { Limitations } from "./limitations.ts";
import type { Log } from "./log-catalog.ts";
import { planLookup, type LookupPlan } from "./lookup-plan.ts";
import { searchShard, type Query } from "./search-shard.ts";

/** A query that finds the candidates for some keys in a part of a log. */
interface Prepared {
  /** It holds for positions in (from, to]. */
  readonly from: number;
  readonly to: number;
  readonly plan: LookupPlan;
  /** Undefined: they are read, all of them. */
  readonly query: Query | undefined;
}

interface Area {
  readonly from: number;
  readonly to: number;
  readonly keys: readonly string[];
}

const total = z.object({ hits: z.object({ total: z.object({ value: z.number() }) }) });

/** The jobs of one sweep ask for the same keys in one part of a log after another: this many logs at a time. */
const KEPT = 64;

/** Finds what to ask a shard for, so that no event with one of the keys is left out. */
export class CandidateSearch {
  readonly #client: EngineClient;
  readonly #limitations: Limitations;
  readonly #kept = new Map<string, Prepared>();

  constructor(client: EngineClient, limitations: Limitations) {
    this.#client = client;
    this.#limitations = limitations;
  }

  /** The query for events after `from`; undefined where all of them are to be read. `confirm` after the last page. */
  async prepare(
    log: Log,
    capabilities: Capabilities,
    from: number,
    to: number,
    keys: readonly string[],
  ): Promise<{ readonly query: Query | undefined; readonly confirm: () => Promise<void> }> {
    const name = `${log.id} ${digestOf(keys)}`;
    let prepared = this.#kept.get(name);
    if (prepared === undefined || from < prepared.from || to > prepared.to) {
      prepared = await this.#prepare(log, capabilities, from, keys);
      this.#keep(name, prepared);
    }
    const { plan, query } = prepared;
    const confirm = async (): Promise<void> => {
      if (
        query === undefined ||
        (await this.#isWhole(log, capabilities, plan, { from, to, keys }))
      ) {
        return;
      }
      this.#kept.delete(name);
      throw new ServiceError("store/partial-answer", `${log.target.index}: its mapping changed`, {
        retryable: true,
        facts: { index: log.target.index },
      });
    };
    return { query, confirm };
  }

  async #prepare(
    log: Log,
    capabilities: Capabilities,
    from: number,
    keys: readonly string[],
  ): Promise<Prepared> {
    const { index } = log.target;
    const probe = keyProbe(keys);
    // What stands below the bound is visible and mapped by now, so it is in the values that are listed.
    const plan = planLookup(await askIndexMapping(this.#client, index), probe, capabilities);
    const query =
      plan.mustRead === undefined
        ? await candidateQuery(
            (body) => searchShard(this.#client, log.target, body),
            plan,
            probe,
            from,
          )
        : undefined;
    if (plan.mustRead === undefined || probe.needsReading) {
      this.#limitations.clear("store/search-reads-all", index);
    } else {
      this.#limitations.note({
        code: "store/search-reads-all",
        subject: index,
        reason: plan.mustRead,
      });
    }
    return { from, to: log.bound, plan, query };
  }

  /** Whether no document has a field that the mapping did not show when the query was made: a node may be told late. */
  async #isWhole(
    log: Log,
    capabilities: Capabilities,
    plan: LookupPlan,
    { from, to, keys }: Area,
  ): Promise<boolean> {
    const mapping = await askIndexMapping(this.#client, log.target.index);
    const now = planLookup(mapping, keyProbe(keys), capabilities);
    const added = now.mapped.filter((field) => !plan.mapped.includes(field));
    if (now.mustRead !== undefined || added.length === 0) {
      return now.mustRead === undefined;
    }
    const answer = await searchShard(this.#client, log.target, {
      size: 0,
      track_total_hits: true,
      query: {
        bool: {
          filter: [{ range: { _seq_no: { gte: from, lte: to - 1 } } }],
          should: added.map((field) => ({ exists: { field } })),
          minimum_should_match: 1,
        },
      },
    });
    return total.parse(answer).hits.total.value === 0;
  }

  #keep(name: string, prepared: Prepared): void {
    this.#kept.delete(name);
    this.#kept.set(name, prepared);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) {
        break;
      }
      this.#kept.delete(oldest);
    }
  }
}

function digestOf(keys: readonly string[]): string {
  const hash = createHash("sha256");
  for (const key of keys) {
    hash.update(`${key.length} ${key}`);
  }
  return hash.digest("hex");
}
