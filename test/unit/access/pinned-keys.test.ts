import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { keySecrets } from "../../../services/adapters/crypto/key-secrets.ts";
import { openSqliteState } from "../../../services/adapters/sqlite/state.ts";
import { PinnedKeys, pinnedKey } from "../../../services/core/access/pinned-keys.ts";
import { apiKey } from "../../conformance/state-records.ts";

const token = keySecrets.make();
const pinned = pinnedKey(token, keySecrets, () => 5);

let state: ReturnType<typeof openSqliteState>;
let keys: PinnedKeys;

beforeEach(() => {
  state = openSqliteState(":memory:");
  keys = new PinnedKeys(state.apiKeys, pinned);
});
afterEach(() => state.close());

test("the key of the settings is there, may do all, and is never stored", async () => {
  expect(await keys.any()).toBe(true);
  expect(await keys.get(token.id)).toEqual(pinned);
  expect(pinned).toMatchObject({ scopes: ["admin"], createdAt: 5, expiresAt: undefined });
  expect(JSON.stringify(pinned)).not.toContain(token.secret);
  await keys.touch(token.id, 9);
  await keys.touch(token.id, 7);
  expect((await keys.get(token.id))?.lastUsedAt).toBe(9);
  expect(await state.apiKeys.list()).toEqual([]);
});

test("it can't be revoked while it is set, and its id can't be taken", async () => {
  await expect(keys.revoke(token.id, 9)).rejects.toMatchObject({ code: "api/key-in-settings" });
  expect(await keys.add(apiKey(token.id))).toBe(false);
  expect(await keys.get(token.id)).toEqual(pinned);
});

test("it stands before one in the store that has its id, as after a change of hands", async () => {
  await state.apiKeys.add(apiKey(token.id, { revokedAt: 1 }));
  expect(await keys.get(token.id)).toEqual(pinned);
  expect(await keys.list()).toEqual([pinned]);
});

test("the others are the store's", async () => {
  expect(await keys.add(apiKey("a"))).toBe(true);
  await keys.touch("a", 3);
  expect(await keys.revoke("a", 4)).toBe(true);
  expect(await keys.revoke("none", 4)).toBe(false);
  const kept = apiKey("a", { lastUsedAt: 3, revokedAt: 4 });
  expect(await keys.get("a")).toEqual(kept);
  expect(await keys.list()).toEqual([pinned, kept]);
  expect(await state.apiKeys.list()).toEqual([kept]);
});
