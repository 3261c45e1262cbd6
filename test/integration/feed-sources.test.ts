/** Feeds taken from hosts over real HTTP, well and not, with what becomes of them. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { contentHash, sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { HttpFeedReader } from "../../services/adapters/feeds/feed-reader.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { readFeed } from "../../feeds/formats/index.ts";
import { pullFeed, type PullDeps } from "../../services/core/feeds/pull-feed.ts";
import type { FeedState } from "../../services/core/feeds/feed-record.ts";
import { importFeed } from "../../services/core/ingest/import-feed.ts";
import { makeCompiler } from "../../services/core/match/compile.ts";
import { feedSources } from "../../services/runtime/feed-sources.ts";
import { CORPUS, describeCorpus } from "../support/corpus.ts";
import { FeedHost, indicator, taxii, TAXII, type Added, type Serve } from "../support/feed-host.ts";

const NOON = Date.parse("2024-05-01T12:00:00Z");
const EVERY_MS = 900_000;

let state: ReturnType<typeof openSqliteState>;
let host: FeedHost;
let stop: AbortController;
let now: number;
/** Calls before each import; a test may fail in them. */
let beforeImport: () => void;

beforeEach(() => {
  state = openSqliteState(":memory:");
  stop = new AbortController();
  now = NOON;
  beforeImport = () => undefined;
});

afterEach(() => {
  host.close();
  state.close();
});

async function serving(serve: Serve): Promise<string> {
  host = await new FeedHost(serve).listen();
  return host.url;
}

function pulling(): PullDeps {
  return {
    state,
    reader: new HttpFeedReader({ secretOf: (name) => (name === "SET" ? "s3cret" : undefined) }),
    importFile: async (file) => {
      beforeImport();
      const deps = {
        state,
        compile: makeCompiler(re2),
        read: readFeed,
        hash: sha256Hash,
        now: () => now,
        options: { mode: "observable", subdomains: false } as const,
      };
      return importFeed(deps, { ...file, content: contentHash(file.bytes) });
    },
    now: () => now,
    random: () => 0,
    nextRun: () => now + EVERY_MS,
    deadline: (ms) => AbortSignal.timeout(ms),
    stop: stop.signal,
  };
}

async function declare(source: object): Promise<void> {
  const record = {
    source: feedSources.parse({ allowPrivate: true, pauseSeconds: 1, requestsPerMinute: 10_000, ...source }), // prettier-ignore
    origin: "file" as const,
    problem: undefined,
    by: "file",
    at: now,
  };
  const before = await state.records.get("feed", "f");
  await state.records.compareAndSet("feed", { id: "f", version: before?.version ?? 0, record });
}

/** JSON leaves out what is undefined. */
const NONE = { running: undefined, error: undefined, succeededAt: undefined } as const;

async function pull(): Promise<FeedState> {
  await pullFeed(pulling(), "f");
  const found = await state.records.get("feed-state", "f");
  if (found === undefined) throw new Error("the feed has no state");
  return { ...NONE, ...found.record };
}

async function ids(): Promise<readonly number[]> {
  const found = await state.indicators.list({ feed: "f" }, 0, 10_000);
  return found.map(({ id }) => Number(id.slice(-12))).toSorted((a, b) => a - b);
}

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
const added = (
  n: number,
  at = (i: number) => `2024-01-01T00:00:${String(i % 60).padStart(2, "0")}.000Z`,
): Added[] =>
  // prettier-ignore
  upTo(n).map((i) => ({ at: at(i), object: indicator(i) }));

