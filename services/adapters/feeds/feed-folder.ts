import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { messageOf } from "../../core/errors.ts";
import type { FeedFileContent } from "../../core/feeds/plan-feeds.ts";
import { feedId, type feedSourceSchema } from "../../core/feeds/feed-source.ts";

const MAX_BYTES = 2 << 20;

/** A folder of files that declare feeds, `NAME.json`; it is looked at again and again, and read where it has changed. */
export class FeedFolder {
  readonly #folder: string;
  readonly #schema: ReturnType<typeof feedSourceSchema>;
  readonly #known = new Map<string, { readonly mark: string; readonly content: FeedFileContent }>();

  constructor(folder: string, schema: ReturnType<typeof feedSourceSchema>) {
    this.#folder = folder;
    this.#schema = schema;
  }

  /** Gives every file's content, by the feed's id; a folder that is not there has none. */
  async read(): Promise<ReadonlyMap<string, FeedFileContent>> {
    const found = new Map<string, FeedFileContent>();
    for (const name of await this.#names()) {
      const id = path.basename(name, ".json");
      // Editors and mounts leave files whose names are no feeds'.
      if (name.endsWith(".json") && feedId.safeParse(id).success) {
        found.set(id, await this.#readOne(name));
      }
    }
    return found;
  }

  async #names(): Promise<readonly string[]> {
    try {
      return (await readdir(this.#folder)).toSorted();
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") {
        return [];
      }
      throw error;
    }
  }

  async #readOne(name: string): Promise<FeedFileContent> {
    const file = path.join(this.#folder, name);
    try {
      const { size, mtimeMs } = await stat(file);
      const mark = `${size} ${mtimeMs}`;
      const known = this.#known.get(name);
      if (known?.mark === mark) {
        return known.content;
      }
      const content =
        size > MAX_BYTES
          ? { problem: `larger than ${MAX_BYTES} bytes` }
          : this.#parse(await readFile(file, "utf8"));
      this.#known.set(name, { mark, content });
      return content;
    } catch (error) {
      return { problem: messageOf(error) };
    }
  }

  #parse(text: string): FeedFileContent {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return { problem: messageOf(error) };
    }
    const read = this.#schema.safeParse(value);
    return read.success ? { source: read.data } : { problem: z.prettifyError(read.error) };
  }
}
