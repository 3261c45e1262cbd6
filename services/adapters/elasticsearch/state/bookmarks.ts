import type { Bookmarks, DirtyPattern } from "../../../core/ports.ts";
import { documentId, fromText, toText, type Version } from "./document.ts";
import type { StateIndex } from "./state-index.ts";

const VALUE = "value";
const DIRTY = "dirty";

export class ElasticsearchBookmarks implements Bookmarks {
  readonly #index: StateIndex;

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

  async dirty(): Promise<readonly DirtyPattern[]> {
    await this.#index.refresh();
    const found = await this.#index.all({ term: { kind: DIRTY } });
    return found
      .map((document) => ({ pattern: fromText<string>(document), mark: markOf(document) }))
      .toSorted((a, b) => (a.pattern < b.pattern ? -1 : 1));
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

  async clean(marks: readonly DirtyPattern[]): Promise<void> {
    await this.#index.write(
      marks.map(({ pattern, mark }) => ({
        id: documentId(DIRTY, pattern),
        action: "delete",
        onlyAt: versionOf(mark),
      })),
    );
  }
}

/** A mark is the write that set it. */
function markOf({ seqNo, primaryTerm }: Version): string {
  return `${seqNo} ${primaryTerm}`;
}

function versionOf(mark: string): Version {
  const [seqNo = 0, primaryTerm = 1] = mark.split(" ").map(Number);
  return { seqNo, primaryTerm };
}
