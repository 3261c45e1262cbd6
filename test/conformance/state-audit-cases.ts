/** What the audit log asks of a state. */
import type { State } from "../../services/core/ports.ts";
import type { AuditEntry, AuditFilter } from "../../services/core/records.ts";
import type { StateCase } from "./state-records.ts";

function entry(subject: string, at: number, more: Partial<AuditEntry> = {}): AuditEntry {
  return { at, by: "k", action: "POST /x", subject, detail: { text: "\ud800\u2028" }, ...more };
}

async function addAll(state: State): Promise<void> {
  await state.audit.add(entry("a", 10));
  await state.audit.add(entry("b", 30, { by: "local", detail: {} }));
  await state.audit.add(entry("c", 20, { action: "DELETE /x" }));
  await state.audit.add(entry("a", 40, { by: "local" }));
}

async function subjects(state: State, filter: AuditFilter, before = 0, limit = 9) {
  const found = await state.audit.list(filter, before, limit);
  return found.map(({ subject, at }) => `${subject}${at}`).join(" ");
}

export const AUDIT_CASES: readonly StateCase[] = [
  {
    name: "audit: none at first; given back whole, the newest first, whatever their times",
    run: async (s) => {
      const before = await s.audit.list({}, 0, 9);
      await addAll(s);
      const [first] = await s.audit.list({ subject: "c" }, 0, 9);
      return [before, await subjects(s, {}), first && { ...first, number: 0 }];
    },
    want: [[], "a40 c20 b30 a10", { ...entry("c", 20, { action: "DELETE /x" }), number: 0 }],
  },
  {
    name: "audit: page by page, and by each part of the filter",
    run: async (s) => {
      await addAll(s);
      const pages = [];
      for (let before = 0; ;) {
        const page = await s.audit.list({}, before, 2);
        pages.push(page.map(({ at }) => at));
        before = page.at(-1)?.number ?? 0;
        if (page.length < 2) break;
        await s.audit.add(entry("new", 99));
      }
      return [
        pages,
        await subjects(s, { by: "local" }),
        await subjects(s, { action: "POST /x", subject: "a" }),
        await subjects(s, { since: 20, until: 40 }),
        await subjects(s, { by: "nobody" }),
      ];
    },
    want: [[[40, 20], [30, 10], []], "a40 b30", "a40 a10", "c20 b30", ""],
  },
];
