import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { toUtf8 } from "../../services/adapters/files/decode-utf16.ts";
import { feedFiles } from "../../services/adapters/files/feed-files.ts";
import { findFiles } from "../../services/adapters/files/find-files.ts";
import { readBeginning } from "../../services/adapters/files/read-beginning.ts";
import { readLines } from "../../services/adapters/files/read-lines.ts";
import { splitLines } from "../../services/adapters/files/split-lines.ts";
import { zipOf } from "../support/zip-writer.ts";
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

test("feed files of folders are all that is in them, in order, without hidden ones", async () => {
  mkdirSync(path.join(folder, "f", "sub", ".git"), { recursive: true });
  for (const name of [
    "f/b.json",
    "f/a.ioc",
    "f/.hidden.json",
    "f/sub/c.xml",
    "f/sub/.git/d.json",
  ]) {
    writeFileSync(path.join(folder, name), "");
  }
  const none = path.join(folder, "none.json");
  const found = await feedFiles([none, path.join(folder, "f"), path.join(folder, "f/b.json")]);
  expect(found.map((file) => path.relative(folder, file))).toEqual([
    "none.json",
    "f/a.ioc",
    "f/b.json",
    "f/sub/c.xml",
    "f/b.json",
  ]);
});

describe("zips", () => {
  const events = Buffer.from('{"a":1}\n{"b":2}\n');
  const put = (name: string, bytes: Buffer): string => {
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    return file;
  };
  const linesOf = async (file: string): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const lines of readLines(file)) found.push(...lines.map(({ text }) => text));
    return found;
  };

  test("are folders: what is in them is found, and read unpacked", async () => {
    const zip = put("evidence.ZIP", zipOf([
      { name: "C/", bytes: Buffer.alloc(0) },
      { name: "C/a.ndjson", bytes: events },
      { name: "C/logs/ä.json.gz", bytes: gzipSync(events) },
      { name: "C/picture.png", bytes: Buffer.from("x") },
    ])); // prettier-ignore
    const { files, skipped } = await findFiles([folder]);
    expect(files.map((file) => path.relative(folder, file))).toEqual([
      "evidence.ZIP/C/a.ndjson",
      "evidence.ZIP/C/logs/ä.json.gz",
    ]);
    expect(skipped).toEqual([
      { path: `${zip}/C/picture.png`, reason: "not a kind of file that is read" },
    ]);
    for (const file of files) expect(await linesOf(file)).toEqual(['{"a":1}', '{"b":2}']);
    expect(Buffer.from(await readBeginning(files[0] ?? "")).toString("utf8")).toBe('{"a":1}');
  });

  test.each([
    { name: "encrypted", member: { name: "a.json", bytes: events, isEncrypted: true }, reason: "encrypted" },
    { name: "made to fill disks", member: { name: "a.json", bytes: events, declared: 2 ** 31 }, reason: "2147483648 bytes packed into" },
  ])("what is $name is passed over, and told", async ({ member, reason }) => {
    const zip = put("a.zip", zipOf([member, { name: "b.json", bytes: events }]));
    const { files, skipped } = await findFiles([zip]);
    expect(files).toEqual([`${zip}/b.json`]);
    expect(skipped).toEqual([{ path: `${zip}/a.json`, reason: expect.stringContaining(reason) }]);
    await expect(linesOf(`${zip}/a.json`)).rejects.toThrow(reason);
  }); // prettier-ignore

  test.each([
    { name: "none", bytes: Buffer.from("no zip".repeat(100)) },
    { name: "one that leads out of itself", bytes: zipOf([{ name: "../a.json", bytes: events }]) },
    { name: "one that was cut off", bytes: zipOf([{ name: "a.json", bytes: events }]).subarray(0, 60) },
  ])("$name is told, and the others are read", async ({ bytes }) => {
    const zip = put("a.zip", bytes);
    put("b.json", events);
    const { files, skipped } = await findFiles([folder]);
    expect(files.map((file) => path.basename(file))).toEqual(["b.json"]);
    expect(skipped).toEqual([{ path: zip, reason: expect.any(String) }]);
  }); // prettier-ignore

  test("a file that lies about its size is broken off", async () => {
    const zip = put("a.zip", zipOf([{ name: "a.json", bytes: events, declared: 4 }]));
    await expect(linesOf(`${zip}/a.json`)).rejects.toThrow("too many bytes");
  });

  test("a folder whose name ends like one is a folder", async () => {
    mkdirSync(path.join(folder, "a.zip"));
    const file = put("a.zip/b.ndjson", events);
    expect((await findFiles([folder])).files).toEqual([file]);
    expect(await linesOf(file)).toHaveLength(2);
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
