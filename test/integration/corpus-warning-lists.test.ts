import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "@jest/globals";
import { readFeed } from "../../feeds/formats/index.ts";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { WarningListFolder } from "../../services/adapters/warning-lists/warning-list-folder.ts";
import { importFeed } from "../../services/core/ingest/import-feed.ts";
import { makeCompiler } from "../../services/core/match/compile.ts";
import { observedValue } from "../../services/core/suppress/observed-value.ts";
import { readConfig } from "../../services/runtime/config.ts";
import { CORPUS, corpusTest } from "../support/corpus.ts";

const folder = path.join(CORPUS, "warninglists");

async function allLists() {
  const problems: string[] = [];
  const lists = await new WarningListFolder({
    folder,
    holding: readConfig({}).WARNINGLISTS_HOLD,
    regex: re2,
    elapsed: () => 0,
    pauseMs: 1,
    problem: (message) => problems.push(message),
  }).current();
  return { lists, problems };
}

const KNOWN: readonly (readonly [path: string, value: string, lists: readonly string[]])[] = [
  ["network-traffic:dst_ref.value", "10.20.30.40", ["rfc1918", "rfc5735"]],
  ["ipv4-addr:value", "100.64.1.1", ["rfc6598"]],
  ["ipv4-addr:value", "224.0.0.251", ["multicast", "rfc5735"]],
  ["ipv6-addr:value", "fe80::1", ["ipv6-linklocal"]],
  ["ipv6-addr:value", "2001:148f:fffe::1", ["public-dns-v6"]],
  ["network-traffic:dst_ref.value", "104.155.11.149", ["sinkholes"]],
  ["file:hashes.MD5", "D41D8CD98F00B204E9800998ECF8427E", ["common-ioc-false-positive", "empty-hashes"]], // prettier-ignore
  ["domain-name:value", "com", ["second-level-tlds", "tlds"]],
  ["domain-name:value", "foo.localhost", []],
  ["domain-name:value", "co.uk", ["second-level-tlds"]],
  ["url:value", "https://bit.ly/abc", ["url-shortener"]],
  ["domain-name:value", "evil.0000004.xyz", ["dynamic-dns"]],
  ["domain-name:value", "www.google.de", ["google"]],
  ["domain-name:value", "analyze.intezer.com", ["automated-malware-analysis"]],
  ["domain-name:value", "evil.test.invalid-name.org", []],
  ["file:name", "com", []],
];

corpusTest("every warning list of the corpus is read whole, and names what it should", async () => {
  const { lists, problems } = await allLists();
  expect(problems).toEqual([]);
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  expect(lists.lists.map(({ id }) => `${id}.json`).toSorted()).toEqual(files.toSorted());
  const broken = lists.lists.filter(({ unusable }) => unusable > 0);
  expect(broken.map(({ id, unusable }) => `${id} ${unusable}`)).toEqual([]);
  for (const file of files) {
    const { list } = JSON.parse(readFileSync(path.join(folder, file), "utf8")) as { list: string[] }; // prettier-ignore
    expect(lists.lists.find(({ id }) => `${id}.json` === file)?.entries).toBe(list.length);
  }
  for (const [at, value, want] of KNOWN) {
    const found = lists.naming([observedValue({ path: at, value })]);
    expect([value, found]).toEqual([value, want]);
  }
});

corpusTest(
  "an import's report names the lists that know an indicator, and rejects none for it",
  async () => {
    const { lists } = await allLists();
    const state = openSqliteState(":memory:");
    try {
      const bytes = Buffer.from("10.0.0.1\nevil.0000004.xyz\nd41d8cd98f00b204e9800998ecf8427e\nevil.test-name.org\n"); // prettier-ignore
      const record = await importFeed(
        {
          state,
          compile: makeCompiler(re2),
          read: readFeed,
          hash: sha256Hash,
          now: () => 0,
          options: { mode: "observable", subdomains: false },
          warningLists: async () => lists,
        },
        { feed: "f", name: "list.txt", bytes, content: "c" },
      );
      expect(record.entries.map(({ status, warningLists }) => [status, warningLists])).toEqual([
        ["accepted", ["rfc1918", "rfc5735"]],
        ["accepted", ["dynamic-dns"]],
        ["accepted", ["common-ioc-false-positive", "empty-hashes"]],
        ["accepted", undefined],
      ]);
    } finally {
      state.close();
    }
  },
);
