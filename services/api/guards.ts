/**
 * Keeps foreign web pages out. Without keys the API listens on loopback, but so far reaches the browser too:
 * a page can post to 127.0.0.1, and a page whose name is re-bound to 127.0.0.1 can read the answers.
 *
 * With keys both are harmless: a key is in no cookie, so no browser adds it to what a foreign page sends, and
 * there is nothing to forge (CSRF). Names are then the operator's affair, an ingress has its own. Origins are
 * still checked on writes, since no program but a browser sends one, and only our own pages may write. The cookie of
 * a session is added by the browser, so writes by it must come from the very page that we sent, and say so.
 */
import type { Request, RequestHandler } from "express";
import type { Access } from "../core/access/access.ts";
import { ServiceError } from "../core/errors.ts";

const LOOPBACK = String.raw`(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?`;
const LOOPBACK_HOST = new RegExp(`^${LOOPBACK}$`, "i");
const LOOPBACK_ORIGIN = new RegExp(`^https?://${LOOPBACK}$`, "i");

/** Whether a request names this machine as the one that it is for. */
export function isLoopbackHost(host: string | undefined): boolean {
  return LOOPBACK_HOST.test(host ?? "");
}

/**
 * Refuses, without keys, a `Host` that is not loopback: the name in it is what a re-bound page was loaded from. Open
 * paths are answered under any name: probes call a process by its address, and whether one lives is no secret.
 */
export function refuseForeignHosts(access: Access, openPaths: ReadonlySet<string>): RequestHandler {
  return async (req, _res, next) => {
    const isBound = isLoopbackHost(req.headers.host) || openPaths.has(req.path);
    if (!isBound && (await access.isOpen())) {
      throw new ServiceError(
        "api/foreign-host",
        "without API keys the Host header must be localhost, 127.x.x.x or [::1], with any port",
      );
    }
    next();
  };
}

/** Refuses writes that a foreign page sends; reads are kept from it by the browser, as no CORS header allows them. */
export const refuseForeignOrigins: RequestHandler = (req, _res, next) => {
  const { origin, host } = req.headers;
  const reads = req.method === "GET" || req.method === "HEAD";
  if (!reads && origin !== undefined && !LOOPBACK_ORIGIN.test(origin) && !isSame(origin, host)) {
    throw new ServiceError(
      "api/foreign-origin",
      "the Origin header must be a loopback address or name the same host as the Host header",
    );
  }
  next();
};

/**
 * Refuses a write by a session's cookie that our own page did not send. A page of another origin can set no header
 * of its own without asking first (CORS), and is never allowed to; `SameSite` alone would let in other ports of this host.
 */
export function refuseForgery(req: Request): void {
  if (req.method === "GET" || req.method === "HEAD") {
    return;
  }
  const { origin, host } = req.headers;
  const isOurs = origin === undefined ? req.get("Sec-Fetch-Site") === "same-origin" : isSame(origin, host); // prettier-ignore
  if (!isOurs || req.get("X-Stixsweep") !== "console") {
    throw new ServiceError(
      "api/foreign-origin",
      "a change by a session must come from the console's own page, with the header X-Stixsweep: console",
    );
  }
}

/** Whether a page was loaded from the host that it now writes to. A re-bound page was too, but has no key. */
function isSame(origin: string, host: string | undefined): boolean {
  return host !== undefined && /^https?:\/\/(.+)$/i.exec(origin)?.[1] === host.toLowerCase();
}

export const setSafeHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    "Cache-Control": "no-store",
    // Nothing that is answered is a page, but for one that has a policy of its own.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
  });
  next();
};
