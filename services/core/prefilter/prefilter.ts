/** Which lines of a log a set of patterns has to see: the others are not parsed. */
import type { AnchorKinds, PatternSet } from "stix2-ts";
import type { LineReader, PickedLines } from "../ports.ts";
import { textsOf } from "../schema/key-probe.ts";
import { transforms, type Transform } from "../schema/transforms.ts";
import { askedOf, linePaths, WRAPPERS, type Asked, type AskedField } from "./asked-fields.ts";

/**
 * Picks the lines that patterns of a set may match, follows the set as it changes, and never leaves out a line that one of
 * them matches or an operand of one. What has no match it says of a line only where that is certain: a layout that is not
 * understood, or a pattern without anchors that can meet events of this id, makes the line one to be parsed.
 */
export class Prefilter {
  readonly #set: PatternSet;
  readonly #reader: LineReader;
  readonly #wrappers: readonly string[];
  #asked: Asked = { fields: [], eventIds: new Set() };
  #changes = -1;

  /** `wrappers`: keys of a line, beside `_source`, under which it may hold the document. */
  constructor(set: PatternSet, reader: LineReader, wrappers: readonly string[] = []) {
    this.#set = set;
    this.#reader = reader;
    this.#wrappers = [...WRAPPERS, ...wrappers];
  }

  /** Picks from whole lines those to be parsed, also each that is not surely JSON; of the others it is certain. */
  pick(lines: Uint8Array): PickedLines {
    if (this.#changes !== this.#set.changes) this.#follow();
    return this.#reader.pick(lines, (field, raw, isText) => this.#isWanted(field, raw, isText));
  }

  #follow(): void {
    this.#asked = askedOf(this.#set);
    this.#reader.ask(linePaths(this.#asked), this.#wrappers);
    this.#changes = this.#set.changes;
  }

  #isWanted(number: number, raw: string, isText: boolean): boolean {
    const field = this.#asked.fields[number - 1];
    return field === undefined || this.#decide(field, textOf(raw, isText));
  }

  #decide({ uses, isEnd, isEventId }: AskedField, text: string): boolean {
    if (text === "" || text === "-") return false; // as the reader of events takes it
    if (isEnd || (isEventId && this.#asked.eventIds.has(Number(text)))) return true;
    for (const use of uses) {
      // It is the first part of a longer text, up to a backslash.
      const texts = use.isPart === true ? [`${text}\\`] : textsOf(use, text);
      for (const one of texts) {
        if (use.gives.some(({ as, kinds }) => this.#callsUp(as, one, kinds))) return true;
      }
    }
    return false;
  }

  #callsUp(as: Transform, text: string, kinds: AnchorKinds): boolean {
    const given = transforms[as](text);
    if (given === undefined) return false;
    return typeof given === "object"
      ? given.some((one) => this.#set.callsUp(one, kinds))
      : this.#set.callsUp(given, kinds);
  }
}

/** The text that the reader of events sees: of a number what JavaScript writes. */
function textOf(raw: string, isText: boolean): string {
  if (!isText) return String(JSON.parse(raw));
  return raw.includes("\\") ? String(JSON.parse(`"${raw}"`)) : raw;
}
