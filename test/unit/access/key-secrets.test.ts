import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { keySecrets } from "../../../services/adapters/crypto/key-secrets.ts";
import { readToken, writeToken } from "../../../services/core/access/token.ts";

const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

describe("secrets", () => {
  test("are drawn anew each time, 64 and 256 bits long, and make a token that can be read", () => {
    const made = Array.from({ length: 100 }, () => keySecrets.make());
    expect(new Set(made.flatMap(({ id, secret }) => [id, secret])).size).toBe(200);
    for (const token of made) {
      expect(token).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        secret: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      expect(readToken(writeToken(token))).toEqual(token);
    }
  });

  test("are hashed by SHA-256 (FIPS 180-4, the example of one block)", () => {
    expect(keySecrets.hash("abc")).toBe(ABC);
  });

  test.each([
    { name: "its own hash", secret: "abc", hash: ABC, want: true },
    { name: "another secret's", secret: "abd", hash: ABC, want: false },
    { name: "one that differs in the last digit", secret: "abc", hash: `${ABC.slice(0, -1)}e`, want: false }, // prettier-ignore
    { name: "the beginning of its own", secret: "abc", hash: ABC.slice(0, 32), want: false },
    { name: "nothing", secret: "abc", hash: "", want: false },
    { name: "what is no hash", secret: "abc", hash: "z".repeat(64), want: false },
  ])("match $name: $want", ({ secret, hash, want }) => {
    expect(keySecrets.matches(secret, hash)).toBe(want);
  });

  test("are compared by timingSafeEqual", () => {
    const file = path.join(import.meta.dirname, "../../../services/adapters/crypto/key-secrets.ts");
    expect(readFileSync(file, "utf8")).toMatch(/&& timingSafeEqual\(given, known\)/);
  });
});

describe("what is no token", () => {
  const [id, secret] = ["0123456789abcdef", "0123456789abcdef".repeat(4)];
  test.each([
    "",
    secret,
    `stixsweep_${id}`,
    `stixsweep_${id}_${secret}0`,
    `stixsweep_${id}_${secret.slice(1)}`,
    `stixsweep_${id}_${secret.toUpperCase()}`,
    `Stixsweep_${id}_${secret}`,
    ` stixsweep_${id}_${secret}`,
    `stixsweep_${id}_${secret}\n`,
    `stixsweep_${id}_${secret}, stixsweep_${id}_${secret}`,
  ])("%j", (text) => {
    expect(readToken(text)).toBeUndefined();
  });
});
