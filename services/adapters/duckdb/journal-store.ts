import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { ServiceError } from "../../core/errors.ts";
import type { Wanted } from "../../core/match/wanted.ts";
import { Turns } from "../../core/turns.ts";
import type {
  EventSink,
  EventStore,
  Limitation,
  NewEvent,
  Partition,
  Picker,
  StoredEvent,
} from "../../core/ports.ts";
import { Journal } from "./journal.ts";
import { noteLine, noteLines } from "./journal-line.ts";
import { keyHash } from "./key-hash.ts";
import { ParquetSegments } from "./parquet.ts";
import { readUnsealed } from "./read-journal.ts";
import {
  isPresent,
  isSealed,
  listSegments,
  newId,
  removeJournal,
  segmentFiles,
  unwritable,
  type SegmentFiles,
} from "./segment-files.ts";

/** Reading an event costs about as much as asking for this many keys. */
const KEYS_AN_EVENT = 20;

export interface JournalStoreOptions {
  readonly folder: string;
  /** Events a segment takes before it is sealed. */
  readonly segmentEvents: number;
  /** The rules that events' keys are made by; a segment with keys of other rules is searched by reading it through. */
  readonly keysVersion: number;
}

type Segment = { readonly files: SegmentFiles; count: number; oldestKeys: number };

/** The segment that grows. */
type Active = { readonly journal: Journal; readonly segment: Segment };

/** The embedded event store: a journal that grows, sealed segments behind it. Sealing changes no id and no position. */
export class JournalStore implements EventStore, EventSink {
  readonly #options: JournalStoreOptions;
  readonly #parquet: ParquetSegments;
  readonly #segments: Segment[] = [];
  readonly #loaded = new Map<string, number>();
  #active: Active | undefined;
  readonly #turns = new Turns();

  constructor(options: JournalStoreOptions, parquet: ParquetSegments) {
    this.#options = options;
    this.#parquet = parquet;
  }

  /** Takes over what stands in the folder. */
  async load(): Promise<void> {
    for (const files of await listSegments(this.#options.folder)) {
      if (isSealed(files)) {
        const { count, sources, oldestKeys } = await this.#parquet.facts(files);
        this.#segments.push({ files, count, oldestKeys });
        noteLines(this.#loaded, sources);
      } else {
        await this.#sealJournal();
        await this.#activate(files);
      }
    }
  }

  async append(events: readonly NewEvent[]): Promise<void> {
    await this.#turns.take(async () => {
      let rest = events;
      while (rest.length > 0) {
        const { journal, segment } = await this.#withRoom();
        const room = Math.max(1, this.#options.segmentEvents - journal.count);
        await journal.append(rest.slice(0, room));
        segment.count = journal.count;
        for (const { source, line } of rest.slice(0, room)) {
          noteLine(this.#loaded, source, line);
        }
        rest = rest.slice(room);
      }
      if (this.#isFull()) {
        // The events are stored: if this fails they stay in the journal, and the next append says why.
        await this.#sealJournal().catch(() => undefined);
      }
    });
  }

  async loadedThrough(source: string): Promise<number> {
    return this.#loaded.get(source) ?? 0;
  }

  async partitions(): Promise<readonly Partition[]> {
    return this.#present().map(({ files, count }) => ({ id: files.id, bound: count }));
  }

  limitations(): readonly Limitation[] {
    return [];
  }

  /** A file that is missing may have been moved: nothing is certain. */
  async gone(): Promise<readonly string[]> {
    return [];
  }

  async *read(
    partition: string,
    from: number,
    to: number,
    picker?: Picker,
  ): AsyncGenerator<readonly StoredEvent[], void> {
    const { files } = this.#segment(partition, to);
    yield* (
      (await readUnsealed(files, from, to, picker)) ?? this.#parquet.read(files, from, to, picker)
    );
  }

  async *search(
    partition: string,
    from: number,
    to: number,
    { anchors: { keys, wide } }: Wanted,
    picker?: Picker,
  ): AsyncGenerator<readonly StoredEvent[], void> {
    const { files, oldestKeys } = this.#segment(partition, to);
    // By other rules its events may have keys that are not in the file; and the file knows whole values only.
    const canAsk = oldestKeys === this.#options.keysVersion && wide.length === 0;
    if (!canAsk || keys.size > KEYS_AN_EVENT * (to - from)) {
      yield* this.read(partition, from, to, picker);
      return;
    }
    // The journal has no index yet: reading it through is what the port allows.
    yield* (
      (await readUnsealed(files, from, to, picker)) ??
      this.#parquet.search(files, from, to, [...new Set([...keys].map(keyHash))], picker)
    );
  }

  eventCount(): number {
    return this.#present().reduce((sum, { count }) => sum + count, 0);
  }

  /** Seals the journal now, whatever its length. */
  async seal(): Promise<void> {
    await this.#turns.take(() => this.#sealJournal());
  }

  async close(): Promise<void> {
    await this.#turns.take(async () => {
      await this.#active?.journal.close();
      this.#active = undefined;
    });
    this.#parquet.close();
  }

  /** Segments whose files still stand. */
  #present(): readonly Segment[] {
    return this.#segments.filter(({ files }) => isPresent(files));
  }

  #isFull(): boolean {
    return (this.#active?.journal.count ?? 0) >= this.#options.segmentEvents;
  }

  /** The active segment, or a new one where there is none, it is full, or its file was taken away. */
  async #withRoom(): Promise<Active> {
    if (this.#active !== undefined && !existsSync(this.#active.segment.files.journal)) {
      await this.#active.journal.close();
      this.#active = undefined;
    }
    if (this.#isFull()) {
      await this.#sealJournal();
    }
    if (this.#active !== undefined) {
      return this.#active;
    }
    const id = newId(this.#segments.at(-1)?.files.id);
    return this.#activate(segmentFiles(this.#options.folder, id));
  }

  async #activate(files: SegmentFiles): Promise<Active> {
    const journal = await Journal.open(files.journal, this.#options.keysVersion);
    await this.#active?.journal.close();
    const active = {
      journal,
      segment: { files, count: journal.count, oldestKeys: journal.oldestKeys },
    };
    this.#segments.push(active.segment);
    noteLines(this.#loaded, journal.sources);
    this.#active = active;
    return active;
  }

  async #sealJournal(): Promise<void> {
    const active = this.#active;
    if (active === undefined || active.journal.count === 0) {
      return;
    }
    const { journal, segment } = active;
    await this.#parquet.seal(segment.files, journal.count, journal.longest);
    this.#active = undefined;
    await journal.close();
    await removeJournal(segment.files);
  }

  #segment(partition: string, to = 0): Segment {
    const segment = this.#segments.find(({ files }) => files.id === partition);
    if (segment === undefined || segment.count < to) {
      const reason = segment === undefined ? "is not there" : `has no event ${to}`;
      throw new ServiceError("events/segment-damaged", `segment ${partition} ${reason}`, {
        facts: { segment: partition },
      });
    }
    return segment;
  }
}

/** Opens the embedded event store on a folder. Throws `events/unwritable`, `events/segment-damaged`. */
export async function openJournalStore(options: JournalStoreOptions): Promise<JournalStore> {
  let parquet: ParquetSegments | undefined;
  try {
    await mkdir(options.folder, { recursive: true });
    parquet = await ParquetSegments.open(options.folder);
    const store = new JournalStore(options, parquet);
    await store.load();
    return store;
  } catch (error) {
    parquet?.close();
    throw error instanceof ServiceError ? error : unwritable(options.folder, error);
  }
}
