import { z } from "zod";
import { ServiceError } from "../../../core/errors.ts";
import { SafeLog } from "./safe-log.ts";
import type { StateIndex } from "./state-index.ts";

/** Numbers of one epoch: more writes than a shard can take (2³¹ documents) with all its updates. */
const EPOCH = 2 ** 40;

const epochShape = z.object({ identity: z.string(), epoch: z.number() });
type Epoch = z.infer<typeof epochShape>;

/**
 * A log whose numbers others keep: ledger pieces hold revisions, bookmarks hold match numbers. A number is
 * epoch × 2⁴⁰ + sequence number + 1. When the log's identity changes (restored, deleted and made again) or it was cut,
 * sequence numbers are handed out a second time; then the epoch rises, so that every number of the new log is higher
 * than every one that was ever kept. With that the ledger is void without being touched: all its pieces lie below
 * every pattern's revision, and all is swept again; a bookmark lies before every match, and all is folded again.
 * The epoch stands in `keeper`, the index of those who keep the numbers: they are lost or restored together.
 */
export class NumberedLog {
  readonly #keeper: StateIndex;
  readonly #log: SafeLog;
  readonly #id: string;
  #epoch: Epoch | undefined;

  constructor(index: StateIndex, keeper: StateIndex, name: string) {
    this.#keeper = keeper;
    this.#log = new SafeLog(index);
    this.#id = `epoch:${name}`;
  }

  /** Takes the bound; a search shows every write with a number up to it. */
  async bound(): Promise<number> {
    return this.#settle(await this.#log.look());
  }

  /** Takes the bound of a log that is read by id alone. */
  async boundUnseen(): Promise<number> {
    return this.#settle(await this.#log.lookUnseen());
  }

  /** The number before the first of the present epoch. */
  async base(): Promise<number> {
    if (this.#epoch === undefined) {
      await this.boundUnseen();
    }
    return (this.#epoch?.epoch ?? 0) * EPOCH;
  }

  /** Fails if the log was replaced since its base was taken: what was read may be of another. */
  async confirm(base: number): Promise<void> {
    await this.boundUnseen();
    if ((await this.base()) !== base) {
      throw new ServiceError("store/partition-unreadable", "a log was replaced while it was read", {
        retryable: true,
        facts: { log: this.#id },
      });
    }
  }

  async #settle(look: {
    readonly identity: string;
    readonly through: number;
    readonly isCut: boolean;
  }): Promise<number> {
    if (this.#epoch?.identity !== look.identity || look.isCut) {
      this.#epoch = await this.#agree(look.identity, look.isCut ? this.#epoch : undefined);
    }
    return this.#epoch.epoch * EPOCH + look.through;
  }

  /** Finds the epoch of an identity, or begins one; `ended` is one that a cut has ended. */
  async #agree(identity: string, ended: Epoch | undefined): Promise<Epoch> {
    for (;;) {
      const document = await this.#keeper.readOne(this.#id);
      const known = document && epochShape.parse(JSON.parse(String(document.source["record"])));
      if (known?.identity === identity && known.epoch !== ended?.epoch) {
        return known;
      }
      const next: Epoch = { identity, epoch: known === undefined ? 0 : known.epoch + 1 };
      const isFirst = await this.#keeper.writeOne({
        id: this.#id,
        action: document === undefined ? "create" : "index",
        source: { kind: "epoch", record: JSON.stringify(next) },
        onlyAt: document,
      });
      if (isFirst) {
        return next;
      }
    }
  }
}
