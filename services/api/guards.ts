/**
 * Keeps web pages away from an API without keys. It listens on loopback, but so does the browser's reach:
 * a page can post to 127.0.0.1, and a page whose name is re-bound to 127.0.0.1 can read the answers.
 */
import type { RequestHandler } from "express";
import { ServiceError } from "../core/errors.ts";

const LOOPBACK = String.raw`(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?`;
const LOOPBACK_HOST = new RegExp(`^${LOOPBACK}$`, "i");
const LOOPBACK_ORIGIN = new RegExp(`^https?://${LOOPBACK}$`, "i");

/** Refuses a `Host` that is not loopback: the name in it is what a re-bound page was loaded from. */
export const refuseForeignHosts: RequestHandler = (req, _res, next) => {
  if (!LOOPBACK_HOST.test(req.headers.host ?? "")) {
    throw new ServiceError(
      "api/foreign-host",
      "the Host header must be localhost, 127.x.x.x or [::1], with any port",
    );
  }
  next();
};

/** Refuses writes that a foreign page sends; reads are kept from it by the browser, as no CORS header allows them. */
export const refuseForeignOrigins: RequestHandler = (req, _res, next) => {
  const { origin } = req.headers;
  const reads = req.method === "GET" || req.method === "HEAD";
  if (!reads && origin !== undefined && !LOOPBACK_ORIGIN.test(origin)) {
    throw new ServiceError("api/foreign-origin", "the Origin header must be a loopback address");
  }
  next();
};

export const setSafeHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
  });
  next();
};