describe("a TAXII 2.1 collection", () => {
  test.each([
    { name: "from the discovery", at: "/taxii2/" },
    { name: "from the API root, without its slash", at: "/api" },
    { name: "from the collection", at: "/api/collections/c1/" },
  ])("is read whole, page by page, $name", async ({ at }) => {
    const serve = taxii(added(25), 10);
    const url = await serving((request, response, asked) => {
      // The collection as a resource of its own (§5.2).
      if (asked.pathname === "/api/collections/c1/") {
        response
          .writeHead(200, { "content-type": TAXII })
          .end(JSON.stringify({ id: "c1", title: "One", can_read: true, can_write: false }));
      } else serve(request, response, asked);
    });
    await declare({ kind: "taxii", url: `${url}${at}` });
    const done = await pull();
    expect(done.error).toBeUndefined();
    expect(done.counts).toMatchObject({ documents: 3, unusable: 0, entries: { accepted: 25 } });
    expect(done).toMatchObject({ failures: 0, nextAt: NOON + EVERY_MS, running: undefined });
    expect(await ids()).toEqual(upTo(25));
  });

  test("is read on from where it ended", async () => {
    const all = added(5);
    const url = await serving(taxii(all, 10));
    await declare({ kind: "taxii", url: `${url}/taxii2/` });
    await pull();
    all.push({ at: "2024-02-01T00:00:00.000Z", object: indicator(5) });
    const done = await pull();
    expect(done.counts).toMatchObject({ documents: 1, entries: { accepted: 1 } });
    expect(await ids()).toEqual(upTo(6));
    expect(host.asked.at(-1)).toContain("added_after=2024-01-01T00%3A00%3A04.000Z");
    expect(await pull()).toMatchObject({ counts: { documents: 0 }, error: undefined });
  });

  test("misses nothing that is added with the date of what was read last", async () => {
    const at = new Date().toISOString().replace(/\.\d+Z/, ".000Z");
    const all = [{ at, object: indicator(0) }];
    const url = await serving(taxii(all, 10));
    await declare({ kind: "taxii", url: `${url}/taxii2/` });
    await pull();
    all.push({ at, object: indicator(1) });
    await pull();
    expect(await ids()).toEqual([0, 1]);
  });

  test("is taken up at the page that was not stored", async () => {
    const url = await serving(taxii(added(30), 10));
    await declare({ kind: "taxii", url: `${url}/taxii2/` });
    let imports = 0;
    beforeImport = () => {
      imports += 1;
      if (imports === 2) throw new Error("the store is away");
    };
    const failed = await pull();
    expect(failed.error).toMatchObject({ code: "feed/not-taken", message: "the store is away" });
    expect(failed.failures).toBe(1);
    const before = host.asked.length;
    const done = await pull();
    expect(done).toMatchObject({ failures: 0, error: undefined, counts: { documents: 3 } });
    expect(await ids()).toEqual(upTo(30));
    const pages = host.asked.slice(before).filter((one) => one.includes("objects"));
    // By the date of what was stored, and never by a token of old: what it stands for may have moved on.
    expect(pages[0]).toMatch(/added_after=2024-01-01T00%3A00%3A08\.999Z$/);
    expect(pages).toHaveLength(3);
  });

  test("goes on where it stands when the service ends meanwhile, and nothing has failed", async () => {
    const url = await serving(taxii(added(30), 10));
    await declare({ kind: "taxii", url: `${url}/taxii2/` });
    let imports = 0;
    beforeImport = () => {
      imports += 1;
      if (imports === 2) stop.abort();
    };
    const ended = await pull();
    expect(ended).toMatchObject({
      failures: 0,
      error: undefined,
      running: undefined,
      nextAt: NOON,
    });
    stop = new AbortController();
    await pull();
    expect(await ids()).toEqual(upTo(30));
  });

  test("that pages by dates alone is read whole", async () => {
    const all = added(25, (i) => `2024-01-01T00:${String(i).padStart(2, "0")}:00.000Z`);
    const serve = taxii(all, 10);
    const url = await serving((request, response, asked) => {
      if (!asked.pathname.endsWith("/objects/")) {
        serve(request, response, asked);
        return;
      }
      const after = asked.searchParams.get("added_after") ?? "";
      const left = all.filter(({ at }) => at > after);
      const page = left.slice(0, 10);
      response
        .writeHead(200, { "content-type": TAXII, "X-TAXII-Date-Added-Last": page.at(-1)?.at ?? "" })
        .end(JSON.stringify({ more: left.length > 10, objects: page.map(({ object }) => object) }));
    });
    await declare({ kind: "taxii", url: `${url}/taxii2/` });
    expect(await pull()).toMatchObject({ error: undefined });
    expect(await ids()).toEqual(upTo(25));
  });

  test("that has empty pages among others is read whole", async () => {
    const pages = [[indicator(0)], [], [indicator(1)], [], [], [indicator(2)]];
    const serve = taxii([], 10);
    const url = await serving((request, response, place) => {
      if (!place.pathname.endsWith("/objects/")) {
        serve(request, response, place);
        return;
      }
      const at = Number(place.searchParams.get("next") ?? 0);
      const more = at < pages.length - 1;
      response
        .writeHead(200, { "content-type": TAXII })
        .end(JSON.stringify({ more, ...(more && { next: `${at + 1}` }), objects: pages[at] }));
    });
    await declare({ kind: "taxii", url: `${url}/taxii2/` });
    expect((await pull()).error).toBeUndefined();
    expect(await ids()).toEqual([0, 1, 2]);
  });

  test("that pages by dates alone, with more of one date than a page holds, is an error and no loss", async () => {
    const all = added(5, () => "2024-01-01T00:00:00.000Z");
    const serve = taxii(all, 10);
    const url = await serving((request, response, asked) => {
      if (!asked.pathname.endsWith("/objects/")) {
        serve(request, response, asked);
        return;
      }
      const left = all.filter(({ at }) => at > (asked.searchParams.get("added_after") ?? ""));
      const at = "2024-01-01T00:00:00.000Z";
      response
        .writeHead(200, { "content-type": TAXII, "X-TAXII-Date-Added-First": at, "X-TAXII-Date-Added-Last": at }) // prettier-ignore
        .end(JSON.stringify({ more: left.length > 2, objects: left.slice(0, 2).map(({ object }) => object) })); // prettier-ignore
    });
    await declare({ kind: "taxii", url: `${url}/taxii2/` });
    expect((await pull()).error?.code).toBe("feed/paging-loops");
  });

  test("that is refused keeps no other from being read", async () => {
    const serve = taxii(added(3), 10);
    const url = await serving((request, response, asked) => {
      if (asked.pathname.endsWith("/collections/")) {
        const collections = ["c0", "c1"].map((id) => ({ id, title: id, can_read: true, can_write: false })); // prettier-ignore
        response.writeHead(200, { "content-type": TAXII }).end(JSON.stringify({ collections }));
      } else if (asked.pathname.includes("/c0/")) response.writeHead(403).end();
      else serve(request, response, asked);
    });
    await declare({ kind: "taxii", url: `${url}/taxii2/` });
    const done = await pull();
    expect(done).toMatchObject({ error: undefined, counts: { documents: 1, unusable: 1 } });
    expect(done.counts.problem).toMatch(/^c0: .*403/);
    expect(await ids()).toEqual([0, 1, 2]);
  });

  test.each([
    { name: "repeats its pages under new tokens", next: (n: number) => ({ next: String(n) }) },
    { name: "gives the same token again and again", next: () => ({ next: "same" }) },
    { name: "says that there is more and not where", next: () => ({}) },
  ])("that $name is given up, and what it gave is kept", async ({ next }) => {
    let asked = 0;
    const serve = taxii([], 10);
    const url = await serving((request, response, place) => {
      if (!place.pathname.endsWith("/objects/")) {
        serve(request, response, place);
        return;
      }
      asked += 1;
      response
        .writeHead(200, { "content-type": TAXII })
        .end(JSON.stringify({ more: true, ...next(asked), objects: [indicator(1)] }));
    });
    await declare({ kind: "taxii", url: `${url}/taxii2/` });
    const done = await pull();
    expect(done.error?.code).toBe("feed/paging-loops");
    expect(asked).toBeLessThan(5);
  });

  test("names of collections that are not there are an error that tells which are", async () => {
    const url = await serving(taxii([], 10));
    await declare({ kind: "taxii", url: `${url}/taxii2/`, collections: ["One", "Two"] });
    const { error } = await pull();
    expect(error?.code).toBe("feed/collection-unknown");
    expect(error?.message).toMatch(/Two; there are: One$/);
  });

  test.each([
    { auth: { kind: "basic", username: "u", secret: "SET" }, name: "authorization", want: `Basic ${Buffer.from("u:s3cret").toString("base64")}` }, // prettier-ignore
    { auth: { kind: "bearer", secret: "SET" }, name: "authorization", want: "Bearer s3cret" },
    { auth: { kind: "header", header: "X-Api-Key", secret: "SET" }, name: "x-api-key", want: "s3cret" }, // prettier-ignore
  ])("is asked with credentials: $auth.kind", async ({ auth, name, want }) => {
    const serve = taxii(added(1), 10);
    const seen = new Set<unknown>();
    const url = await serving((request, response, asked) => {
      seen.add(request.headers[name]);
      serve(request, response, asked);
    });
    await declare({ kind: "taxii", url: `${url}/taxii2/`, auth });
    expect((await pull()).error).toBeUndefined();
    expect([...seen]).toEqual([want]);
  });

  test("a secret that is not set is an error that names it", async () => {
    const url = await serving(taxii([], 10));
    await declare({ kind: "taxii", url, auth: { kind: "bearer", secret: "UNSET" } });
    const { error } = await pull();
    expect(error).toMatchObject({ code: "feed/secret-missing" });
    expect(error?.message).toContain("FEED_SECRET_UNSET");
    expect(host.asked).toEqual([]);
  });
});

