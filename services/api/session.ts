/** Sessions: what a browser has instead of a key, so that no script and no storage of it ever holds one. */
import { z } from "zod";
import { SCOPES } from "../core/access/scopes.ts";
import { Sessions } from "../core/access/session.ts";
import type { ApiDeps } from "./api-deps.ts";
import { endpoint, list, type ApiRequest, type Endpoint } from "./endpoint.ts";
import { writeSessionCookie } from "./session-cookie.ts";

const sessionAnswer = z.strictObject({
  /** Null while there are no keys. */
  key: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
  scopes: list(z.enum(SCOPES)),
  /** Whether a session's cookie showed it. */
  session: z.boolean(),
});

export const getSession = endpoint({
  method: "get",
  path: "/api/v1/session",
  summary: "Says who asks, and what they may do.",
  answers: sessionAnswer,
  handle: async (deps, request) => whoAsks(deps, request),
});

/** The key is shown as for any other request, so it is held to the same rules. */
export const postSession: Endpoint = {
  method: "post",
  path: "/api/v1/session",
  summary:
    "Begins a session of the key that is shown: an HttpOnly cookie, good for 12 hours without use and 7 days at most.",
  query: z.strictObject({}),
  status: 200,
  answers: sessionAnswer,
  answer: async (deps, request) => {
    const key = request.keyId === undefined ? undefined : await deps.state.apiKeys.get(request.keyId); // prettier-ignore
    const body = await whoAsks(deps, request);
    if (key === undefined || request.session !== undefined) {
      // Without keys there is nothing to remember; a session does not beget another.
      return { status: 200, body };
    }
    const cookie = writeSessionCookie(await sessionsOf(deps).begin(key), request.isEncrypted);
    deps.logger.info({ key: key.id }, "a session began");
    return { status: 200, body: { ...body, session: true }, headers: { "Set-Cookie": cookie } };
  },
};

export const deleteSession: Endpoint = {
  method: "delete",
  path: "/api/v1/session",
  summary: "Ends the session by which it is asked.",
  query: z.strictObject({}),
  status: 200,
  answers: z.strictObject({ ended: z.boolean() }),
  answer: async (deps, { session, keyId, isEncrypted }) => {
    const ended = session !== undefined && (await sessionsOf(deps).end(session));
    deps.logger.info({ key: keyId, ended }, "a session was ended");
    const headers = { "Set-Cookie": writeSessionCookie(undefined, isEncrypted) };
    return { status: 200, body: { ended }, headers };
  },
};

function sessionsOf({ state, keySecrets, now }: ApiDeps): Sessions {
  const { records, apiKeys } = state;
  return new Sessions({ records, apiKeys, secrets: keySecrets, now });
}

async function whoAsks(
  { state }: ApiDeps,
  { keyId, scopes, session }: Pick<ApiRequest, "keyId" | "scopes" | "session">,
): Promise<z.input<typeof sessionAnswer>> {
  const key = keyId === undefined ? undefined : await state.apiKeys.get(keyId);
  return {
    key: key === undefined ? null : { id: key.id, name: key.name },
    scopes,
    session: session !== undefined,
  };
}
