/** Windows event logs of the corpus: read as the evtx parser prints them, also compressed, damaged or cut off. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readBlocks } from "../../services/adapters/files/read-blocks.ts";
import { CORPUS, describeCorpus } from "../support/corpus.ts";

const CHUNK = 4096;
const FIRST_RECORD = CHUNK + 512;

describeCorpus("Windows event logs", () => {
  let folder = "";
  let logs: readonly string[] = [];
  let wanted: readonly unknown[] = [];
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "stixsweep-evtx-"));
    const logFolder = path.join(CORPUS, "sysmon/evtx");
    logs = readdirSync(logFolder)
      .toSorted()
      .map((name) => path.join(logFolder, name));
    wanted = gunzipSync(readFileSync(path.join(CORPUS, "sysmon/evtx_event_json.ndjson.gz")))
      .toString("utf8")
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { _source: unknown })._source);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function read(file: string): Promise<{ records: unknown[]; problems: string[] }> {
    const records: unknown[] = [];
    const problems: string[] = [];
    for await (const { bytes, problem } of readBlocks(file)) {
      if (problem !== undefined) problems.push(problem);
      const lines = Buffer.from(bytes).toString("utf8").split("\n").slice(0, -1);
      records.push(...lines.map((line) => JSON.parse(line) as unknown));
    }
    return { records, problems };
  }

  async function readBytes(bytes: Buffer, ending = ".evtx") {
    const file = path.join(folder, `log${ending}`);
    writeFileSync(file, bytes);
    return read(file);
  }

  test("every record of every log is what the evtx parser makes of it", async () => {
    const all = await Promise.all(logs.map(read));
    expect(all.flatMap(({ problems }) => problems)).toEqual([]);
    expect(all.flatMap(({ records }) => records)).toEqual(wanted);
    expect(wanted).toHaveLength(113);
  });

  test.each([
    { ending: ".evtx.gz", compress: gzipSync },
    { ending: ".EVTX.ZST", compress: zstdCompressSync },
  ])("$ending", async ({ ending, compress }) => {
    const bytes = readFileSync(logs[0] ?? "");
    expect(await readBytes(compress(bytes), ending)).toEqual(await read(logs[0] ?? ""));
  });

  test.each<{ name: string; harm: (bytes: Buffer) => Buffer; lost: number; told: RegExp }>([
    {
      name: "a record whose length is wrong",
      harm: (bytes) => (bytes.writeUInt32LE(7, FIRST_RECORD + 4), bytes),
      lost: 1,
      told: /^chunk 0: damaged from byte 512 to \d+$/,
    },
    {
      name: "a chunk without its beginning",
      harm: (bytes) => (bytes.write("x", CHUNK), bytes),
      lost: Infinity,
      told: /^chunk 0: damaged at its beginning/,
    },
    {
      name: "a chunk that does not say where its records end",
      harm: (bytes) => (bytes.writeUInt32LE(0xffffffff, CHUNK + 48), bytes),
      lost: 0,
      told: /^chunk 0: damaged in its header/,
    },
  ])("$name: the others are read, and it is told", async ({ harm, lost, told }) => {
    const whole = (await read(logs[0] ?? "")).records;
    const found = await readBytes(harm(readFileSync(logs[0] ?? "")));
    expect(found.problems).toEqual([expect.stringMatching(told)]);
    // The first record holds the templates that others name, so its bytes count even where it is no record.
    expect(found.records).toEqual(whole.slice(Math.min(lost, whole.length)));
  });

  test("a log that is cut off anywhere gives the records before the cut", async () => {
    const bytes = readFileSync(logs[0] ?? "");
    const whole = (await read(logs[0] ?? "")).records;
    const end = CHUNK + bytes.readUInt32LE(CHUNK + 48);
    for (const cut of [FIRST_RECORD + 100, Math.floor((FIRST_RECORD + end) / 2), end - 1]) {
      const { records, problems } = await readBytes(bytes.subarray(0, cut));
      expect(problems.length).toBeGreaterThan(0);
      expect(records).toEqual(whole.slice(0, records.length));
      expect(records.length).toBeLessThan(whole.length);
    }
  });

  test("whatever bytes are damaged, it ends, and lines are JSON", async () => {
    const all = logs.slice(0, 6).map((log) => readFileSync(log));
    const checked = fc.assert(
      fc.asyncProperty(
        fc.nat(all.length - 1),
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), {
          minLength: 1,
          maxLength: 12,
        }),
        async (log, harm) => {
          const bytes = Buffer.from(all[log] ?? "");
          const end = bytes.readUInt32LE(CHUNK + 48);
          for (const [where, value] of harm) bytes[CHUNK + Math.floor(where * end)] = value;
          await readBytes(bytes);
        },
      ),
      { numRuns: 400 },
    );
    await expect(checked).resolves.toBeUndefined();
  }, 60_000);
});
