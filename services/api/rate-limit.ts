import type { RequestHandler } from "express";
import { ipKeyGenerator, rateLimit } from "express-rate-limit";
import { ServiceError } from "../core/errors.ts";
import type { Gate } from "./gate.ts";

const WINDOW_MS = 60_000;

/**
 * Lets a key, or where there is none an address, ask so many times a minute; 0: as often as it likes. Each process counts
 * for itself. Who may ask at all is asked before, so nobody uses up another's requests.
 */
export function limitRequests(
  perMinute: number,
  gate: Gate,
  openPaths: ReadonlySet<string>,
): RequestHandler {
  if (perMinute === 0) {
    return (_req, _res, next) => next();
  }
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: perMinute,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    keyGenerator: (req) =>
      gate.callerOf(req)?.keyId ?? ipKeyGenerator(req.socket.remoteAddress ?? ""),
    // Probes are never refused.
    skip: (req) => openPaths.has(req.path),
    handler: (_req, _res, next) => {
      next(
        new ServiceError(
          "api/too-many-requests",
          `this key has asked ${perMinute} times within a minute, which is as often as it may`,
        ),
      );
    },
  });
}