describe("a file", () => {
  const bundle = Buffer.from(JSON.stringify({ type: "bundle", objects: [indicator(0), indicator(1)] })); // prettier-ignore

  test("is read once for each change of it", async () => {
    let etag = '"1"';
    let body: Uint8Array = bundle;
    const url = await serving((request, response) => {
      if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
      else response.writeHead(200, { etag }).end(body);
    });
    await declare({ kind: "file", url: `${url}/feed.json` });
    expect((await pull()).counts).toMatchObject({ documents: 1, entries: { accepted: 2 } });
    expect((await pull()).counts.documents).toBe(0);
    [etag, body] = ['"2"', Buffer.from(JSON.stringify({ type: "bundle", objects: [indicator(2)] }))]; // prettier-ignore
    expect((await pull()).counts.documents).toBe(1);
    expect(await ids()).toEqual([0, 1, 2]);
  });

  test("that goes back to what it was is imported again", async () => {
    const bodies = [40, 90, 40].map((confidence) => JSON.stringify({ type: "bundle", objects: [indicator(0, { confidence })] })); // prettier-ignore
    let body = "";
    const url = await serving((_, response) => response.end(body));
    await declare({ kind: "file", url: `${url}/feed.json` });
    for (const one of bodies) {
      body = one;
      now += 1;
      await pull();
    }
    const [found] = await state.indicators.list({ feed: "f" }, 0, 1);
    expect(found?.confidence).toBe(40);
  });

  test("of a host without ETag is read anew and imported once", async () => {
    const url = await serving((_, response) => response.end(bundle));
    await declare({ kind: "file", url: `${url}/feed.json` });
    expect((await pull()).counts.documents).toBe(1);
    expect((await pull()).counts.documents).toBe(0);
  });

  test("of CSV is read by the columns that the source declares, and anew when they change", async () => {
    const text = "seen;host;also\n2026-01-01;one[.]example;two.example\n2026-01-01;192.0.2.1;\n";
    const url = await serving((_, response) => void response.end(text));
    const format = { kind: "csv", delimiter: ";", columns: { value: "host", modified: "seen" } };
    await declare({ kind: "file", url, format });
    expect((await pull()).counts.entries).toMatchObject({ accepted: 1, partly: 1 });
    const stored = async () =>
      (await state.indicators.list({ feed: "f" }, 0, 10)).map(({ pattern }) => pattern).toSorted();
    const two = ["[domain-name:value = 'one.example']", "[ipv4-addr:value = '192.0.2.1']"];
    expect(await stored()).toEqual(two);
    const [report] = await state.imports.list(0, 1);
    expect(report?.entries[0]?.repaired).toEqual(["what made it harmless taken off"]);
    await declare({ kind: "file", url, format: { ...format, columns: { value: "also" } } });
    expect((await pull()).counts.entries).toMatchObject({ accepted: 1, rejected: 1 });
    expect(await stored()).toEqual([...two.slice(0, 1), "[domain-name:value = 'two.example']", ...two.slice(1)]); // prettier-ignore
    await declare({ kind: "file", url, format: { ...format, columns: { value: "none" } } });
    expect((await pull()).counts).toMatchObject({ documents: 1, unusable: 1 });
  });

  test("that is packed is unpacked", async () => {
    const url = await serving((_, response) => response.end(gzipSync(bundle)));
    await declare({ kind: "file", url: `${url}/feed.json.gz` });
    expect((await pull()).counts).toMatchObject({ documents: 1, entries: { accepted: 2 } });
  });

  test("that is a zip gives each of its files", async () => {
    const url = await serving((_, response) => response.end(ZIP));
    await declare({ kind: "file", url: `${url}/all.zip` });
    const { counts, error } = await pull();
    expect(error).toBeUndefined();
    expect(counts).toMatchObject({ documents: 2, entries: { accepted: 2 } });
    const imports = await state.imports.list(0, 10);
    expect(imports.map(({ name }) => name)).toEqual(["all.zip/a.txt", "all.zip/b.txt"]);
  });

  test("that can't be used is reported as an import, and the next one is read", async () => {
    let body = "<html>not today</html>";
    const url = await serving((_, response) => response.end(body));
    await declare({ kind: "file", url: `${url}/feed.json` });
    expect(await pull()).toMatchObject({ counts: { documents: 1, unusable: 1 }, error: undefined });
    body = bundle.toString();
    expect(await pull()).toMatchObject({ counts: { documents: 1, unusable: 0 } });
  });
});

