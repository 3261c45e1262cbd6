/** What the record store must do. */
import type { RecordStore, State } from "../../services/core/ports.ts";
import type { Suppression } from "../../services/core/records.ts";
import type { StateCase } from "./state-records.ts";

const A: Suppression = {
  kind: "domain",
  value: "a.example",
  scope: {},
  reason: "ours\u2028",
  by: "local",
  at: 1,
};
const B: Suppression = {
  kind: "regex",
  value: "b.*",
  scope: { feed: "f", host: "ws-*", from: 1, until: 2 },
  reason: "\ud800",
  by: "k",
  at: 2,
  expiresAt: 9,
  lifted: { by: "l", at: 3 },
};

async function write(
  { records }: Pick<State, "records">,
  id: string,
  version: number,
  record: Suppression,
) {
  return records.compareAndSet("suppression", { id, version, record });
}

async function get(records: RecordStore, id: string) {
  return records.get("suppression", id);
}

export const RECORD_CASES: readonly StateCase[] = [
  {
    name: "records: none at first; listed by id, given back whole, whatever the id holds",
    run: async (s) => {
      const before = await s.records.list("suppression");
      await write(s, "b/\u0000 é", 0, B);
      await write(s, "a", 0, A);
      return [before, await s.records.list("suppression"), await get(s.records, "b/\u0000 é")];
    },
    want: [
      [],
      [
        { id: "a", version: 1, record: A },
        { id: "b/\u0000 é", version: 1, record: B },
      ],
      { id: "b/\u0000 é", version: 1, record: B },
    ],
  },
  {
    name: "records: one that is taken, absent or of another version is not written",
    run: async (s) => [
      await write(s, "a", 1, A),
      await write(s, "a", 0, A),
      await write(s, "a", 0, B),
      await write(s, "a", 2, B),
      await get(s.records, "a"),
      await write(s, "a", 1, B),
      await get(s.records, "a"),
    ],
    want: [
      false,
      true,
      false,
      false,
      { id: "a", version: 1, record: A },
      true,
      { id: "a", version: 2, record: B },
    ],
  },
  {
    name: "records: removed at its version alone, and new again after",
    run: async (s) => {
      await write(s, "a", 0, A);
      await write(s, "b", 0, B);
      const told = [
        await s.records.remove("suppression", "none", 1),
        await s.records.remove("suppression", "a", 2),
        await s.records.remove("suppression", "a", 1),
        await s.records.remove("suppression", "a", 1),
      ];
      const ids = (await s.records.list("suppression")).map(({ id }) => id);
      return [told, ids, await get(s.records, "a"), await write(s, "a", 0, B)];
    },
    want: [[false, false, true, false], ["b"], undefined, true],
  },
];
