import type { RecordStore, Versioned } from "../../../core/ports.ts";
import type { RecordKinds } from "../../../core/records.ts";
import { documentId, fromText, toText, type Document } from "./document.ts";
import type { StateIndex } from "./state-index.ts";

/** A document a record. */
export class ElasticsearchRecordStore implements RecordStore {
  readonly #index: StateIndex;

  constructor(index: StateIndex) {
    this.#index = index;
  }

  async list<K extends keyof RecordKinds>(kind: K): Promise<readonly Versioned<RecordKinds[K]>[]> {
    await this.#index.refresh();
    const found = await this.#index.all({ term: { kind: kindOf(kind) } });
    return found
      .map((document) => fromText<Versioned<RecordKinds[K]>>(document))
      .toSorted((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
  }

  async get<K extends keyof RecordKinds>(
    kind: K,
    id: string,
  ): Promise<Versioned<RecordKinds[K]> | undefined> {
    const found = await this.#read(kind, id);
    return found && fromText<Versioned<RecordKinds[K]>>(found);
  }

  async compareAndSet<K extends keyof RecordKinds>(
    kind: K,
    { id, version, record }: Versioned<RecordKinds[K]>,
  ): Promise<boolean> {
    const next = { id, version: version + 1, record };
    const source = { kind: kindOf(kind), record: toText(next) };
    if (version === 0) {
      return this.#index.writeOne({ id: documentId(kindOf(kind), id), action: "create", source });
    }
    const found = await this.#readVersion(kind, id, version);
    return (
      found !== undefined &&
      this.#index.writeOne({ id: found.id, action: "index", source, onlyAt: found })
    );
  }

  async remove(kind: keyof RecordKinds, id: string, version: number): Promise<boolean> {
    const found = await this.#readVersion(kind, id, version);
    return (
      found !== undefined && this.#index.writeOne({ id: found.id, action: "delete", onlyAt: found })
    );
  }

  async #read(kind: keyof RecordKinds, id: string): Promise<Document | undefined> {
    return this.#index.readOne(documentId(kindOf(kind), id));
  }

  async #readVersion(
    kind: keyof RecordKinds,
    id: string,
    version: number,
  ): Promise<Document | undefined> {
    const found = await this.#read(kind, id);
    return found && fromText<Versioned<unknown>>(found).version === version ? found : undefined;
  }
}

/** The registry holds other things too, under kinds of their own. */
function kindOf(kind: keyof RecordKinds): string {
  return `record ${kind}`;
}
