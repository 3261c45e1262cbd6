import type { EngineClient } from "../client.ts";
import type { Query } from "../search-shard.ts";
import { monthOf } from "./alert-document.ts";
import type { Write, Written } from "./bulk-writes.ts";
import type { Document } from "./document.ts";
import { createIndex } from "./install.ts";
import type { Reading } from "./read-documents.ts";
import type { IndexDefinition } from "./schema.ts";
import type { StateCalls } from "./state-calls.ts";

/** The result indices, one a month; old ones are deleted as a whole. */
export class AlertMonths {
  readonly #client: EngineClient;
  readonly #definition: IndexDefinition;
  readonly #onPrimary: boolean;
  readonly #calls: StateCalls;
  readonly #made = new Set<string>();

  constructor(
    client: EngineClient,
    definition: IndexDefinition,
    onPrimary: boolean,
    calls: StateCalls,
  ) {
    // prettier-ignore
    this.#client = client;
    this.#definition = definition;
    this.#onPrimary = onPrimary;
    this.#calls = calls;
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
    return this.#calls.read({ index, id });
  }

  async write(write: Write): Promise<Written> {
    return this.#calls.write(write);
  }

  async refresh(): Promise<void> {
    await this.#calls.refresh(this.#path);
  }

  /** Searches what is visible in all months. */
  async search(body: Query): Promise<readonly Document[]> {
    return (await this.#found(body)).documents;
  }

  async count(): Promise<number> {
    return (await this.#found({ size: 0, track_total_hits: true })).total;
  }

  async #found(body: Query) {
    const target = { path: this.#path, onPrimary: this.#onPrimary };
    return this.#calls.search({ target, body });
  }

  get #path(): string {
    return `${encodeURIComponent(this.#definition.name)}-*`;
  }
}
