import express, { Router } from "express";
import { z } from "zod";
import type { ApiDeps } from "./api.ts";
import { handle, parseQuery } from "./problem.ts";

const query = z.strictObject({ source: z.string().min(1).max(200).default("upload") });

/** `/events`: a log as NDJSON; answered once its events are on disk. */
export function eventRoutes({ addEvents, maxBodyBytes }: ApiDeps): Router {
  const router = Router();
  router.post(
    "/events",
    express.text({ type: () => true, limit: maxBodyBytes, defaultCharset: "utf-8" }),
    handle(async (request, response) => {
      const { source } = parseQuery(query, request.query);
      const body: unknown = request.body;
      response.json(await addEvents(source, typeof body === "string" ? body : ""));
    }),
  );
  return router;
}
