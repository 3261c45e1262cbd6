import { changesOf } from "../support/changes.ts";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Database } from "../../services/adapters/sqlite/database.ts";
import { SCHEMA } from "../../services/adapters/sqlite/schema.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { runStateSuite } from "./state.ts";
import {
  alert,
  apiKey,
  importRecord,
  indicator,
  ledgerRow,
  match,
  pattern,
} from "./state-records.ts";

let folder = "";
let files = 0;

function newFile(): string {
  files += 1;
  return path.join(folder, `${files}.sqlite`);
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "stixsweep-state-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

runStateSuite({ name: "SQLite in memory", make: () => ({ state: openSqliteState(":memory:") }) });
runStateSuite({
  name: "SQLite in a file",
  make: () => {
    const file = newFile();
    return { state: openSqliteState(file), again: () => openSqliteState(file) };
  },
});

test("a file keeps every store, and its counters go on where they stopped", async () => {
  const file = newFile();
  const first = openSqliteState(file);
  await first.patterns.activate([pattern("p")]);
  await first.indicators.upsert([indicator("i")]);
  await first.ledger.compareAndSet(ledgerRow("part"));
  await first.matches.add([match("m", 1)]);
  await first.matches.dispose(["m"], "expired");
  await first.alerts.compareAndSet(alert("a"));
  await first.imports.put(importRecord("x"));
  await first.bookmarks.set("fold", 7);
  await first.bookmarks.soil(["p"]);
  await first.apiKeys.add(apiKey("k"));
  first.close();
  const again = openSqliteState(file);
  try {
    await again.patterns.activate([pattern("p"), pattern("q")]);
    await again.matches.add([match("m", 1), match("n", 2)]);
    expect({
      revisions: (await changesOf(again.patterns, 0, 9)).map((one) => [one.key, one.revision]),
      indicators: await again.indicators.list({}, 0, 9),
      ledger: await again.ledger.rows(),
      matches: (await again.matches.tail(0, 9)).map((m) => [m.number > 1, m.id, m.heldBack]),
      alert: await again.alerts.get("a"),
      imports: await again.imports.list(0, 9),
      fold: await again.bookmarks.get("fold"),
      dirty: (await again.bookmarks.dirty()).map((one) => one.pattern),
      keys: await again.apiKeys.list(),
    }).toEqual({
      revisions: [["p", 1], ["q", 2]], // prettier-ignore
      indicators: [{ ...indicator("i"), number: 1 }],
      ledger: [ledgerRow("part", { version: 1 })],
      matches: [[false, "m", "expired"], [true, "n", undefined]], // prettier-ignore
      alert: alert("a", { version: 1 }),
      imports: [{ ...importRecord("x"), number: 1 }],
      fold: 7,
      dirty: ["p"],
      keys: [apiKey("k")],
    });
  } finally {
    again.close();
  }
});

test("a file of the first version is brought up to date and keeps what it has", async () => {
  const file = newFile();
  const old = new DatabaseSync(file);
  old.exec(`${SCHEMA[0]}; PRAGMA user_version = 1; INSERT INTO bookmark VALUES ('fold', 7)`);
  old.close();
  const state = openSqliteState(file);
  try {
    expect(await state.bookmarks.get("fold")).toBe(7);
    expect(await state.apiKeys.add(apiKey("k"))).toBe(true);
  } finally {
    state.close();
  }
});

describe("a file that can't be used fails with a code and its path", () => {
  const cases: readonly { name: string; code: string; prepare: (file: string) => void }[] = [
    {
      name: "not a database",
      code: "state/unusable",
      prepare: (file) => writeFileSync(file, "no database ".repeat(100)),
    },
    {
      name: "written by a newer version",
      code: "state/too-new",
      prepare: (file) => {
        const database = new DatabaseSync(file);
        database.exec("PRAGMA user_version = 1000");
        database.close();
      },
    },
  ];
  test.each(cases)("$name", ({ code, prepare }) => {
    const file = newFile();
    prepare(file);
    expect(() => openSqliteState(file)).toThrow(
      expect.objectContaining({ code, facts: expect.objectContaining({ path: file }) }),
    );
  });

  test("in a folder that isn't there", () => {
    const file = path.join(folder, "none", "a.sqlite");
    expect(() => openSqliteState(file)).toThrow(
      expect.objectContaining({ code: "state/unusable", facts: { path: file } }),
    );
  });
});

test("a full disk fails with its own reason, and the whole write is undone", () => {
  const database = new Database(":memory:");
  try {
    const pages = Number(database.get("PRAGMA page_count")?.["page_count"]);
    database.get(`PRAGMA max_page_count = ${pages + 2}`);
    const fill = () =>
      database.transaction(() => {
        for (let at = 0; at < 1000; at += 1) {
          database.run("INSERT INTO dirty (pattern) VALUES (?)", `${at} ${"x".repeat(1000)}`);
        }
      });
    expect(fill).toThrow(
      expect.objectContaining({
        code: "state/unusable",
        message: expect.stringContaining("full"),
        facts: { path: ":memory:" },
      }),
    );
    expect(database.all("SELECT * FROM dirty")).toEqual([]);
  } finally {
    database.close();
  }
});
