import express, { Router } from "express";
import { z } from "zod";
import type { ApiDeps } from "./api.ts";
import { fromCursor, toCursor } from "./cursor.ts";
import { handle, parseQuery, Problem } from "./problem.ts";

const page = {
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(100).optional(),
};
const indicatorQuery = z.strictObject({
  feed: z.string().max(300).optional(),
  id: z.string().max(300).optional(),
  ...page,
});
const importQuery = z.strictObject(page);
const uploadQuery = z.strictObject({ name: z.string().min(1).max(200) });

/** `/indicators` and `/imports`: what the feeds said, and what became of each entry. */
export function feedRoutes({ state, importFile, maxBodyBytes }: ApiDeps): Router {
  const router = Router();
  router.get(
    "/indicators",
    handle(async (request, response) => {
      const { limit, cursor, feed, id } = parseQuery(indicatorQuery, request.query);
      const filter = {
        ...(feed === undefined ? {} : { feed }),
        ...(id === undefined ? {} : { id }),
      };
      const indicators = await state.indicators.list(filter, fromCursor(cursor), limit);
      const last = indicators.length === limit ? indicators.at(-1)?.number : undefined;
      response.json({ indicators, next: toCursor(last) });
    }),
  );
  router.get(
    "/imports",
    handle(async (request, response) => {
      const { limit, cursor } = parseQuery(importQuery, request.query);
      const imports = await state.imports.list(fromCursor(cursor), limit);
      const last = imports.length === limit ? imports.at(-1)?.number : undefined;
      response.json({
        imports: imports.map(({ entries, ...rest }) => ({ ...rest, entries: entries.length })),
        next: toCursor(last),
      });
    }),
  );
  router.get(
    "/imports/:id",
    handle(async (request, response) => {
      const found = await state.imports.get(String(request.params["id"]));
      if (found === undefined) {
        throw new Problem(404, "api/not-found", "no import with this id");
      }
      response.json(found);
    }),
  );
  router.post(
    "/imports",
    express.raw({ type: () => true, limit: maxBodyBytes }),
    handle(async (request, response) => {
      const { name } = parseQuery(uploadQuery, request.query);
      const body: unknown = request.body;
      const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      const record = await importFile(name, bytes);
      response.status(record.state === "done" ? 200 : 422).json(record);
    }),
  );
  return router;
}
