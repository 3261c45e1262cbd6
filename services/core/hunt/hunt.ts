/** A look through the stored events for those of a kind, within bounds of time and number. */
import { StixError, type CompiledPattern, type PatternSet } from "stix2-ts";
import { messageOf } from "../errors.ts";
import { documentOf } from "../ingest/document.ts";
import { inParallel } from "../in-parallel.ts";
import { GatheredPatterns } from "../match/pattern-catalog.ts";
import type { Clock, EventStore, Picker, StoredEvent } from "../ports.ts";
import { readEvent, type SysmonEvent } from "../schema/index.ts";
import type { EventTest } from "./criteria.ts";

export interface HuntDeps {
  readonly events: EventStore;
  /** For durations: it never jumps. */
  readonly elapsed: Clock;
  readonly makePicker?: (set: PatternSet) => Picker;
}

export interface HuntLimits {
  readonly mostMs: number;
  /** Candidates that are looked at. */
  readonly mostEvents: number;
}

/** An event, and where it stands. */
export interface FoundEvent {
  readonly partition: string;
  readonly position: number;
  readonly locator: string;
  readonly event: SysmonEvent;
  readonly document: unknown;
}

/** Partitions that are searched at a time: most of that is waiting for the engine. */
const AT_A_TIME = 4;
const MOST_PROBLEMS = 20;

/** Looks that share their bounds. What could not be searched is told, and never taken for "nothing there". */
export class Hunt {
  readonly #deps: HuntDeps;
  readonly #end: number;
  #left: number;
  readonly problems: string[] = [];
  /** Which bound was reached. */
  stoppedBy: "time" | "events" | undefined;

  constructor(deps: HuntDeps, limits: HuntLimits) {
    this.#deps = deps;
    this.#end = deps.elapsed() + limits.mostMs;
    this.#left = limits.mostEvents;
  }

  /** Whether all was searched so far. */
  get complete(): boolean {
    return this.stoppedBy === undefined && this.problems.length === 0;
  }

  /**
   * Gives every event that passes the test to `found`, each once, in no order. `patterns`: such events satisfy at least one of them;
   * absent: all events are read.
   */
  async each(
    patterns: readonly CompiledPattern[] | undefined,
    test: EventTest,
    found: (event: FoundEvent) => void,
  ): Promise<void> {
    const { events, makePicker } = this.#deps;
    const gathered = new GatheredPatterns();
    for (const [i, one] of (patterns ?? []).entries()) gathered.add(String(i), one);
    const { set, wanted } = gathered;
    const picker = patterns === undefined ? undefined : makePicker?.(set);
    // The newest last made first: bounds cut off what is oldest.
    const partitions = (await events.partitions()).toReversed();
    await inParallel(partitions, AT_A_TIME, async ({ id, bound }) => {
      if (this.#isOver(0) || bound === 0) {
        return;
      }
      try {
        const candidates =
          patterns === undefined || wanted === undefined
            ? events.read(id, 0, bound, picker)
            : events.search(id, 0, bound, wanted, picker);
        for await (const batch of candidates) {
          for (const stored of batch) this.#look(id, stored, test, found);
          if (this.#isOver(batch.length)) return;
        }
      } catch (error) {
        if (error instanceof StixError) throw error;
        this.#problem(`${id}: ${messageOf(error)}`);
      }
    });
  }

  /** The event at a position; undefined where none stands there. */
  async at(partition: string, position: number): Promise<FoundEvent | undefined> {
    let found: FoundEvent | undefined;
    for await (const batch of this.#deps.events.read(partition, position - 1, position)) {
      for (const stored of batch) {
        this.#look(partition, stored, () => true, (event) => (found = event)); // prettier-ignore
      }
    }
    return found;
  }

  #look(
    partition: string,
    { position, locator, document }: StoredEvent,
    test: EventTest,
    found: (event: FoundEvent) => void,
  ): void {
    const event = readEvent(documentOf(document));
    if (event !== undefined && test(event)) {
      found({ partition, position, locator, event, document });
    }
  }

  #isOver(looked: number): boolean {
    this.#left -= looked;
    if (this.#deps.elapsed() > this.#end) this.stoppedBy ??= "time";
    else if (this.#left <= 0) this.stoppedBy ??= "events";
    return this.stoppedBy !== undefined;
  }

  #problem(message: string): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(message);
  }
}
