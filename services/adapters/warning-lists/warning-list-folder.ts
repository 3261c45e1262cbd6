import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { RegexEngine } from "stix2-ts";
import { messageOf } from "../../core/errors.ts";
import { Turns } from "../../core/turns.ts";
import { WarningLists, type WarningList } from "../../core/suppress/warning-lists.ts";
import { readWarningList } from "./read-warning-list.ts";

export interface WarningListFolderOptions {
  /** Empty: there are no lists. */
  readonly folder: string;
  /** Ids of the lists that hold matches back. */
  readonly holding: readonly string[];
  readonly regex: RegexEngine;
  /** For pauses between looks: it never jumps. */
  readonly elapsed: () => number;
  readonly pauseMs: number;
  /** Hears of each file that can't be used, once for each version of it. */
  readonly problem: (message: string) => void;
}

interface KnownFile {
  readonly mark: string;
  readonly list: WarningList | undefined;
}

/** The largest list of upstream has 1,000,000 names in 25 MB. */
const MOST_BYTES = 128 * 1024 * 1024;

/**
 * A folder of warning lists, `NAME.json` or `NAME/list.json`, looked at anew once in a while. A file that can't be read is
 * told of, and the list stays as it was; so does all when the folder is gone for a moment.
 */
export class WarningListFolder {
  readonly #options: WarningListFolderOptions;
  readonly #turns = new Turns();
  #files: ReadonlyMap<string, KnownFile> = new Map();
  #lists: WarningLists;
  #lookedAt = -Infinity;
  #told = "";

  constructor(options: WarningListFolderOptions) {
    this.#options = options;
    this.#lists = this.#compile([]);
  }

  /** The lists as of the last look, which is never longer ago than the pause. */
  async current(): Promise<WarningLists> {
    const { folder, elapsed, pauseMs } = this.#options;
    if (folder === "" || elapsed() < this.#lookedAt + pauseMs) {
      return this.#lists;
    }
    return this.#turns.take(async () => {
      if (elapsed() >= this.#lookedAt + pauseMs) {
        await this.#look();
        this.#lookedAt = elapsed();
      }
      return this.#lists;
    });
  }

  async #look(): Promise<void> {
    let found: ReadonlyMap<string, string>;
    try {
      found = await marksOf(this.#options.folder);
      this.#told = "";
    } catch (error) {
      const message = `warning lists: ${messageOf(error)}`;
      if (message !== this.#told) this.#options.problem(message);
      this.#told = message;
      return;
    }
    const isSame =
      found.size === this.#files.size &&
      [...found].every(([file, mark]) => this.#files.get(file)?.mark === mark);
    if (isSame) {
      return;
    }
    const files = new Map<string, KnownFile>();
    for (const [file, mark] of found) {
      const before = this.#files.get(file);
      files.set(file, before?.mark === mark ? before : { mark, list: await this.#read(file, before) }); // prettier-ignore
    }
    this.#files = files;
    const lists = [...files.values()].flatMap(({ list }) => list ?? []);
    this.#lists = this.#compile(lists.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
  }

  async #read(file: string, before: KnownFile | undefined): Promise<WarningList | undefined> {
    try {
      const name = path.join(this.#options.folder, file);
      if ((await stat(name)).size > MOST_BYTES) {
        throw new RangeError(`larger than ${MOST_BYTES} bytes`);
      }
      return readWarningList(file, await readFile(name, "utf8"));
    } catch (error) {
      this.#options.problem(`warning list ${file}: ${messageOf(error)}`);
      return before?.list;
    }
  }

  #compile(lists: readonly WarningList[]): WarningLists {
    const { regex, holding } = this.#options;
    return new WarningLists(lists, { regex, holding: new Set(holding) });
  }
}

/** The files of lists, each with what changes when it does. */
async function marksOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const marks = new Map<string, string>();
  const names = await readdir(folder, { withFileTypes: true });
  for (const one of names.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = one.name.endsWith(".json") ? one.name : path.join(one.name, "list.json");
    const info = await stat(path.join(folder, file)).catch(() => undefined);
    if (info?.isFile() === true) {
      marks.set(file, `${info.size} ${info.mtimeMs} ${info.ino}`);
    }
  }
  return marks;
}
