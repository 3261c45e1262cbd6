import type { AuditStore } from "../../../core/ports.ts";
import type { AuditEntry, AuditFilter } from "../../../core/records.ts";
import type { Query } from "../search-shard.ts";
import { fromText, toText } from "./document.ts";
import { SafeLog } from "./safe-log.ts";
import type { StateIndex } from "./state-index.ts";

/** A document an entry, never written again: its number is that of its write, plus one. */
export class ElasticsearchAuditStore implements AuditStore {
  readonly #index: StateIndex;
  readonly #log: SafeLog;
  readonly #newId: () => string;

  /** `newId`: a name for a document that no other has. */
  constructor(index: StateIndex, newId: () => string) {
    this.#index = index;
    this.#log = new SafeLog(index);
    this.#newId = newId;
  }

  async add(entry: AuditEntry): Promise<void> {
    const { at, by, action, subject } = entry;
    const source = { at, by, action, subject, record: toText(entry) };
    await this.#index.write([{ id: this.#newId(), action: "create", source }]);
  }

  async list(
    { by, action, subject, since, until }: AuditFilter,
    before: number,
    limit: number,
  ): Promise<readonly (AuditEntry & { number: number })[]> {
    const { through } = await this.#log.look();
    const end = before === 0 ? through : Math.min(before - 1, through);
    const filter: Query[] = [
      { range: { _seq_no: { lt: end } } },
      { range: { at: { gte: since ?? null, lt: until ?? null } } },
      ...Object.entries({ by, action, subject }).flatMap(([name, value]) =>
        value === undefined ? [] : [{ term: { [name]: value } }],
      ),
    ];
    const { documents } = await this.#index.search({
      size: limit,
      sort: [{ _seq_no: "desc" }],
      query: { bool: { filter } },
    });
    return documents.map((document) => ({
      ...fromText<AuditEntry>(document),
      number: document.seqNo + 1,
    }));
  }
}
