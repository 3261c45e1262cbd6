import { z } from "zod";
import { addKey } from "../core/access/access.ts";
import { SCOPES } from "../core/access/scopes.ts";
import { ServiceError } from "../core/errors.ts";
import type { ApiKeyRecord } from "../core/records.ts";
import { answeredTime, endpoint, list } from "./endpoint.ts";
import { isoTime } from "./iso-time.ts";
import { QueryError } from "./problem.ts";
import { label, time, word } from "./query.ts";

/** What is asked for with a new key. */
export const newKey = z.strictObject({
  name: label,
  scopes: z
    .array(word(...SCOPES), "must be a list of scopes")
    .min(1, "must have at least one scope")
    .transform((scopes) => SCOPES.filter((scope) => scopes.includes(scope))),
  expiresAt: time.optional(),
});

/** A key as clients see it: neither secret nor hash. */
const keyAnswer = z.strictObject({
  id: z.string(),
  name: z.string(),
  scopes: list(z.enum(SCOPES)),
  createdAt: answeredTime,
  expiresAt: answeredTime,
  lastUsedAt: answeredTime,
  revokedAt: answeredTime,
});
export type KeyDescription = z.input<typeof keyAnswer>;

/** Makes the JSON of a key. */
export function describeKey(key: ApiKeyRecord): KeyDescription {
  return {
    id: key.id,
    name: key.name,
    scopes: key.scopes,
    createdAt: isoTime(key.createdAt),
    expiresAt: isoTime(key.expiresAt),
    lastUsedAt: isoTime(key.lastUsedAt),
    revokedAt: isoTime(key.revokedAt),
  };
}

export const postKey = endpoint({
  method: "post",
  path: "/api/v1/keys",
  summary: "Makes a key; its token is in this answer and in no other.",
  body: newKey,
  status: 201,
  answers: keyAnswer.extend({ token: z.string() }),
  handle: async (
    { state, keySecrets, now, logger },
    { body: { name, scopes, expiresAt }, keyId },
  ) => {
    if (expiresAt !== undefined && expiresAt <= now()) {
      const message = "must be in the future";
      throw new QueryError([{ parameter: "expiresAt", message }], "api/invalid-body");
    }
    if (!scopes.includes("admin") && !(await state.apiKeys.any())) {
      throw new ServiceError(
        "api/first-key",
        "the first key must have scope admin: once there is one, only such a key can add others",
      );
    }
    const deps = { apiKeys: state.apiKeys, secrets: keySecrets, now };
    const { key, token } = await addKey(deps, { name, scopes, expiresAt });
    logger.info({ key: key.id, scopes, by: keyId }, "an API key was added");
    return { ...describeKey(key), token };
  },
});

export const listKeys = endpoint({
  method: "get",
  path: "/api/v1/keys",
  summary: "Lists all keys, revoked and expired ones too.",
  answers: z.strictObject({ keys: list(keyAnswer) }),
  handle: async ({ state }) => ({ keys: (await state.apiKeys.list()).map(describeKey) }),
});

export const deleteKey = endpoint({
  method: "delete",
  path: "/api/v1/keys/:id",
  summary: "Revokes a key, which stays in the list; a second time changes nothing.",
  answers: keyAnswer,
  handle: async ({ state, now, logger }, { id, keyId }) => {
    const isKnown = await state.apiKeys.revoke(id, now());
    const key = isKnown ? await state.apiKeys.get(id) : undefined;
    if (key === undefined) {
      throw new ServiceError("api/not-found", "there is no such key");
    }
    logger.info({ key: id, by: keyId }, "an API key was revoked");
    return describeKey(key);
  },
});
