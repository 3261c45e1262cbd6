import { z } from "zod";
import { ServiceError } from "../../core/errors.ts";
import type { Wanted } from "../../core/match/wanted.ts";
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
  readonly wanted: Wanted;
}

const total = z.object({ hits: z.object({ total: z.object({ value: z.number() }) }) });

/** The jobs of one sweep ask for the same anchors in one part of a log after another: this many logs at a time. */
const KEPT = 64;

/** Finds what to ask a shard for, so that no event with one of the keys is left out. */
export class CandidateSearch {
  readonly #client: EngineClient;
  readonly #limitations: Limitations;
  /** By anchors, which a worker keeps for all jobs of a plan, and log. */
  #kept = new WeakMap<Wanted, Map<string, Prepared>>();

  readonly #listedFirst: number | undefined;

  /** `listedFirst`: how many values of a field are listed before it is told how many it has. */
  constructor(client: EngineClient, limitations: Limitations, listedFirst?: number) {
    this.#client = client;
    this.#limitations = limitations;
    this.#listedFirst = listedFirst;
  }

  /** The query for events after `from`; undefined where all of them are to be read. `confirm` after the last page. */
  async prepare(
    log: Log,
    capabilities: Capabilities,
    area: Area,
  ): Promise<{ readonly query: Query | undefined; readonly confirm: () => Promise<void> }> {
    const { from, to, wanted } = area;
    const kept = this.#kept.get(wanted) ?? new Map<string, Prepared>();
    this.#kept.set(wanted, kept);
    let prepared = kept.get(log.id);
    if (prepared === undefined || from < prepared.from || to > prepared.to) {
      prepared = await this.#prepare(log, capabilities, from, wanted);
      keep(kept, log.id, prepared);
    }
    const { plan, query } = prepared;
    const confirm = async (): Promise<void> => {
      if (query === undefined || (await this.#isWhole(log, capabilities, plan, area))) {
        return;
      }
      kept.delete(log.id);
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
    wanted: Wanted,
  ): Promise<Prepared> {
    const { index } = log.target;
    const probe = keyProbe(wanted);
    // What stands below the bound is visible and mapped by now, so it is in the values that are listed.
    const plan = planLookup(await askIndexMapping(this.#client, index), probe, capabilities);
    const query =
      plan.mustRead === undefined
        ? await candidateQuery((body) => searchShard(this.#client, log.target, body), plan, probe, {
            from,
            listedFirst: this.#listedFirst,
          })
        : undefined;
    if (plan.mustRead === undefined) {
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
    { from, to, wanted }: Area,
  ): Promise<boolean> {
    const mapping = await askIndexMapping(this.#client, log.target.index);
    const now = planLookup(mapping, keyProbe(wanted), capabilities);
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
}

function keep(kept: Map<string, Prepared>, log: string, prepared: Prepared): void {
  kept.delete(log);
  kept.set(log, prepared);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) {
      break;
    }
    kept.delete(oldest);
  }
}
