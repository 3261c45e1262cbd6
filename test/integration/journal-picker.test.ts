import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { openJournalStore } from "../../services/adapters/duckdb/journal-store.ts";
import { Wanted } from "../../services/core/match/wanted.ts";
import type { Picker } from "../../services/core/ports.ts";

test("the embedded store leaves out what a picker does not pick, sealed or not, and nothing else", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "picker-"));
  const store = await openJournalStore({ folder, segmentEvents: 100, keysVersion: 1 });
  try {
    await store.append(
      Array.from({ length: 250 }, (_, i) => ({
        locator: `log:${i + 1}`,
        text: JSON.stringify({ number: i, text: "a\nb" }),
        keys: [`k${i % 10}`],
        source: "log",
        line: i + 1,
      })),
    );
    const asked: number[] = [];
    const third: Picker = {
      pick(bytes) {
        const lines = Buffer.from(bytes).toString("utf8").trimEnd().split("\n");
        asked.push(lines.length);
        const picked = lines.map((text, index) => ({ index, text }));
        return {
          count: lines.length,
          picked: picked.filter(({ text }) => Number(/"number":(\d+)/.exec(text)?.[1]) % 3 === 0),
        };
      },
    };
    const seen: unknown[] = [];
    for (const { id, bound } of await store.partitions()) {
      for await (const batch of store.read(id, 10, bound, third)) {
        seen.push(...batch.map(({ position, locator, document }) => [id, position, locator, document])); // prettier-ignore
      }
    }
    const want = await Array.fromAsync(all(store));
    expect(seen).toEqual(
      want.filter(([, , , document]) => (document as { number: number }).number % 3 === 0),
    );
    expect(seen.length).toBeGreaterThan(60);
    expect(asked.reduce((sum, n) => sum + n, 0)).toBe(want.length);
    const [first] = await store.partitions();
    const found = store.search(first?.id ?? "", 0, 100, Wanted.ofKeys(["k3"]), third);
    const places = (await Array.fromAsync(found)).flat().map(({ position }) => position);
    expect(places).toEqual([4, 34, 64, 94]);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
});

async function* all(store: Awaited<ReturnType<typeof openJournalStore>>) {
  for (const { id, bound } of await store.partitions()) {
    for await (const batch of store.read(id, 10, bound)) {
      for (const { position, locator, document } of batch) yield [id, position, locator, document];
    }
  }
}
