import type { ImportStore } from "../../../core/ports.ts";
import type { ImportRecord } from "../../../core/records.ts";
import { documentId, fromText, toText } from "./document.ts";
import { listNumbered, numberOf } from "./numbered-list.ts";
import { SafeLog } from "./safe-log.ts";
import type { StateIndex } from "./state-index.ts";

export class ElasticsearchImportStore implements ImportStore {
  readonly #index: StateIndex;
  readonly #log: SafeLog;

  constructor(index: StateIndex) {
    this.#index = index;
    this.#log = new SafeLog(index);
  }

  async put(record: ImportRecord): Promise<void> {
    const id = documentId(record.id);
    const text = toText(record);
    for (;;) {
      const known = await this.#index.readOne(id);
      const isWritten =
        known === undefined
          ? await this.#index.writeOne({ id, action: "create", source: { record: text } })
          : await this.#index.writeOne({
              id,
              action: "index",
              source: { record: text, number: numberOf(known) },
              onlyAt: known,
            });
      if (isWritten) {
        return;
      }
    }
  }

  async get(id: string): Promise<ImportRecord | undefined> {
    const found = await this.#index.readOne(documentId(id));
    return found && fromText<ImportRecord>(found);
  }

  async list(
    after: number,
    limit: number,
  ): Promise<readonly (ImportRecord & { number: number })[]> {
    const found = await listNumbered(this.#index, this.#log, [], after, limit);
    return found.map(({ document, number }) => ({ ...fromText<ImportRecord>(document), number }));
  }
}
