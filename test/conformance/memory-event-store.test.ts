import { MemoryEventStore } from "../../services/adapters/memory/event-store.ts";
import { runEventStoreSuite } from "./event-store.ts";

runEventStoreSuite({
  name: "memory",
  make: async () => ({ store: new MemoryEventStore({ sealEvery: 10 }), close: async () => {} }),
});
