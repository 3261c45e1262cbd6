/** Where a creator takes time and chance from: `{ now: () => new Date(), uuid: () => crypto.randomUUID() }`. */
export interface Sources {
  readonly now: () => Date;
  /** Gives a new UUID of version 4. */
  readonly uuid: () => string;
}
