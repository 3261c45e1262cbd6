import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { ServiceError } from "../../core/errors.ts";
import { Turns } from "../../core/turns.ts";
import type { EventSink, EventStore, NewEvent, Partition, StoredEvent } from "../../core/ports.ts";
import { Journal, readJournal } from "./journal.ts";
import { keyHash } from "./key-hash.ts";
import { ParquetSegments } from "./parquet.ts";
import {
  isSealed,
  listSegments,
  removeJournal,
  segmentFiles,
  type SegmentFiles,
} from "./segment-files.ts";

export interface JournalStoreOptions {
  readonly folder: string;
  /** Events a segment takes before it is sealed. */
  readonly segmentEvents: number;
}

interface Segment {
  readonly files: SegmentFiles;
  count: number;
}

/** The embedded event store: a journal that grows, sealed segments behind it. Sealing changes no id and no position. */
export class JournalStore implements EventStore, EventSink {
  readonly #options: JournalStoreOptions;
  readonly #parquet: ParquetSegments;
  readonly #segments: Segment[] = [];
  readonly #loaded = new Map<string, number>();
  #journal: Journal | undefined;
  readonly #turns = new Turns();

  constructor(options: JournalStoreOptions, parquet: ParquetSegments) {
    this.#options = options;
    this.#parquet = parquet;
  }

  /** Takes over what stands in the folder. */
  async load(): Promise<void> {
    for (const files of await listSegments(this.#options.folder)) {
      if (isSealed(files)) {
        const { count, sources } = await this.#parquet.facts(files);
        this.#segments.push({ files, count });
        this.#noteSources(sources);
      } else {
        await this.#sealJournal();
        this.#journal = await Journal.open(files.journal);
        this.#segments.push({ files, count: this.#journal.count });
        this.#noteSources(this.#journal.sources);
      }
    }
  }

  async append(events: readonly NewEvent[]): Promise<void> {
    await this.#turns.take(async () => {
      let rest = events;
      while (rest.length > 0) {
        const journal = this.#journal ?? (await this.#newJournal());
        const room = Math.max(1, this.#options.segmentEvents - journal.count);
        await journal.append(rest.slice(0, room));
        const segment = this.#segments.at(-1);
        if (segment !== undefined) {
          segment.count = journal.count;
        }
        this.#noteSources(journal.sources);
        rest = rest.slice(room);
        if (journal.count >= this.#options.segmentEvents) {
          await this.#sealJournal();
        }
      }
    });
  }

  async loadedThrough(source: string): Promise<number> {
    return this.#loaded.get(source) ?? 0;
  }

  async partitions(): Promise<readonly Partition[]> {
    return this.#segments
      .filter(({ files }) => isSealed(files) || existsSync(files.journal))
      .map(({ files, count }) => ({ id: files.id, bound: count }));
  }

  async *read(
    partition: string,
    from: number,
    to: number,
  ): AsyncGenerator<readonly StoredEvent[], void> {
    const files = this.#files(partition);
    yield* isSealed(files)
      ? this.#parquet.read(files, from, to)
      : readJournal(files.journal, from, to);
  }

  async *search(
    partition: string,
    from: number,
    to: number,
    keys: readonly string[],
  ): AsyncGenerator<readonly StoredEvent[], void> {
    const files = this.#files(partition);
    // The journal has no index yet: reading it through is what the port allows.
    yield* isSealed(files)
      ? this.#parquet.search(files, from, to, [...new Set(keys.map(keyHash))])
      : readJournal(files.journal, from, to);
  }

  eventCount(): number {
    return this.#segments.reduce((sum, { count }) => sum + count, 0);
  }

  /** Seals the journal now, whatever its length. */
  async seal(): Promise<void> {
    await this.#turns.take(() => this.#sealJournal());
  }

  async close(): Promise<void> {
    await this.#turns.take(async () => {
      await this.#journal?.close();
      this.#journal = undefined;
    });
    this.#parquet.close();
  }

  async #newJournal(): Promise<Journal> {
    const counter = Number(this.#segments.at(-1)?.files.id.slice(0, 6) ?? 0) + 1;
    const id = `${String(counter).padStart(6, "0")}-${randomBytes(4).toString("hex")}`;
    const files = segmentFiles(this.#options.folder, id);
    const journal = await Journal.open(files.journal);
    this.#segments.push({ files, count: 0 });
    this.#journal = journal;
    return journal;
  }

  async #sealJournal(): Promise<void> {
    const journal = this.#journal;
    const segment = this.#segments.at(-1);
    if (journal === undefined || segment === undefined || journal.count === 0) {
      return;
    }
    await this.#parquet.seal(segment.files);
    await journal.close();
    this.#journal = undefined;
    await removeJournal(segment.files);
  }

  #noteSources(sources: ReadonlyMap<string, number>): void {
    for (const [source, line] of sources) {
      this.#loaded.set(source, line);
    }
  }

  #files(partition: string): SegmentFiles {
    const segment = this.#segments.find(({ files }) => files.id === partition);
    if (segment === undefined) {
      throw new ServiceError("events/segment-damaged", `segment ${partition} is not there`, {
        facts: { segment: partition },
      });
    }
    return segment.files;
  }
}

/** Opens the embedded event store on a folder. Throws `events/unwritable`, `events/segment-damaged`. */
export async function openJournalStore(options: JournalStoreOptions): Promise<JournalStore> {
  try {
    await mkdir(options.folder, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServiceError("events/unwritable", `${options.folder}: ${reason}`, { cause: error });
  }
  const parquet = await ParquetSegments.open();
  try {
    const store = new JournalStore(options, parquet);
    await store.load();
    return store;
  } catch (error) {
    parquet.close();
    throw error;
  }
}
