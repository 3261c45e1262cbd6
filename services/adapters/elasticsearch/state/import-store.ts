import type { ImportStore } from "../../../core/ports.ts";
import type { ImportEntry, ImportRecord } from "../../../core/records.ts";
import { documentId, fromText, toText, type Document } from "./document.ts";
import { listNumbered, numberOf } from "./numbered-list.ts";
import { SafeLog } from "./safe-log.ts";
import type { StateIndex } from "./state-index.ts";

export class ElasticsearchImportStore implements ImportStore {
  readonly #index: StateIndex;
  readonly #log: SafeLog;
  readonly #registry: StateIndex;

  constructor(index: StateIndex, registry: StateIndex) {
    this.#index = index;
    this.#log = new SafeLog(index);
    this.#registry = registry;
  }

  async putPart(id: string, part: number, entries: readonly ImportEntry[]): Promise<void> {
    const source = { kind: partsOf(id), record: toText({ part, entries }) };
    await this.#registry.write([
      { id: documentId(partsOf(id), String(part)), action: "index", source },
    ]);
  }

  async parts(id: string): Promise<ReadonlyMap<number, readonly ImportEntry[]>> {
    const found = (await this.#parts(id)).map((document) =>
      fromText<{ part: number; entries: readonly ImportEntry[] }>(document),
    );
    return new Map(
      found.toSorted((a, b) => a.part - b.part).map(({ part, entries }) => [part, entries]),
    );
  }

  async dropParts(id: string): Promise<void> {
    const found = await this.#parts(id);
    await this.#registry.write(found.map((one) => ({ id: one.id, action: "delete" })));
  }

  async #parts(id: string): Promise<readonly Document[]> {
    await this.#registry.refresh();
    // What an entry lost in conversion may be long: few to a page.
    return this.#registry.all({ term: { kind: partsOf(id) } }, { size: 50 });
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

/** The kind that an import's parts have in the registry. */
function partsOf(id: string): string {
  return `part of ${documentId(id)}`;
}
