import { z } from "zod";
import type { IndicatorRecord } from "../core/records.ts";
import { endpoint } from "./endpoint.ts";
import { isoTime } from "./iso-time.ts";
import { paging, text, toPage } from "./query.ts";

const listQuery = z.strictObject({ ...paging, feed: text.optional(), id: text.optional() });

/** Indicators in the order in which they came. */
export const listIndicators = endpoint(
  "get",
  "/api/v1/indicators",
  listQuery,
  async ({ state }, { feed, id, cursor, limit }) => {
    const filter = { ...(feed === undefined ? {} : { feed }), ...(id === undefined ? {} : { id }) };
    const found = await state.indicators.list(filter, cursor, limit + 1);
    const { page, next } = toPage(found, limit);
    return {
      indicators: page.map((indicator) => ({
        ...describeIndicator(indicator),
        description: indicator.description,
        modified: indicator.modified,
        pattern: indicator.pattern,
      })),
      next,
    };
  },
);

/** Makes the JSON of an indicator, without its pattern. */
export function describeIndicator(indicator: IndicatorRecord) {
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
