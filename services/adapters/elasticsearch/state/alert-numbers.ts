import type { StateIndex } from "./state-index.ts";
import { NumberedLog } from "./numbered-log.ts";

/**
 * The order in which alerts were made. Months have sequence numbers of their own, so alerts are numbered in a log
 * beside them: a document an alert, created once the alert stands, and its sequence number is the alert's number. Since
 * the alert is there first, a number below the safe bound never turns up later: pages lose none.
 */
export class AlertNumbers {
  readonly #index: StateIndex;
  readonly #log: NumberedLog;

  constructor(index: StateIndex, keeper: StateIndex) {
    this.#index = index;
    this.#log = new NumberedLog(index, keeper, "alerts");
  }

  /** Gives an alert its number, or the one that it has. */
  async assign(id: string): Promise<number> {
    const base = await this.#log.base();
    const [written] = await this.#index.write([{ id, action: "create", source: {} }]);
    const seqNo =
      written?.outcome === "written" ? written.seqNo : (await this.#index.readOne(id))?.seqNo;
    return seqNo === undefined ? this.assign(id) : base + seqNo + 1;
  }

  /** Takes back the number of an alert whose month was deleted, so that it gets a new one. */
  async forget(id: string): Promise<void> {
    await this.#index.write([{ id, action: "delete" }]);
  }

  /** The numbers of those that have one. */
  async of(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const base = await this.#log.base();
    const found = await this.#index.read(ids);
    return new Map([...found].map(([id, { seqNo }]) => [id, base + seqNo + 1]));
  }

  /** Every number up to here is given, and its alert stands. */
  async bound(): Promise<number> {
    return this.#log.boundUnseen();
  }
}
