/** Who may ask: without keys this machine alone, with keys whoever shows one that has the scope. */
import type { Request, RequestHandler, Response } from "express";
import type { Access, Refusal } from "../core/access/access.ts";
import { allows, type Scope } from "../core/access/scopes.ts";
import { Sessions } from "../core/access/session.ts";
import { ServiceError } from "../core/errors.ts";
import type { ApiKeyRecord } from "../core/records.ts";
import type { ApiDeps } from "./api-deps.ts";
import { FailedAttempts } from "./failed-attempts.ts";
import { isLoopbackHost, refuseForgery } from "./guards.ts";
import { sessionCookie } from "./session-cookie.ts";

/** On whose behalf a request is made. */
export interface Caller {
  /** Undefined while there are no keys. */
  readonly keyId: string | undefined;
  readonly scopes: readonly Scope[];
  /** Id of the session by whose cookie the key is known. */
  readonly session?: string;
}

export interface Gate {
  /** Lets in who may ask at all; whatever is not among the open paths, known or not. */
  readonly authenticate: RequestHandler;
  /** Lets in who may do what needs a scope. */
  readonly require: (scope: Scope) => RequestHandler;
  readonly callerOf: (req: Request) => Caller | undefined;
  /** Whether whoever asks for an open path is on this machine, or shows a good key. */
  readonly mayKnow: (req: Request) => Promise<boolean>;
}

/** Keys stand where what is asked about may be missing: a probe does not wait for them. */
const KEY_MS = 2000;

const HERE: Caller = { keyId: undefined, scopes: ["admin"] };

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

export function makeGate(deps: ApiDeps, access: Access, openPaths: ReadonlySet<string>): Gate {
  const callers = new WeakMap<Request, Caller>();
  const attempts = new FailedAttempts(deps.now);
  const sessions = new Sessions({
    records: deps.state.records,
    apiKeys: deps.state.apiKeys,
    secrets: deps.keySecrets,
    now: deps.now,
  });

  async function identify(req: Request, res: Response): Promise<Caller> {
    // The socket's own address: what a header says of it, anybody may write.
    const address = req.socket.remoteAddress ?? "";
    // The start refuses to listen elsewhere without a key; whoever composes this otherwise is held to it too.
    if ((await access.isOpen()) && LOOPBACK.test(address)) {
      return HERE;
    }
    const token = tokenOf(req);
    const cookie = sessionCookie(req.headers.cookie);
    if (token === undefined && cookie !== undefined) {
      const session = await sessions.find(cookie);
      if (session === undefined) {
        throw refuse(res, address, "session-ended", undefined);
      }
      refuseForgery(req);
      await noteUse(session.key, session.id);
      return { ...callerOfKey(session.key), session: session.id };
    }
    const admission = await access.admit(token);
    if ("refused" in admission) {
      throw refuse(res, address, admission.refused, admission.id);
    }
    const { key } = admission;
    await noteUse(key);
    return callerOfKey(key);
  }

  async function noteUse(key: ApiKeyRecord, session?: string): Promise<void> {
    try {
      await access.noteUse(key);
      if (session !== undefined) await sessions.noteUse(session);
    } catch (error) {
      // A full disk must not keep anybody from reading.
      deps.logger.warn({ err: error, key: key.id }, "the last use of a key could not be noted");
    }
  }

  /**
   * Counts and logs the failure. A good key gets in however many bad ones came from its address before:
   * behind an ingress all clients have one address, and none may lock out the others.
   */
  function refuse(
    res: Response,
    address: string,
    reason: Refusal | "session-ended",
    key: string | undefined,
  ): ServiceError {
    // No `error` parameter (RFC 6750 §3.1): it would tell a missing key from a bad one.
    res.set("WWW-Authenticate", 'Bearer realm="stixsweep"');
    const waitMs = attempts.count(address);
    if (waitMs > 0) {
      res.set("Retry-After", String(Math.ceil(waitMs / 1000)));
      return new ServiceError(
        "api/too-many-attempts",
        "too many requests without a valid API key came from this address",
      );
    }
    deps.logger.warn({ address, reason, key }, "a request without a valid key was refused");
    return new ServiceError(
      "api/unauthorized",
      "this needs a valid API key, as Authorization: Bearer KEY or X-API-Key: KEY",
    );
  }

  return {
    authenticate: async (req, res, next) => {
      if (!openPaths.has(req.path)) {
        callers.set(req, await identify(req, res));
      }
      next();
    },
    require: (scope) => (req, res, next) => {
      const caller = callers.get(req);
      if (caller === undefined || !allows(caller.scopes, scope)) {
        res.set("WWW-Authenticate", `Bearer error="insufficient_scope", scope="${scope}"`);
        throw new ServiceError("api/missing-scope", `this needs an API key with scope ${scope}`);
      }
      next();
    },
    callerOf: (req) => callers.get(req),
    mayKnow: async (req) => {
      // Under a loopback name too: a page that was re-bound to this machine is not of it.
      if (LOOPBACK.test(req.socket.remoteAddress ?? "") && isLoopbackHost(req.headers.host)) {
        return true;
      }
      const token = tokenOf(req);
      const cookie = sessionCookie(req.headers.cookie);
      if (token === undefined && cookie === undefined) {
        return false;
      }
      const isGood = (
        token === undefined && cookie !== undefined
          ? sessions.find(cookie).then((session) => session !== undefined)
          : access.admit(token).then((admission) => "key" in admission)
      ).catch(() => false);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(false), KEY_MS);
      });
      return Promise.race([isGood, late]).finally(() => clearTimeout(timer));
    },
  };
}

function callerOfKey({ id, scopes }: ApiKeyRecord): Caller {
  return { keyId: id, scopes };
}

/** The token of a request: a bearer's, or else `X-API-Key`'s, for clients that can't set the other. */
function tokenOf({ headers }: Request): string | undefined {
  const bearer = /^bearer +(.*)$/i.exec(headers.authorization ?? "")?.[1];
  const own = headers["x-api-key"];
  return bearer ?? (typeof own === "string" ? own : undefined);
}
