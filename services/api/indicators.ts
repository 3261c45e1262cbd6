import { z } from "zod";
import type { IndicatorRecord } from "../core/records.ts";
import { answeredTime, endpoint, list, next } from "./endpoint.ts";
import { isoTime } from "./iso-time.ts";
import { paging, text, toPage } from "./query.ts";

/** An indicator without its pattern. */
export const indicatorAnswer = z
  .strictObject({
    feed: z.string(),
    id: z.string(),
    name: z.string(),
    revoked: z.boolean(),
    confidence: z.number().nullable(),
    validFrom: answeredTime,
    validUntil: answeredTime,
    labels: list(z.string()),
    markings: list(z.string()),
    killChain: list(z.string()),
    context: list(
      z.strictObject({
        relationship: z.string(),
        type: z.string(),
        id: z.string(),
        name: z.string(),
      }),
    ),
    notes: list(z.string()),
  })
  .meta({ id: "Indicator" });

const wholeIndicator = indicatorAnswer.extend({
  description: z.string(),
  modified: z.string(),
  pattern: z.string(),
});

export const listIndicators = endpoint({
  method: "get",
  path: "/api/v1/indicators",
  summary: "Lists indicators in the order in which they came.",
  query: z.strictObject({ ...paging, feed: text.optional(), id: text.optional() }),
  answers: z.strictObject({ indicators: list(wholeIndicator), next }),
  handle: async ({ state }, { query: { feed, id, cursor, limit } }) => {
    const filter = { ...(feed === undefined ? {} : { feed }), ...(id === undefined ? {} : { id }) };
    const found = await state.indicators.list(filter, cursor, limit + 1);
    const paged = toPage(found, limit);
    return {
      indicators: paged.page.map((indicator) => ({
        ...describeIndicator(indicator),
        description: indicator.description,
        modified: indicator.modified,
        pattern: indicator.pattern,
      })),
      next: paged.next,
    };
  },
});

/** Makes the JSON of an indicator, without its pattern. */
export function describeIndicator(indicator: IndicatorRecord): z.input<typeof indicatorAnswer> {
  return {
    feed: indicator.feed,
    id: indicator.id,
    name: indicator.name,
    revoked: indicator.revoked,
    confidence: indicator.confidence ?? null,
    validFrom: isoTime(indicator.validFrom),
    validUntil: isoTime(indicator.validUntil),
    labels: indicator.labels,
    markings: indicator.markings,
    killChain: indicator.killChain,
    context: indicator.context,
    notes: indicator.notes,
  };
}
