import type { RequestHandler } from "express";
import { Problem } from "./problem.ts";

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)(?::\d+)?$/i;

/**
 * Without keys the API is for this machine alone. A web page elsewhere could still make a browser here call it:
 * so other names in `Host` (DNS rebinding) and foreign `Origin`s are refused.
 */
export const loopbackOnly: RequestHandler = (request, response, next) => {
  response.set({ "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store" });
  const { host, origin } = request.headers;
  if (host === undefined || !LOOPBACK.test(host)) {
    throw new Problem(403, "api/foreign-host", "the Host header must name this machine");
  }
  if (origin !== undefined && !LOOPBACK.test(origin.replace(/^https?:\/\//, ""))) {
    throw new Problem(403, "api/foreign-origin", "requests from other sites are refused");
  }
  next();
};
