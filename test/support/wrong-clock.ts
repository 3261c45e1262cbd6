/** A clock that can be wrong, for what asks `Date` itself. */
const RealDate = Date;
let offset = 0;

class WrongDate extends RealDate {
  constructor(...args: readonly unknown[]) {
    super(...((args.length === 0 ? [RealDate.now() + offset] : args) as [number]));
  }
  static override now(): number {
    return RealDate.now() + offset;
  }
}

/** Puts the clock so many milliseconds ahead of what it is; 0: it is right again. */
export function setClockOff(ms: number): void {
  offset = ms;
  globalThis.Date = ms === 0 ? RealDate : (WrongDate as DateConstructor);
}
