import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { expect } from "@jest/globals";
import { PatternSet, type CompiledPattern } from "stix2-ts";
import { WasmLineReader } from "../../services/adapters/json-lines/wasm-line-reader.ts";
import { documentOf } from "../../services/core/ingest/document.ts";
import { Prefilter } from "../../services/core/prefilter/prefilter.ts";
import { observe, readEvent } from "../../services/core/schema/index.ts";
import { CORPUS, corpusTest } from "../support/corpus.ts";
import { EVENT_FILES } from "../support/corpus-events.ts";
import { corpusPatterns } from "../support/corpus-patterns.ts";

function bytesOf(file: string): Buffer {
  const bytes = readFileSync(path.join(CORPUS, "sysmon", file));
  const text = file.endsWith(".gz") ? gunzipSync(bytes) : bytes;
  return text.at(-1) === 10 ? text : Buffer.concat([text, Buffer.from("\n")]);
}

function setOf(patterns: readonly (readonly [string, CompiledPattern])[]): PatternSet {
  const set = new PatternSet();
  for (const [key, pattern] of patterns) set.add(key, pattern);
  return set;
}

corpusTest("of the corpus, the lines that a pattern meets are picked, and few others", () => {
  const patterns = [...corpusPatterns()];
  const all = setOf(patterns);
  const blocks = EVENT_FILES.map(bytesOf);
  /** Patterns that meet a line, or an operand of theirs. */
  const met = blocks.map((bytes) =>
    bytes
      .toString("utf8", 0, bytes.length - 1)
      .split("\n")
      .map((line) => {
        const event = readEvent(documentOf(JSON.parse(line)));
        if (event === undefined) return new Set<string>();
        const { observation } = observe(event);
        const found = [...all.match(observation), ...all.participantsOf(observation)];
        return new Set(found.map(({ id }) => id));
      }),
  );
  // In small groups, since all of them together want most lines.
  const groups = Array.from({ length: 20 }, (_, turn) =>
    patterns.filter((_one, at) => at % 20 === turn),
  );
  const reader = new WasmLineReader();
  let [needed, picks, lines] = [0, 0, 0];
  for (const group of groups) {
    const prefilter = new Prefilter(setOf(group), reader);
    for (const [at, bytes] of blocks.entries()) {
      const { count, picked } = prefilter.pick(bytes);
      expect(count).toBe(met[at]?.length);
      const places = new Set(picked.map(({ index }) => index));
      for (const [place, ids] of met[at]?.entries() ?? []) {
        const isNeeded = group.some(([key]) => ids.has(key));
        if (isNeeded && !places.has(place)) throw new Error(`${EVENT_FILES[at]}:${place + 1}`);
        needed += isNeeded ? 1 : 0;
      }
      picks += picked.length;
      lines += count;
    }
  }
  expect(needed).toBeGreaterThan(0);
  expect(picks).toBeLessThan(lines);
});
