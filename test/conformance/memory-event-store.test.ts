import { expect, test } from "@jest/globals";
import { MemoryEventStore } from "../../services/adapters/memory/event-store.ts";
import { numberedRange, runEventStoreSuite } from "./event-store.ts";

runEventStoreSuite({
  name: "MemoryEventStore",
  make: async (sealEvery) => new MemoryEventStore({ sealEvery }),
  unreadable: "events/segment-damaged",
  // Memory ends with its process: what opens again is what was never closed.
  reopen: async (store) => store,
});

test("a dropped partition is not listed", async () => {
  const store = new MemoryEventStore({ sealEvery: 2 });
  await store.append(numberedRange(0, 4));
  const [first, second] = await store.partitions();
  store.drop(first?.id ?? "");
  expect(await store.partitions()).toEqual([second]);
});
