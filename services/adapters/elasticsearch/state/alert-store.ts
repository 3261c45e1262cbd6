import type { AlertStore } from "../../../core/ports.ts";
import type { AlertFilter, AlertRecord, GroupKey } from "../../../core/records.ts";
import type { AlertContexts } from "./alert-context.ts";
import { alertDocument } from "./alert-document.ts";
import { filtersOf, listAlerts } from "./alert-list.ts";
import type { AlertMonths } from "./alert-months.ts";
import type { AlertNumbers } from "./alert-numbers.ts";
import type { AlertPlace, AlertPlaces } from "./alert-places.ts";
import { alertOf, numberIn } from "./alert-record.ts";
import type { Document, Version } from "./document.ts";

export interface AlertParts {
  readonly months: AlertMonths;
  readonly places: AlertPlaces;
  readonly numbers: AlertNumbers;
  readonly contexts: AlertContexts;
  /** Keys of the patterns that an indicator has. */
  readonly patternsOf: (indicator: string) => Promise<readonly string[]>;
}

/**
 * Alerts in the result indices. One is made in four writes: its place, the alert, its number, the number in the alert.
 * After a crash between any two the fold makes it again, and goes on where it stopped.
 */
export class ElasticsearchAlertStore implements AlertStore {
  readonly #parts: AlertParts;

  constructor(parts: AlertParts) {
    this.#parts = parts;
  }

  async get(id: string): Promise<AlertRecord | undefined> {
    const { months } = this.#parts;
    await months.refresh();
    const [found] = await months.search({ size: 1, query: { ids: { values: [id] } } });
    return found && alertOf(found);
  }

  async latest(group: GroupKey): Promise<AlertRecord | undefined> {
    for (const place of await this.#parts.places.of(group)) {
      const found = await this.#at(place);
      if (found !== undefined) {
        // A fold that finds nothing to change writes nothing: what a crash left undone is done here.
        await this.#finish(place, found);
        return alertOf(found);
      }
    }
    return undefined;
  }

  async compareAndSet(alert: AlertRecord): Promise<boolean> {
    return alert.version === 0 ? this.#create(alert) : this.#replace(alert);
  }

  async list(
    filter: AlertFilter,
    after: number,
    limit: number,
    descending: boolean,
  ): Promise<readonly (AlertRecord & { number: number })[]> {
    const { months, numbers, patternsOf } = this.#parts;
    const { indicator } = filter;
    const patterns = indicator === undefined ? undefined : await patternsOf(indicator);
    const page = { after, limit, descending };
    return listAlerts(months, numbers, filtersOf(filter, patterns), page);
  }

  async count(): Promise<number> {
    await this.#parts.months.refresh();
    return this.#parts.months.count();
  }

  async #create(alert: AlertRecord): Promise<boolean> {
    const { months, places, numbers } = this.#parts;
    const month = await months.at(alert.createdAt);
    let place = await places.take(alert, month);
    let found = await months.read(place.index, place.id);
    if (found === "no-index") {
      // A place is taken in a month that is there, so this one was deleted, and the alert with it.
      await numbers.forget(alert.id);
      months.forget(place.index);
      place = await places.move(alert, place.index, await months.at(alert.createdAt));
      found = await months.read(place.index, place.id);
    }
    if (typeof found === "object") {
      await this.#finish(place, found);
      return false;
    }
    const written = await this.#write("create", place, alert, undefined, undefined);
    if (written === undefined) {
      return false;
    }
    const number = await numbers.assign(alert.id);
    // Where the alert has been written again since, its number is in it.
    await this.#write("index", place, alert, number, written);
    return true;
  }

  async #replace(alert: AlertRecord): Promise<boolean> {
    const all = await this.#parts.places.of(alert.group);
    const place = all.find(({ generation }) => generation === alert.generation);
    if (place === undefined) {
      return false;
    }
    const found = await this.#at(place);
    if (found === undefined || alertOf(found).version !== alert.version) {
      return false;
    }
    const number = numberIn(found) ?? (await this.#parts.numbers.assign(alert.id));
    return (await this.#write("index", place, alert, number, found)) !== undefined;
  }

  /** Gives an alert its number where whoever made it did not come to it. */
  async #finish(place: AlertPlace, found: Document): Promise<void> {
    if (numberIn(found) === undefined) {
      const alert = alertOf(found);
      const number = await this.#parts.numbers.assign(alert.id);
      const before = { ...alert, version: alert.version - 1 };
      await this.#write("index", place, before, number, found);
    }
  }

  async #at(place: AlertPlace): Promise<Document | undefined> {
    const found = await this.#parts.months.read(place.index, place.id);
    return typeof found === "object" ? found : undefined;
  }

  /** Writes an alert with its version raised; undefined where another was first. */
  async #write(
    action: "create" | "index",
    { index, id }: AlertPlace,
    alert: AlertRecord,
    number: number | undefined,
    onlyAt: Version | undefined,
  ): Promise<Version | undefined> {
    const raised = { ...alert, version: alert.version + 1 };
    const context = await this.#parts.contexts.of(alert.group.patternKey);
    const source = alertDocument(raised, number, context);
    const written = await this.#parts.months.write({ index, id, action, source, onlyAt });
    return written.outcome === "written" ? written : undefined;
  }
}