describeCorpus("a MISP feed", () => {
  const folder = path.join(CORPUS, "misp", "feed");
  const events = ["3b9c73b1-e5a0-4fd8-a939-f8580f71f44b", "58503e2f-4c78-442d-833f-8ad202de0b81"];

  test("is read event by event, by its manifest, and only what changed", async () => {
    const manifest: Record<string, object> = Object.fromEntries(
      events.map((uuid, i) => [uuid, { timestamp: String(1000 + i), info: "x" }]),
    );
    const url = await serving((_, response, { pathname }) => {
      const name = path.basename(pathname);
      if (name === "manifest.json") response.end(JSON.stringify(manifest));
      else if (events.includes(name.replace(".json", "")))
        response.end(readFileSync(path.join(folder, name))); // prettier-ignore
      else response.writeHead(404).end();
    });
    await declare({ kind: "misp", url: `${url}/misp` });
    const first = await pull();
    expect(first).toMatchObject({ error: undefined, counts: { documents: 2, unusable: 0 } });
    expect(await state.indicators.count()).toBeGreaterThan(10);
    expect((await pull()).counts.documents).toBe(0);
    // One that is older than what was read, and gone; and what is no event.
    manifest["5908888b-0154-4a69-b0b2-72090a016219"] = { timestamp: 7 };
    manifest["../../etc/passwd"] = { timestamp: 2000 };
    const third = await pull();
    expect(third.counts).toMatchObject({ documents: 0, unusable: 2 });
    expect(third.counts.problem).toContain("5908888b");
    expect(third.error).toBeUndefined();
    expect(host.asked.some((one) => one.includes("passwd"))).toBe(false);
  });
});

