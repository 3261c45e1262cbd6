import { groupId } from "../../../core/alert/group.ts";
import type { AlertRecord, GroupKey } from "../../../core/records.ts";
import { documentId, fromText, toText, type Document } from "./document.ts";
import type { StateIndex } from "./state-index.ts";

const PLACES = "places";

/** An alert of a group, and the month in which it stands. */
export interface AlertPlace {
  readonly id: string;
  readonly generation: number;
  readonly index: string;
}

/**
 * Where the alerts of each group stand: a document a group. A place is taken before the alert is written, so one alert
 * never stands in two months, however many workers make it at midnight; and the newest is found by id, without search.
 */
export class AlertPlaces {
  readonly #index: StateIndex;

  constructor(index: StateIndex) {
    this.#index = index;
  }

  /** The places of a group, newest generation first. */
  async of(group: GroupKey): Promise<readonly AlertPlace[]> {
    return placesIn(await this.#index.readOne(placesId(group)));
  }

  /** The place of an alert: the one that was taken for it, or now this index. */
  async take(alert: AlertRecord, index: string): Promise<AlertPlace> {
    return this.#settle(alert, (taken) => taken ?? index);
  }

  /** Moves an alert whose month was deleted. */
  async move(alert: AlertRecord, from: string, index: string): Promise<AlertPlace> {
    return this.#settle(alert, (taken) => (taken === from ? index : (taken ?? index)));
  }

  async #settle(
    { id, group, generation }: AlertRecord,
    choose: (taken: string | undefined) => string,
  ): Promise<AlertPlace> {
    const ofGroup = placesId(group);
    for (;;) {
      const document = await this.#index.readOne(ofGroup);
      const places = placesIn(document);
      const taken = places.find((place) => place.generation === generation);
      const place = { id, generation, index: choose(taken?.index) };
      if (taken?.index === place.index) {
        return taken;
      }
      const others = places.filter((one) => one.generation !== generation);
      const isWritten = await this.#index.writeOne({
        id: ofGroup,
        action: document === undefined ? "create" : "index",
        source: { kind: PLACES, record: toText([...others, place]) },
        onlyAt: document,
      });
      if (isWritten) {
        return place;
      }
    }
  }
}

function placesId(group: GroupKey): string {
  return documentId(PLACES, groupId(group));
}

function placesIn(document: Document | undefined): readonly AlertPlace[] {
  const places = document === undefined ? [] : fromText<AlertPlace[]>(document);
  return places.toSorted((a, b) => b.generation - a.generation);
}
