import { z } from "zod";
import { addKey } from "../core/access/access.ts";
import { SCOPES } from "../core/access/scopes.ts";
import { ServiceError } from "../core/errors.ts";
import type { ApiKeyRecord } from "../core/records.ts";
import { readBody } from "./body.ts";
import { endpoint } from "./endpoint.ts";
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
export type KeyDescription = ReturnType<typeof describeKey>;

/** Makes the JSON of a key. */
export function describeKey(key: ApiKeyRecord) {
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

/** Makes a key; its token is in this answer and in no other. */
export const postKey = endpoint(
  "post",
  "/api/v1/keys",
  z.strictObject({}),
  async ({ state, keySecrets, now, logger }, _query, { body, keyId }) => {
    const { name, scopes, expiresAt } = readBody(newKey, body);
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
  201,
);

export const listKeys = endpoint("get", "/api/v1/keys", z.strictObject({}), async ({ state }) => ({
  keys: (await state.apiKeys.list()).map(describeKey),
}));

/** Revokes a key; a second time changes nothing. It stays in the list. */
export const deleteKey = endpoint(
  "delete",
  "/api/v1/keys/:id",
  z.strictObject({}),
  async ({ state, now, logger }, _query, { id, keyId }) => {
    const isKnown = await state.apiKeys.revoke(id, now());
    const key = isKnown ? await state.apiKeys.get(id) : undefined;
    if (key === undefined) {
      throw new ServiceError("api/not-found", "there is no such key");
    }
    logger.info({ key: id, by: keyId }, "an API key was revoked");
    return describeKey(key);
  },
);
