/** What a webhook is told of an alert. */
import type { AlertRecord, IndicatorRecord } from "../records.ts";
import type { Webhook } from "./webhook.ts";

const MOST_INDICATORS = 20;

/** An alert for people and programs that know nothing else of it. */
export function alertMessage(
  alert: AlertRecord,
  pattern: string | undefined,
  indicators: readonly IndicatorRecord[],
): Readonly<Record<string, unknown>> {
  const { id, generation, severity, count, tags, evidence, group } = alert;
  return {
    id,
    generation,
    severity,
    host: group.host,
    value: group.value,
    count,
    tags,
    firstSeen: iso(alert.firstSeen),
    lastSeen: iso(alert.lastSeen),
    createdAt: iso(alert.createdAt),
    pattern: pattern ?? null,
    name: indicators.find(({ name }) => name !== "")?.name ?? pattern ?? "",
    indicators: indicators.slice(0, MOST_INDICATORS).map((one) => ({
      feed: one.feed,
      id: one.id,
      name: one.name,
      confidence: one.confidence ?? null,
      labels: one.labels,
      markings: one.markings,
    })),
    evidence: evidence.map(({ locator, eventId, time, why }) => ({
      event: locator,
      eventId,
      time: iso(time),
      why,
    })),
  };
}

export const TEST_MESSAGE: Readonly<Record<string, unknown>> = {
  id: "test",
  generation: 1,
  severity: "low",
  host: "test.example",
  value: "test",
  count: 1,
  name: "A test of this webhook",
  pattern: null,
  indicators: [],
  evidence: [],
};

/** The body of a request, as the webhook wants it. */
export function bodyOf(
  { format, template }: Webhook,
  type: "alert.raised" | "test",
  timestamp: string,
  alert: Readonly<Record<string, unknown>>,
): string {
  const whole = { type, timestamp, alert };
  if (template !== undefined) {
    return JSON.stringify(filled(JSON.parse(template), whole));
  }
  if (format === "text") {
    const { severity, name, host, value } = alert;
    return JSON.stringify({
      text: oneLine(`[${String(severity)}] ${String(name)} on ${String(host)}: ${String(value)}`),
    });
  }
  return JSON.stringify(whole);
}

/** Fills the places of all texts of a value; places are filled as text, so none can change what stands around it. */
function filled(value: unknown, from: unknown): unknown {
  if (typeof value === "string") {
    return value.replace(/\{\{\s*([\w.]{1,200})\s*\}\}/g, (_, path: string) => textAt(from, path));
  }
  if (Array.isArray(value)) {
    return value.map((one) => filled(one, from));
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, from)]))
    : value;
}

function textAt(from: unknown, path: string): string {
  let value = from;
  for (const key of path.split(".")) {
    value =
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Readonly<Record<string, unknown>>)[key]
        : undefined;
  }
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** Without what would begin a new line, or speak to all of a channel. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/[<>&]/g, " ")
    .replaceAll("@", "@\u200b")
    .slice(0, 1000);
}

function iso(time: number): string | null {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
