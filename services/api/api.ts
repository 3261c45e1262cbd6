import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import compression from "compression";
import express, { type Express, type Request, type RequestHandler, type Response } from "express";
import { Access } from "../core/access/access.ts";
import { ServiceError } from "../core/errors.ts";
import { keepChange } from "./audit.ts";
import { AlertTail } from "./alert-tail.ts";
import { answerPoll } from "./answer-poll.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { ApiAnswer, Endpoint } from "./endpoint.ts";
import { serveConsole } from "./console-page.ts";
import { makeGate, type Gate } from "./gate.ts";
import { refuseForeignHosts, refuseForeignOrigins, setSafeHeaders } from "./guards.ts";
import { PolledAnswers } from "./polled-answers.ts";
import { answerProblems, refuseOtherMethods, refuseUnknownPath } from "./problem.ts";
import { limitRequests } from "./rate-limit.ts";
import { routes as allRoutes, type Route } from "./routes.ts";

export type { ApiDeps } from "./api-deps.ts";

/** Makes the HTTP API, or a part of it. While there are no keys it answers this machine alone. */
export function makeApi(deps: ApiDeps, routes: readonly Route[] = allRoutes): Express {
  const app = express();
  app.disable("x-powered-by");
  // What is polled for has its own; of the rest nothing may be kept by a client.
  app.disable("etag");
  const answers = new PolledAnswers(deps.answerMs);
  const tail = new AlertTail(deps);
  const access = new Access({
    apiKeys: deps.state.apiKeys,
    secrets: deps.keySecrets,
    now: deps.now,
  });
  const open = new Set(routes.filter(({ scope }) => scope === "open").map(({ path }) => path));
  const gate = makeGate(deps, access, open);
  app.use(
    setSafeHeaders,
    // All that is answered is text; by its own list of media types NDJSON would be left out. Of a stream it would keep events back.
    compression({ filter: (_req, res) => !isStream(res.getHeader("Content-Type")) }),
    // The page holds no secret: whoever may not ask the API sees a form for a key.
    serveConsole(deps.console),
    refuseForeignHosts(access, open),
    refuseForeignOrigins,
    gate.authenticate,
    limitRequests(deps.requestsPerMinute, gate, open),
  );
  const readBody = express.raw({ type: () => true, limit: deps.maxBodyBytes });
  for (const [path, endpoints] of Map.groupBy(routes, (route) => route.path)) {
    const route = app.route(path);
    for (const endpoint of endpoints) {
      const { method, scope } = endpoint;
      // Before the body: who may not write need not send it.
      const allowed = scope === "open" ? [] : [gate.require(scope)];
      const read = method === "post" ? [refuseForms, readBody] : [];
      route[method](...allowed, ...read, handle(deps, gate, { answers, tail }, endpoint));
    }
    route.all(refuseOtherMethods(endpoints.map(({ method }) => method)));
  }
  app.use(refuseUnknownPath);
  app.use(answerProblems(deps));
  return app;
}

function handle(
  deps: ApiDeps,
  gate: Gate,
  { answers, tail }: { readonly answers: PolledAnswers; readonly tail: AlertTail },
  endpoint: Endpoint,
): RequestHandler {
  const { answer, isPolled } = endpoint;
  return async (req, res) => {
    const { id } = req.params;
    const body: unknown = req.body;
    const caller = gate.callerOf(req);
    const request = {
      id: typeof id === "string" ? id : "",
      query: req.query,
      body: body instanceof Uint8Array ? body : new Uint8Array(),
      keyId: caller?.keyId,
      scopes: caller?.scopes ?? [],
      session: caller?.session,
      // Whoever lies about the proxy's header makes a cookie of their own stricter, no more.
      isEncrypted: req.secure || req.get("X-Forwarded-Proto") === "https",
      lastEventId: req.get("Last-Event-ID"),
      tail,
      mayKnow: async () => gate.mayKnow(req),
    };
    if (isPolled === true) {
      const make = async (): Promise<unknown> => (await answer(deps, request)).body;
      await answerPoll(req, res, async () => answers.get(req.originalUrl, make));
      return;
    }
    const answered = await answer(deps, request);
    if (endpoint.method !== "get" && (endpoint.isChange?.(request.query) ?? true)) {
      answers.clear();
      await keepChange(deps, endpoint, request);
    }
    await send(req, res, answered);
  };
}

async function send(
  req: Request,
  res: Response,
  { status, body, type, filename, headers = {} }: ApiAnswer,
): Promise<void> {
  res.status(status).set(headers);
  if (filename !== undefined) res.attachment(filename);
  if (type === undefined) {
    res.json(body);
    return;
  }
  res.set("Content-Type", type);
  if (!isParts(body)) {
    res.send(body);
    return;
  }
  if (req.method === "HEAD") {
    res.end();
    return;
  }
  try {
    await pipeline(Readable.from(body), res);
  } catch (error) {
    // A client that goes away in the middle is no failure of ours.
    if (!isPrematureClose(error)) throw error;
  }
}

function isStream(type: unknown): boolean {
  return typeof type === "string" && type.startsWith("text/event-stream");
}

function isParts(body: unknown): body is AsyncIterable<string> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

function isPrematureClose(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE";
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
