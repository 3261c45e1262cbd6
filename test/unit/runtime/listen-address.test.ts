import { expect, test } from "@jest/globals";
import { openSqliteState } from "../../../services/adapters/sqlite/state.ts";
import { requireKeysBeyondLoopback } from "../../../services/runtime/listen-address.ts";
import { apiKey } from "../../conformance/state-records.ts";

test.each([
  { host: "127.0.0.1", keys: 0, want: "listens" },
  { host: "127.9.8.7", keys: 0, want: "listens" },
  { host: "::1", keys: 0, want: "listens" },
  { host: "localhost", keys: 0, want: "listens" },
  { host: "0.0.0.0", keys: 0, want: "api/keys-required" },
  { host: "::", keys: 0, want: "api/keys-required" },
  { host: "10.0.0.1", keys: 0, want: "api/keys-required" },
  { host: "::ffff:127.0.0.1", keys: 0, want: "api/keys-required" },
  { host: "0.0.0.0", keys: 1, want: "listens" },
])("on $host with $keys keys: $want", async ({ host, keys, want }) => {
  const state = openSqliteState(":memory:");
  try {
    for (let i = 0; i < keys; i++) {
      await state.apiKeys.add(apiKey(`k${i}`));
    }
    const told = await requireKeysBeyondLoopback(host, state.apiKeys).then(
      () => "listens",
      (error: unknown) => (error as { code: string }).code,
    );
    expect(told).toBe(want);
  } finally {
    state.close();
  }
});
