import { ServiceError } from "../core/errors.ts";
import type { AlertFilter } from "../core/records.ts";
import { describeAlerts } from "./alerts.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { ApiRequest } from "./endpoint.ts";
import { SharedReads } from "./shared-reads.ts";

/** How often it is looked for what is new. */
export const LOOK_MS = 1000;
/** How long a key that was good is taken to be so. */
const KEY_MS = 5000;
/** A little less than between two looks: timers are early at times, and a look must not get the page of the one before. */
const SHARED_MS = 900;
const PAGE = 100;
const MOST_STREAMS = 2000;

export interface TailPage {
  /** Events as they are sent; "" where there is nothing new. */
  readonly text: string;
  /** The number of the last alert in it. */
  readonly last: number;
  readonly isFull: boolean;
}

/** What all streams of a process share: those that stand at one place get one read of the store, made into text once. */
export class AlertTail {
  readonly #deps: ApiDeps;
  readonly #pages = new SharedReads<TailPage>(SHARED_MS);
  readonly #standing = new SharedReads<boolean>(KEY_MS);
  #streams = 0;

  constructor(deps: ApiDeps) {
    this.#deps = deps;
  }

  async newest(): Promise<number> {
    const [newest] = await this.#deps.state.alerts.list({}, 0, 1, true);
    return newest?.number ?? 0;
  }

  async after(filter: AlertFilter, after: number): Promise<TailPage> {
    return this.#pages.get(JSON.stringify([filter, after]), async () => this.#read(filter, after));
  }

  /** Whether who began a stream may still read: no key may outlive its end by a stream. */
  async isStanding({ keyId, session }: Pick<ApiRequest, "keyId" | "session">): Promise<boolean> {
    return this.#standing.get(JSON.stringify([keyId, session]), async () => {
      const { state, now } = this.#deps;
      if (keyId === undefined) {
        return !(await state.apiKeys.any());
      }
      const [key, found] = await Promise.all([
        state.apiKeys.get(keyId),
        session === undefined ? true : state.records.get("session", session),
      ]);
      return (
        found !== undefined &&
        key !== undefined &&
        key.revokedAt === undefined &&
        (key.expiresAt === undefined || key.expiresAt > now())
      );
    });
  }

  /** Refuses one more stream where there are too many. */
  requireRoom(): void {
    if (this.#streams >= MOST_STREAMS) {
      throw new ServiceError("api/too-many-streams", `there are ${MOST_STREAMS} streams`);
    }
  }

  /** Counts a stream until it ends. */
  async *counted(stream: AsyncIterable<string>): AsyncGenerator<string, void> {
    this.#streams += 1;
    try {
      yield* stream;
    } finally {
      this.#streams -= 1;
    }
  }

  async #read(filter: AlertFilter, after: number): Promise<TailPage> {
    const alerts = await this.#deps.state.alerts.list(filter, after, PAGE, false);
    const described = await describeAlerts(this.#deps, alerts);
    // JSON has no bare line break, so one line of data holds an alert.
    const events = described.map(
      (alert, i) => `id: ${alerts[i]?.number}\nevent: alert\ndata: ${JSON.stringify(alert)}\n\n`,
    );
    return {
      text: events.join(""),
      last: alerts.at(-1)?.number ?? after,
      isFull: alerts.length === PAGE,
    };
  }
}
