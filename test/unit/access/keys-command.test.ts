import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { ServiceError } from "../../../services/core/errors.ts";
import { keysCommand } from "../../../services/stixsweep/keys-command.ts";

const folder = mkdtempSync(path.join(tmpdir(), "stixsweep-keys-command-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command in this process; gives what it wrote, or the failure. */
async function keys(words: string, env: Record<string, string> = {}) {
  const said: string[] = [];
  const output = {
    out: async (text: string) => void said.push(text),
    err: (text: string) => void said.push(text),
  };
  const all = { DATA_DIR: folder, ...env };
  try {
    await keysCommand(words.split(" ").filter(Boolean), output, all);
    return said.join("");
  } catch (error) {
    expect(said).toEqual([]);
    if (error instanceof ServiceError) {
      return `${error.message} (${error.code})`;
    }
    throw error;
  }
}

const USAGE = /^usage: stixsweep keys .* \(config\/usage\)$/;

describe("keys", () => {
  test.each([
    { words: "", want: USAGE },
    { words: "add", want: USAGE },
    { words: "add a", want: USAGE },
    { words: "add --scopes read", want: USAGE },
    { words: "add a b --scopes read", want: USAGE },
    { words: "list all", want: USAGE },
    { words: "list --scopes read", want: USAGE },
    { words: "revoke", want: USAGE },
    { words: "revoke a --expires 1d", want: USAGE },
    { words: "forget a", want: USAGE },
    { words: "add a --scopes root", want: /^--scopes root: must be one of read, triage/ },
    { words: "add a --scopes read,", want: /^--scopes : must be one of read, triage/ },
    { words: "add a --scopes read --expires soon", want: /^--expires soon: must be like 90d/ },
    { words: "add a --scopes read --expires 0d", want: /^--expires 0d: must be like 90d/ },
    { words: "add a --scopes read --expires 999999d", want: /^--expires 999999d: must be/ },
    { words: "add a\u0007 --scopes read", want: /^name: must not contain control characters/ },
    { words: "revoke 0123456789abcdef", want: /^there is no such key \(api\/not-found\)$/ },
    { words: "list", want: /^there are no keys\n$/ },
  ])("$words", async ({ words, want }) => {
    expect(await keys(words)).toMatch(want);
  });

  test.each([
    { url: "http://127.0.0.1:1", want: /^http:\/\/127\.0\.0\.1:1: .*\(api\/unreachable\)$/ },
    { url: "ftp://example.test", want: /^STIXSWEEP_URL must be .*\(config\/invalid\)$/ },
    { url: "http://me:pw@127.0.0.1:1", want: /^STIXSWEEP_URL must be (?!.*pw).*config\/invalid/ },
    { url: "", want: /^STIXSWEEP_URL must be .*\(config\/invalid\)$/ },
  ])("STIXSWEEP_URL=$url", async ({ url, want }) => {
    expect(await keys("list", { STIXSWEEP_URL: url })).toMatch(want);
  });

  test("an expiry is counted from now", async () => {
    const [, expires = ""] =
      /expires (\S+)/.exec(await keys("add a --scopes read --expires 12h")) ?? [];
    const hours = (Date.parse(expires) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(11.9);
    expect(hours).toBeLessThanOrEqual(12);
  });
});
