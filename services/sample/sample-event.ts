/** How a host's events are written into documents; every host keeps to one. */
export type SampleLayout = "raw" | "ecs" | "wazuh" | "flat";

/** One Sysmon event before any layout: what each layout builder starts from. */
export interface SampleEvent {
  readonly eventId: number;
  /** Fully qualified, as `System.Computer` has it. */
  readonly computer: string;
  readonly recordId: number;
  /** Milliseconds since 1970, the event's UtcTime. */
  readonly time: number;
  /** Sysmon's own fields in Sysmon's order; values as Sysmon writes them. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What a shipper adds around an event. */
export interface Shipping {
  readonly layout: SampleLayout;
  /** The collector's name where the host's events are forwarded, else the host's. */
  readonly collector: string;
  readonly ip: string;
}

/** A document as it stands in a store: the shape of an Elasticsearch hit. */
export interface SampleDocument {
  readonly _id: string;
  readonly _source: Record<string, unknown>;
}

export interface SampleOptions {
  /** Changes names, times and order; never how many events an indicator hits. Default 1. */
  readonly seed?: number;
  /** At least 9: six servers and three workstations. Default 36. */
  readonly hosts?: number;
  /** At least 2: the outbreak is on day 2. Default 3. */
  readonly days?: number;
  /** Midnight UTC of the first day, in milliseconds since 1970. Default Monday 2024-05-13. */
  readonly start?: number;
  /** Multiplies ordinary activity only. Default 1, about 40,000 events in all. */
  readonly scale?: number;
}

/** Options with every default filled in. */
export type SampleSettings = Required<SampleOptions>;

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Fills in the defaults; throws a RangeError where the outbreak would not fit. */
export function sampleSettings(options: SampleOptions = {}): SampleSettings {
  const { seed = 1, hosts = 36, days = 3, start = Date.UTC(2024, 4, 13), scale = 1 } = options;
  if (!Number.isInteger(hosts) || hosts < 9) throw new RangeError("hosts must be 9 or more");
  if (!Number.isInteger(days) || days < 2) throw new RangeError("days must be 2 or more");
  if (!(scale >= 0)) throw new RangeError("scale must be 0 or more");
  return { seed, hosts, days, start, scale };
}

/** Writes a time as Sysmon does: `2024-05-13 08:15:00.123`. */
export function utcTime(time: number): string {
  const iso = new Date(time).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;
}
