import { Router } from "express";
import { z } from "zod";
import type { AlertRecord, IndicatorRecord } from "../core/records.ts";
import type { ApiDeps } from "./api.ts";
import { fromCursor, toCursor } from "./cursor.ts";
import { handle, parseQuery, Problem } from "./problem.ts";

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const query = z.strictObject({
  host: z.string().max(300).optional(),
  indicator: z.string().max(300).optional(),
  status: z.enum(["new", "closed"]).optional(),
  severity: z.enum(["low", "medium", "high"]).optional(),
  since: time.optional(),
  until: time.optional(),
  order: z.enum(["asc", "desc"]).default("desc"),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(100).optional(),
});

/** `/alerts`: pages in order of creation, so that a cursor skips and repeats nothing while alerts arrive. */
export function alertRoutes({ state }: ApiDeps): Router {
  const router = Router();
  router.get(
    "/alerts",
    handle(async (request, response) => {
      const { order, limit, cursor, ...given } = parseQuery(query, request.query);
      const filter = Object.fromEntries(
        Object.entries(given).filter(([, value]) => value !== undefined),
      );
      const page = await state.alerts.list(filter, fromCursor(cursor), limit, order === "desc");
      const alerts = await present(page);
      response.json({
        alerts,
        next: toCursor(page.length === limit ? page.at(-1)?.number : undefined),
      });
    }),
  );
  router.get(
    "/alerts/:id",
    handle(async (request, response) => {
      const alert = await state.alerts.get(String(request.params["id"]));
      if (alert === undefined) {
        throw new Problem(404, "api/not-found", "no alert with this id");
      }
      response.json((await present([alert]))[0]);
    }),
  );
  return router;

  /** Adds the indicators that name each alert's pattern, all in one look-up. */
  async function present(page: readonly AlertRecord[]): Promise<readonly object[]> {
    const keys = [...new Set(page.map((alert) => alert.group.patternKey))];
    const byPattern = Map.groupBy(
      await state.indicators.byPattern(keys),
      (indicator) => indicator.patternKey,
    );
    return page.map((alert) => toJson(alert, byPattern.get(alert.group.patternKey) ?? []));
  }
}

function toJson(alert: AlertRecord, indicators: readonly IndicatorRecord[]): object {
  return {
    id: alert.id,
    status: alert.status,
    severity: alert.severity,
    generation: alert.generation,
    host: alert.group.host,
    value: alert.group.value,
    count: alert.count,
    firstSeen: iso(alert.firstSeen),
    lastSeen: iso(alert.lastSeen),
    createdAt: iso(alert.createdAt),
    updatedAt: iso(alert.updatedAt),
    pattern: indicators[0]?.pattern ?? null,
    indicators: indicators.map((indicator) => ({
      id: indicator.id,
      feed: indicator.feed,
      name: indicator.name,
      confidence: indicator.confidence ?? null,
      markings: indicator.markings,
      context: indicator.context,
    })),
    evidence: alert.evidence.map((match) => ({
      event: match.locator,
      eventId: match.eventId,
      time: iso(match.time),
      layout: match.layout,
      why: match.why,
    })),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
