import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { toUtf8 } from "../../services/adapters/files/decode-utf16.ts";
import { findFiles } from "../../services/adapters/files/find-files.ts";
import { splitLines } from "../../services/adapters/files/split-lines.ts";
import { Inbox } from "../../services/adapters/inbox/inbox.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "stixsweep-files-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Bytes in pieces of a given length. */
function pieces(bytes: Buffer, length: number): AsyncIterable<Buffer> {
  const all = Array.from({ length: Math.ceil(bytes.length / length) }, (_, i) =>
    bytes.subarray(i * length, (i + 1) * length),
  );
  return Readable.from(all) as AsyncIterable<Buffer>;
}

describe("lines", () => {
  const long = "x".repeat(50);
  test.each([
    { name: "as they are", text: "a\n\u2028b\n", want: ["a", "\u2028b"] },
    { name: "the last without newline", text: "a\nb", want: ["a", "b"] },
    { name: "a long one in the middle", text: `a\n${long}\nb\n`, want: ["a", undefined, "b"] },
    { name: "a long one at the end", text: `a\n${long}`, want: ["a", undefined] },
    { name: "two long ones", text: `${long}\n${long}\nb`, want: [undefined, undefined, "b"] },
  ])("$name, however the bytes come", async ({ text, want }) => {
    for (let length = 1; length <= 9; length += 1) {
      const found: (string | undefined)[] = [];
      for await (const group of splitLines(pieces(Buffer.from(text), length), 20)) {
        found.push(...group);
      }
      expect(found).toEqual(want);
    }
  });

  test.each(["utf8", "utf16le"] as const)("%s with a byte order mark", async (encoding) => {
    const bytes = Buffer.from('\ufeff{"é": "\u{1f600}"}', encoding);
    for (const length of [3, 4, 5, 100]) {
      const found: Buffer[] = [];
      for await (const chunk of toUtf8(pieces(bytes, length))) found.push(chunk);
      expect(Buffer.concat(found).toString("utf8")).toBe('{"é": "\u{1f600}"}');
    }
  });
});

describe("files", () => {
  test("links in circles end, each file has its first name", async () => {
    writeFileSync(path.join(folder, "a.ndjson"), "");
    mkdirSync(path.join(folder, "d"));
    writeFileSync(path.join(folder, "d", "b.ndjson"), "");
    for (const name of ["d/x", "d/y", "z"]) symlinkSync(folder, path.join(folder, name));
    const { files, skipped } = await findFiles([folder]);
    expect(files.map((file) => path.relative(folder, file))).toEqual(["a.ndjson", "d/b.ndjson"]);
    expect(skipped).toEqual([]);
  });
});

describe("the inbox", () => {
  async function look(inbox: Inbox, fail = false): Promise<string[]> {
    const names: string[] = [];
    try {
      for await (const { name } of inbox.look()) {
        names.push(name);
        if (fail) throw new Error("the disk is full");
      }
    } catch {
      return names;
    }
    return names;
  }

  test("gives a file at rest once, and again when its import failed or it changed", async () => {
    const inbox = await Inbox.open(folder);
    writeFileSync(path.join(folder, "a.json"), "1");
    writeFileSync(path.join(folder, "b.json"), "1");
    expect(await look(inbox)).toEqual([]);
    expect(await look(inbox, true)).toEqual(["a.json"]);
    expect(await look(inbox, true)).toEqual(["a.json"]);
    expect(await look(inbox)).toEqual(["a.json", "b.json"]);
    expect(await look(inbox)).toEqual([]);
    writeFileSync(path.join(folder, "b.json"), "22");
    expect(await look(inbox)).toEqual([]);
    expect(await look(inbox)).toEqual(["b.json"]);
  });

  test("makes its folder again when it was taken away", async () => {
    const inner = path.join(folder, "inbox");
    const inbox = await Inbox.open(inner);
    rmSync(inner, { recursive: true });
    expect(await look(inbox)).toEqual([]);
    writeFileSync(path.join(inner, "a.json"), "1");
    expect(await look(inbox)).toEqual([]);
    expect(await look(inbox)).toEqual(["a.json"]);
  });
});
