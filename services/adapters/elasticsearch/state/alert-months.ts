import type { EngineClient } from "../client.ts";
import type { Query } from "../search-shard.ts";
import { monthOf } from "./alert-document.ts";
import { writeAll, type Write, type Written } from "./bulk-writes.ts";
import type { Document } from "./document.ts";
import { createIndex } from "./install.ts";
import { readDocuments, type Reading } from "./read-documents.ts";
import type { IndexDefinition } from "./schema.ts";
import { refreshWhole, searchWhole } from "./search-whole.ts";

/** The result indices, one a month; old ones are deleted as a whole. */
export class AlertMonths {
  readonly #client: EngineClient;
  readonly #definition: IndexDefinition;
  readonly #onPrimary: boolean;
  readonly #made = new Set<string>();

  constructor(client: EngineClient, definition: IndexDefinition, onPrimary: boolean) {
    this.#client = client;
    this.#definition = definition;
    this.#onPrimary = onPrimary;
  }

  /** The index for what is created at a time; it is there when this returns. */
  async at(time: number): Promise<string> {
    const name = `${this.#definition.name}-${monthOf(time)}`;
    if (!this.#made.has(name)) {
      await createIndex(this.#client, this.#definition, name);
      this.#made.add(name);
    }
    return name;
  }

  /** An index was found to be gone: it is made again where it is needed. */
  forget(name: string): void {
    this.#made.delete(name);
  }

  async read(index: string, id: string): Promise<Reading> {
    const [reading] = await readDocuments(this.#client, [{ index, id }], this.#onPrimary);
    return reading ?? "absent";
  }

  async write(write: Write): Promise<Written> {
    const [written] = await writeAll(this.#client, [write]);
    return written ?? { outcome: "absent", seqNo: -1, primaryTerm: -1 };
  }

  async refresh(): Promise<void> {
    await refreshWhole(this.#client, this.#path);
  }

  /** Searches what is visible in all months. */
  async search(body: Query): Promise<readonly Document[]> {
    return (await this.#found(body)).documents;
  }

  async count(): Promise<number> {
    return (await this.#found({ size: 0, track_total_hits: true })).total;
  }

  async #found(body: Query) {
    return searchWhole(this.#client, { path: this.#path, onPrimary: this.#onPrimary }, body);
  }

  get #path(): string {
    return `${encodeURIComponent(this.#definition.name)}-*`;
  }
}
