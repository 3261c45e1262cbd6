import express, { type Express, type RequestHandler } from "express";
import { ServiceError } from "../core/errors.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { Endpoint } from "./endpoint.ts";
import { refuseForeignHosts, refuseForeignOrigins, setSafeHeaders } from "./guards.ts";
import { answerProblems, refuseOtherMethods, refuseUnknownPath } from "./problem.ts";
import { routes } from "./routes.ts";

export type { ApiDeps } from "./api-deps.ts";

/** Makes the HTTP API, for a loopback address: it has no keys yet. */
export function makeApi(deps: ApiDeps): Express {
  const app = express();
  app.disable("x-powered-by");
  // Nothing may be kept by a client, so there is nothing to compare either.
  app.disable("etag");
  app.use(setSafeHeaders, refuseForeignHosts, refuseForeignOrigins);
  const readBody = express.raw({ type: () => true, limit: deps.maxBodyBytes });
  for (const [path, endpoints] of Map.groupBy(routes, (route) => route.path)) {
    const route = app.route(path);
    for (const endpoint of endpoints) {
      if (endpoint.method === "get") {
        route.get(handle(deps, endpoint));
      } else {
        route.post(refuseForms, readBody, handle(deps, endpoint));
      }
    }
    route.all(refuseOtherMethods(endpoints.map(({ method }) => method)));
  }
  app.use(refuseUnknownPath);
  app.use(answerProblems(deps));
  return app;
}

function handle(deps: ApiDeps, { answer }: Endpoint): RequestHandler {
  return async (req, res) => {
    const { id } = req.params;
    const body: unknown = req.body;
    const answered = await answer(deps, {
      id: typeof id === "string" ? id : "",
      query: req.query,
      body: body instanceof Uint8Array ? body : new Uint8Array(),
    });
    res.status(answered.status).json(answered.body);
  };
}

/** A form wraps the file in boundaries, which would be read as part of it. Any other type is taken as it is. */
const refuseForms: RequestHandler = (req, _res, next) => {
  if (req.is("multipart/*") !== false && req.is("multipart/*") !== null) {
    throw new ServiceError(
      "api/unsupported-media-type",
      "send the file itself as the body (curl --data-binary @file), not a form",
    );
  }
  next();
};
