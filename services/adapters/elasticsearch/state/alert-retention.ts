import { z } from "zod";
import type { Clock } from "../../../core/ports.ts";
import type { EngineClient } from "../client.ts";
import { installIlmPolicy, isIlmRunning } from "./ilm-policy.ts";
import { installIsmPolicy, isIsmThere } from "./ism-policy.ts";

export interface RetentionOptions {
  /** The alias of the months, which begins their names. */
  readonly alerts: string;
  readonly days: number;
  readonly now: Clock;
}

/** Who deletes months that are over: the engine's own lifecycle management, or we. */
export type RetentionBy = "ilm" | "ism" | "ourselves";

const DAY_MS = 86_400_000;
/** An index is as old as its first alert; the last one of its month may be this much younger. */
const LONGEST_MONTH_DAYS = 31;
const NO_ANSWER = [400, 401, 403, 404, 405];

const indices = z.record(z.string(), z.unknown());

/**
 * Keeps alerts for so many days, by the month. The engine's lifecycle management does it where it is there and we may
 * use it; otherwise the months are deleted here. Doing it again changes nothing.
 */
export async function retainAlerts(
  client: EngineClient,
  { alerts, days, now }: RetentionOptions,
): Promise<RetentionBy> {
  const policy = { name: `${alerts}-retention`, alerts, ageDays: days + LONGEST_MONTH_DAYS };
  if ((await isIlmRunning(client)) && (await installIlmPolicy(client, policy))) {
    return "ilm";
  }
  if ((await isIsmThere(client)) && (await installIsmPolicy(client, policy))) {
    return "ism";
  }
  const answer = await client.call({
    method: "GET",
    path: `/${encodeURIComponent(alerts)}-*/_settings`,
    query: { flat_settings: true, expand_wildcards: "all" },
    absent: NO_ANSWER,
  });
  const end = now() - days * DAY_MS;
  for (const index of Object.keys(indices.parse(answer ?? {}))) {
    const over = endOfMonth(index.slice(alerts.length + 1));
    if (over !== undefined && over <= end) {
      await client.call({ method: "DELETE", path: `/${encodeURIComponent(index)}`, absent: [404] });
    }
  }
  return "ourselves";
}

/** When the month that an index's name ends with is over; undefined for a name of another form. */
function endOfMonth(text: string): number | undefined {
  const [, year, month] = /^(\d{4})\.(0[1-9]|1[0-2])$/.exec(text) ?? [];
  return year === undefined ? undefined : Date.UTC(Number(year), Number(month), 1);
}
