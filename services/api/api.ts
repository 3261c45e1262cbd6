import express, { type Express } from "express";
import type { EventStore, State } from "../core/ports.ts";
import type { ImportRecord } from "../core/records.ts";
import { alertRoutes } from "./alerts.ts";
import { coverageRoutes } from "./coverage.ts";
import { eventRoutes } from "./events.ts";
import { feedRoutes } from "./feeds.ts";
import { loopbackOnly } from "./guards.ts";
import { answerProblem, Problem } from "./problem.ts";

export interface ApiDeps {
  readonly state: State;
  readonly events: EventStore;
  readonly semantics: number;
  /** Why the service is not ready; empty when it is. */
  readonly ready: () => readonly string[];
  readonly importFile: (name: string, bytes: Uint8Array) => Promise<ImportRecord>;
  readonly addEvents: (source: string, text: string) => Promise<object>;
  readonly maxBodyBytes: number;
  readonly logger: { readonly error: (facts: object, message: string) => void };
}

/** Makes the HTTP API on the ports it is given. */
export function makeApi(deps: ApiDeps): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(loopbackOnly);
  app.get("/healthz", (_request, response) => void response.json({ status: "ok" }));
  app.get("/readyz", (_request, response) => {
    const reasons = deps.ready();
    response
      .status(reasons.length === 0 ? 200 : 503)
      .json({ ready: reasons.length === 0, reasons });
  });
  app.use("/api/v1", alertRoutes(deps), feedRoutes(deps), eventRoutes(deps), coverageRoutes(deps));
  app.use((request) => {
    throw new Problem(404, "api/not-found", `no ${request.method} ${request.path}`);
  });
  app.use(answerProblem((error) => deps.logger.error({ err: error }, "request failed")));
  return app;
}