describe("a host at fault", () => {
  test.each<{ name: string; serve: Serve; code: string; source?: object }>([
    { name: "hangs", serve: () => undefined, code: "http/timeout" },
    { name: "drips without end", source: { timeoutSeconds: 1 }, code: "feed/too-slow", serve: (_, response) => void setInterval(() => response.destroyed || response.write(" "), 50).unref() }, // prettier-ignore
    { name: "breaks off", code: "http/unreachable", serve: (request, response) => { response.writeHead(200, { "content-length": "99" }); response.write("x"); setTimeout(() => request.socket.destroy(), 20); } }, // prettier-ignore
    { name: "answers 500", serve: (_, response) => void response.writeHead(500).end(), code: "feed/answer-unexpected" }, // prettier-ignore
    { name: "answers 401", serve: (_, response) => void response.writeHead(401).end(), code: "feed/refused" }, // prettier-ignore
    { name: "answers 403", serve: (_, response) => void response.writeHead(403).end(), code: "feed/refused" }, // prettier-ignore
    { name: "answers 406", serve: (_, response) => void response.writeHead(406).end(), code: "feed/answer-unexpected" }, // prettier-ignore
    { name: "answers with a web page", serve: (_, response) => void response.end("<html>"), code: "feed/answer-unexpected" }, // prettier-ignore
    { name: "answers without end", source: { maxBytes: 1_000_000 }, code: "http/too-large", serve: (_, response) => { const more = () => { while (!response.destroyed && response.write(Buffer.alloc(65_536))); }; response.on("drain", more); more(); } }, // prettier-ignore
    { name: "answers with a bomb", source: { maxBytes: 1_000_000 }, code: "http/too-large", serve: (_, response) => void response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(20_000_000))) }, // prettier-ignore
    { name: "sends elsewhere, to a private address", source: { allowPrivate: false, allowHosts: ["127.0.0.1"] }, code: "http/address-refused", serve: (_, response) => void response.writeHead(302, { location: "http://169.254.169.254/" }).end() }, // prettier-ignore
    { name: "sends round and round", serve: (_, response) => void response.writeHead(302, { location: "/again" }).end(), code: "http/redirect-refused" }, // prettier-ignore
  ])(
    "that $name fails the feed with $code, and it is tried again later",
    async ({ serve, code, source }) => {
      // prettier-ignore
      const url = await serving(serve);
      await declare({ kind: "taxii", url: `${url}/taxii2/`, ...source });
      const done = await pull();
      expect(done.error?.code).toBe(code);
      expect(done).toMatchObject({ failures: 1, running: undefined, nextAt: NOON + 30_000 });
      expect(await pull()).toMatchObject({ failures: 2 });
    },
  );

  test("that a zip bomb comes from fails the feed", async () => {
    const url = await serving((_, response) => response.end(gzipSync(Buffer.alloc(20_000_000))));
    await declare({ kind: "file", url: `${url}/feed.gz`, maxBytes: 1_000_000 });
    expect((await pull()).error?.code).toBe("feed/not-unpacked");
  });

  test("that fails again and again is asked less and less, and as usual once it is well", async () => {
    let isWell = false;
    const serve = taxii(added(1), 10);
    const url = await serving((request, response, asked) => {
      if (isWell) serve(request, response, asked);
      else response.writeHead(500).end();
    });
    await declare({ kind: "taxii", url: `${url}/taxii2/` });
    const pauses = [];
    for (let i = 0; i < 12; i++) pauses.push((await pull()).nextAt - now);
    expect(pauses.slice(0, 4)).toEqual([30_000, 60_000, 120_000, 240_000]);
    expect(pauses.at(-1)).toBe(6 * 3_600_000);
    isWell = true;
    expect(await pull()).toMatchObject({ failures: 0, nextAt: NOON + EVERY_MS, error: undefined });
  });

  test.each([
    { said: "7200", want: 7_200_000 },
    { said: new Date(NOON + 3_600_000).toUTCString(), want: 3_600_000 },
    { said: "soon", want: 30_000 },
  ])("that is busy is asked again when it says: $said", async ({ said, want }) => {
    const url = await serving((_, response) =>
      response.writeHead(429, { "retry-after": said, date: new Date(NOON).toUTCString() }).end(),
    );
    await declare({ kind: "taxii", url });
    const done = await pull();
    expect(done.error?.code).toBe("feed/busy");
    expect(done.nextAt).toBe(NOON + want);
  });

  test("one document that can't be stored as a whole loses no other", async () => {
    const all = [
      { at: "2024-01-01T00:00:00Z", object: indicator(0) },
      { at: "2024-01-01T00:00:01Z", object: { type: "nonsense" } },
      { at: "2024-01-01T00:00:02Z", object: indicator(2) },
    ];
    const url = await serving(taxii(all, 1));
    await declare({ kind: "taxii", url: `${url}/taxii2/` });
    expect((await pull()).error).toBeUndefined();
    expect(await ids()).toEqual([0, 2]);
  });
});

