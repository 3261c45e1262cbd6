import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { keySecrets } from "../../../services/adapters/crypto/key-secrets.ts";
import { writeToken } from "../../../services/core/access/token.ts";
import { ServiceError } from "../../../services/core/errors.ts";
import { readSecrets } from "../../../services/runtime/secrets.ts";

const folder = mkdtempSync(path.join(tmpdir(), "stixsweep-secrets-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(content: string): string {
  files += 1;
  const name = path.join(folder, String(files));
  writeFileSync(name, content, { mode: 0o600 });
  return name;
}

const token = keySecrets.make();
const text = writeToken(token);

describe("readSecrets", () => {
  test.each([
    { name: "nothing", env: {}, want: undefined },
    { name: "a variable", env: { ADMIN_API_KEY: text }, want: token },
    { name: "a variable with a line break", env: { ADMIN_API_KEY: `${text}\n` }, want: token },
    { name: "a file", env: { ADMIN_API_KEY_FILE: file(text) }, want: token },
    { name: "a file's line", env: { ADMIN_API_KEY_FILE: file(`${text}\r\n`) }, want: token },
  ])("takes $name", ({ env, want }) => {
    expect(readSecrets(env)).toEqual({ ADMIN_API_KEY: want });
  });

  const typed = `stixsweep_${token.id}_${"01234567".repeat(8)}`;
  test.each([
    { name: "both ways", env: { ADMIN_API_KEY: text, ADMIN_API_KEY_FILE: file(text) } },
    { name: "an empty variable", env: { ADMIN_API_KEY: "" } },
    { name: "an empty file", env: { ADMIN_API_KEY_FILE: file("\n") } },
    { name: "two keys", env: { ADMIN_API_KEY_FILE: file(`${text}\n${text}\n`) } },
    { name: "a word", env: { ADMIN_API_KEY: "correct-horse-battery-staple" } },
    { name: "a secret that was typed", env: { ADMIN_API_KEY: typed } },
    { name: "no such file", env: { ADMIN_API_KEY_FILE: path.join(folder, "none") } },
    { name: "a folder", env: { ADMIN_API_KEY_FILE: folder } },
    { name: "the key where its file belongs", env: { ADMIN_API_KEY_FILE: text } },
  ] satisfies { name: string; env: Record<string, string> }[])(
    "refuses $name, and tells no value",
    ({ env }) => {
      let error: unknown;
      try {
        readSecrets(env);
      } catch (caught) {
        error = caught;
      }
      if (!(error instanceof ServiceError)) {
        throw new Error("nothing was refused");
      }
      const { code, message, stack, facts, cause } = error;
      expect(code).toBe("config/invalid");
      expect(message).toContain("ADMIN_API_KEY");
      expect({ facts, cause }).toEqual({ facts: {}, cause: undefined });
      for (const value of Object.values(env).filter((one) => one !== "")) {
        expect(`${message}${stack}`).not.toContain(value);
      }
    },
  );
});
