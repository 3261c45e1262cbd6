import type { LedgerStore } from "../../../core/ports.ts";
import type { LedgerException, LedgerRow } from "../../../core/records.ts";
import { documentId, fromText, toText } from "./document.ts";
import type { StateIndex } from "./state-index.ts";

const ROW = "row";
const EXCEPTION = "exception";

/** A document a partition, and one for each pattern on the exception list. */
export class ElasticsearchLedgerStore implements LedgerStore {
  readonly #index: StateIndex;

  constructor(index: StateIndex) {
    this.#index = index;
  }

  async rows(): Promise<readonly LedgerRow[]> {
    const rows = (await this.#every<StoredRow>(ROW)).map(toRow);
    return rows.toSorted((a, b) => compare(a.partition, b.partition));
  }

  async row(partition: string): Promise<LedgerRow | undefined> {
    const found = await this.#index.readOne(documentId(ROW, partition));
    return found && toRow(fromText<StoredRow>(found));
  }

  async compareAndSet(row: LedgerRow): Promise<boolean> {
    const id = documentId(ROW, row.partition);
    const record = toText({ ...row, version: row.version + 1 });
    const source = { kind: ROW, record };
    if (row.version === 0) {
      return this.#index.writeOne({ id, action: "create", source });
    }
    const found = await this.#index.readOne(id);
    if (found === undefined || fromText<LedgerRow>(found).version !== row.version) {
      return false;
    }
    return this.#index.writeOne({ id, action: "index", source, onlyAt: found });
  }

  async exceptions(): Promise<readonly LedgerException[]> {
    const found = await this.#every<LedgerException>(EXCEPTION);
    return found
      .map((one) => ({ ...one, retryAt: one.retryAt }))
      .toSorted((a, b) => compare(a.pattern, b.pattern) || compare(a.partition, b.partition));
  }

  async except(exception: LedgerException): Promise<void> {
    const id = documentId(EXCEPTION, exception.pattern, exception.partition);
    const source = { kind: EXCEPTION, record: toText(exception) };
    await this.#index.write([{ id, action: "index", source }]);
  }

  async pardon(pattern: string, partition: string): Promise<void> {
    await this.#index.write([{ id: documentId(EXCEPTION, pattern, partition), action: "delete" }]);
  }

  async forget(partitions: readonly string[]): Promise<void> {
    if (partitions.length === 0) {
      return;
    }
    const named = (await this.exceptions()).filter((one) => partitions.includes(one.partition));
    const ids = [
      ...partitions.map((partition) => documentId(ROW, partition)),
      ...named.map((one) => documentId(EXCEPTION, one.pattern, one.partition)),
    ];
    await this.#index.write(ids.map((id) => ({ id, action: "delete" })));
  }

  /** Found by a search: refreshed, so that what any worker wrote before is seen. */
  async #every<T>(kind: string): Promise<readonly T[]> {
    await this.#index.refresh();
    return (await this.#index.all({ term: { kind } })).map((document) => fromText<T>(document));
  }
}

/** A row that was written before costs were kept has none. */
type StoredRow = Omit<LedgerRow, "costs"> & Partial<Pick<LedgerRow, "costs">>;

function toRow({ partition, version, pieces, unreachableSince, costs = {} }: StoredRow): LedgerRow {
  return { partition, version, pieces, unreachableSince, costs };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