describe("a policy", () => {
  test("gives what is missing and refuses what is not meant", async () => {
    const all = [
      { at: "1", object: indicator(0) },
      { at: "2", object: indicator(1, { confidence: 90, valid_until: "2025-01-01T00:00:00Z" }) },
      { at: "3", object: indicator(2, { pattern: "[domain-name:value = 'evil.example']" }) },
    ];
    const url = await serving(taxii(all, 10));
    const policy = { confidence: 40, ttlDays: 10, types: ["process"], subdomains: true };
    await declare({ kind: "taxii", url: `${url}/taxii2/`, policy });
    const { counts } = await pull();
    expect(counts.entries).toMatchObject({ accepted: 2, rejected: 1 });
    const found = await state.indicators.list({ feed: "f" }, 0, 10);
    expect(found.map(({ confidence, validUntil }) => [confidence, validUntil])).toEqual([
      [40, Date.parse("2024-01-11T00:00:00Z")],
      [90, Date.parse("2025-01-01T00:00:00Z")],
    ]);
    const [record] = await state.imports.list(0, 1);
    expect(record?.entries[2]).toMatchObject({ code: "feed/type-not-allowed" });
    const [pattern] = await state.patterns.find([found[0]?.patternKey ?? ""]);
    expect(pattern?.options).toEqual({ mode: "observable", subdomains: true });
  });

  test("that changes what patterns mean leaves none of the old ones live", async () => {
    const all = [{ at: "1", object: indicator(0, { pattern: "[domain-name:value = 'evil.example']" }) }]; // prettier-ignore
    const url = await serving(taxii(all, 10));
    const live = async (): Promise<readonly boolean[]> => {
      const found: boolean[] = [];
      for await (const part of state.patterns.changes(0, await state.patterns.bound())) {
        found.push(...part.filter((one) => one.live).map((one) => one.options.subdomains));
      }
      return found;
    };
    await declare({ kind: "taxii", url: `${url}/taxii2/` });
    await pull();
    expect(await live()).toEqual([false]);
    await declare({ kind: "taxii", url: `${url}/taxii2/`, policy: { subdomains: true } });
    await pull();
    expect(await live()).toEqual([true]);
  });

  test("that changes has the feed read from its beginning", async () => {
    const url = await serving(taxii(added(3), 10));
    await declare({ kind: "taxii", url: `${url}/taxii2/` });
    await pull();
    await declare({ kind: "taxii", url: `${url}/taxii2/`, policy: { confidence: 15 } });
    await pull();
    const found = await state.indicators.list({ feed: "f" }, 0, 10);
    expect(found.map(({ confidence }) => confidence)).toEqual([15, 15, 15]);
  });
});

/** Two stored files, `a.txt` and `b.txt`, a domain name in each. */
const ZIP = Buffer.from(
  "UEsDBBQAAAAAAAAAIViZpWdpDAAAAAwAAAAFAAAAYS50eHRvbmUuZXhhbXBsZQpQSwMEFAAAAAAAAAAhWOyGdNYMAAAADAAAAAUAAABiLnR4dHR3by5leGFtcGxlClBLAQIUAxQAAAAAAAAAIViZpWdpDAAAAAwAAAAFAAAAAAAAAAAAAACAAQAAAABhLnR4dFBLAQIUAxQAAAAAAAAAIVjshnTWDAAAAAwAAAAFAAAAAAAAAAAAAACAAS8AAABiLnR4dFBLBQYAAAAAAgACAGYAAABeAAAAAAA=",
  "base64",
);
