/** What the API's keys ask of a state. */
import type { State } from "../../services/core/ports.ts";
import { apiKey, type StateCase } from "./state-records.ts";

const WHOLE = apiKey("w", {
  scopes: ["read", "admin"],
  expiresAt: 1_900_000_000_000,
  lastUsedAt: 0,
  revokedAt: 7,
});

async function uses(state: State, ...times: readonly number[]) {
  for (const at of times) {
    await state.apiKeys.touch("a", at);
  }
  return (await state.apiKeys.get("a"))?.lastUsedAt;
}

export const ACCESS_CASES: readonly StateCase[] = [
  {
    name: "keys: none at first; one that is revoked and expired counts for ever",
    run: async (s) => {
      const before = await s.apiKeys.any();
      await s.apiKeys.add(apiKey("a", { expiresAt: 0 }));
      await s.apiKeys.revoke("a", 1);
      return [before, await s.apiKeys.any()];
    },
    want: [false, true],
  },
  {
    name: "keys: given back whole, in the order of adding",
    run: async (s) => {
      await s.apiKeys.add(WHOLE);
      await s.apiKeys.add(apiKey("a"));
      return [await s.apiKeys.list(), await s.apiKeys.get("w"), await s.apiKeys.get("none")];
    },
    want: [[WHOLE, apiKey("a")], WHOLE, undefined],
  },
  {
    name: "keys: an id that is taken is refused, and the first stays",
    run: async (s) => [
      await s.apiKeys.add(apiKey("a")),
      await s.apiKeys.add(apiKey("a", { name: "other", hash: "1".repeat(64) })),
      await s.apiKeys.list(),
    ],
    want: [true, false, [apiKey("a")]],
  },
  {
    name: "keys: revoked once, keeping the first time; others are left alone",
    run: async (s) => {
      await s.apiKeys.add(apiKey("a"));
      await s.apiKeys.add(apiKey("b"));
      const told = [await s.apiKeys.revoke("a", 5), await s.apiKeys.revoke("a", 9)];
      return [told, await s.apiKeys.revoke("none", 1), await s.apiKeys.list()];
    },
    want: [[true, true], false, [apiKey("a", { revokedAt: 5 }), apiKey("b")]],
  },
  {
    name: "keys: the last use never moves back, nor to another key",
    run: async (s) => {
      await s.apiKeys.add(apiKey("a"));
      await s.apiKeys.add(apiKey("b"));
      await s.apiKeys.touch("none", 1);
      return [await uses(s, 5), await uses(s, 9, 7), (await s.apiKeys.get("b"))?.lastUsedAt];
    },
    want: [5, 9, undefined],
  },
];
