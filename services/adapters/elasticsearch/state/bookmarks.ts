import type { Bookmarks } from "../../../core/ports.ts";
import { documentId, fromText, toText, type Version } from "./document.ts";
import type { StateIndex } from "./state-index.ts";

const VALUE = "value";
const DIRTY = "dirty";

export class ElasticsearchBookmarks implements Bookmarks {
  readonly #index: StateIndex;
  /** The marks that `dirty` gave out, by pattern. */
  readonly #seen = new Map<string, Version>();

  constructor(index: StateIndex) {
    this.#index = index;
  }

  async get(name: string): Promise<number> {
    const found = await this.#index.readOne(documentId(VALUE, name));
    return found === undefined ? 0 : fromText<number>(found);
  }

  async set(name: string, value: number): Promise<void> {
    const source = { kind: VALUE, record: toText(value) };
    await this.#index.write([{ id: documentId(VALUE, name), action: "index", source }]);
  }

  async dirty(): Promise<readonly string[]> {
    await this.#index.refresh();
    const found = await this.#index.all({ term: { kind: DIRTY } });
    this.#seen.clear();
    for (const document of found) {
      this.#seen.set(fromText<string>(document), document);
    }
    return [...this.#seen.keys()].toSorted();
  }

  /** A mark that is there is written again, so that whoever is working it off does not take the new one with it. */
  async soil(patterns: readonly string[]): Promise<void> {
    await this.#index.write(
      [...new Set(patterns)].map((pattern) => ({
        id: documentId(DIRTY, pattern),
        action: "index",
        source: { kind: DIRTY, record: toText(pattern) },
      })),
    );
  }

  /** Takes the marks that `dirty` has given out here: one that was set again since stays. */
  async clean(patterns: readonly string[]): Promise<void> {
    await this.#index.write(
      [...new Set(patterns)].map((pattern) => ({
        id: documentId(DIRTY, pattern),
        action: "delete",
        onlyAt: this.#seen.get(pattern),
      })),
    );
  }
}
