/** A feed is taken from medallion, the TAXII 2.1 server of OASIS. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect } from "@jest/globals";
import { HttpFeedReader } from "../../services/adapters/feeds/feed-reader.ts";
import type { FeedCursor } from "../../services/core/feeds/feed-record.ts";
import { feedSources } from "../../services/runtime/feed-sources.ts";
import { indicator } from "../support/feed-host.ts";
import { pythonPackages, pythonTest } from "../support/python.ts";

const PACKAGES = [
  "medallion==3.0.0",
  "Flask==3.1.3",
  "Flask-HTTPAuth==4.8.1",
  "Werkzeug==3.1.9",
  "Jinja2==3.1.6",
  "MarkupSafe==3.0.4",
  "blinker==1.9.0",
  "click==8.5.1",
  "itsdangerous==2.2.0",
  "pytz==2026.6",
  "six==1.17.0",
];
const COLLECTION = "91a7b528-80eb-42ed-a74d-c6fbd5a26116";
const OBJECTS = 250;

let server: ChildProcess | undefined;
let folder: string | undefined;

afterEach(async () => {
  if (server !== undefined) {
    server.kill("SIGKILL");
    await once(server, "exit");
  }
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

function addedAt(i: number): string {
  return `2024-01-01T00:${String(Math.floor(i / 60)).padStart(2, "0")}:${String(i % 60).padStart(2, "0")}.000000Z`;
}

/** Starts medallion with one collection in memory; gives its address. */
async function startMedallion(): Promise<string> {
  folder = mkdtempSync(path.join(tmpdir(), "stixsweep-medallion-"));
  const media = "application/stix+json;version=2.1";
  const objects = Array.from({ length: OBJECTS }, (_, i) => indicator(i));
  const data = {
    "/discovery": { title: "medallion", default: "/trustgroup1/", api_roots: ["/trustgroup1/"] },
    trustgroup1: {
      information: {
        title: "Group",
        versions: ["application/taxii+json;version=2.1"],
        max_content_length: 9_765_625,
      },
      status: [],
      collections: [
        {
          id: COLLECTION,
          title: "High value",
          can_read: true,
          can_write: true,
          media_types: [media],
          manifest: objects.map((object, i) => ({
            id: (object as { id: string }).id,
            date_added: addedAt(i),
            version: "2024-01-01T00:00:00.000Z",
            media_type: media,
          })),
          objects: objects.map((object, i) => ({ ...object, _date_added: addedAt(i) })),
        },
      ],
    },
  };
  writeFileSync(path.join(folder, "data.json"), JSON.stringify(data));
  const backend = { module: "medallion.backends.memory_backend", module_class: "MemoryBackend", filename: path.join(folder, "data.json") }; // prettier-ignore
  const settings = { backend, users: { reader: "pass" }, taxii: { max_page_size: 40 } };
  writeFileSync(path.join(folder, "config.json"), JSON.stringify(settings));
  const port = await freePort();
  const packages = pythonPackages("medallion-3.0.0", PACKAGES);
  const args = ["-m", "medallion.scripts.run", "--port", String(port), path.join(folder, "config.json")]; // prettier-ignore
  server = spawn("python3", args, { env: { ...process.env, PYTHONPATH: packages }, stdio: "ignore" }); // prettier-ignore
  const url = `http://127.0.0.1:${port}/taxii2/`;
  for (let i = 0; i < 300; i++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer !== undefined) return url;
    await sleep(100);
  }
  throw new Error("medallion does not answer");
}

pythonTest(
  "a collection of medallion is read whole, page by page, and then on from there",
  async () => {
    const url = await startMedallion();
    const source = feedSources.parse({
      kind: "taxii",
      url,
      allowPrivate: true,
      pageSize: 1000,
      requestsPerMinute: 10_000,
      auth: { kind: "basic", username: "reader", secret: "MEDALLION" },
    });
    const reader = new HttpFeedReader({ secretOf: () => "pass" });
    let cursor: FeedCursor | undefined;
    const read = async (): Promise<string[][]> => {
      const pages: string[][] = [];
      for await (const step of reader.read(source, cursor, AbortSignal.timeout(60_000))) {
        cursor = step.cursor;
        if (step.document !== undefined) {
          const text = Buffer.from(step.document.bytes).toString();
          const { objects } = JSON.parse(text) as { objects: { id: string }[] };
          pages.push(objects.map(({ id }) => id));
        }
      }
      return pages;
    };
    const pages = await read();
    expect(pages.length).toBeGreaterThan(5);
    expect(pages.flat().toSorted()).toEqual(
      Array.from({ length: OBJECTS }, (_, i) => (indicator(i) as { id: string }).id),
    );
    expect(await read()).toEqual([]);

    const wrong = new HttpFeedReader({ secretOf: () => "wrong" });
    const refused = wrong.read(source, undefined, AbortSignal.timeout(10_000)).next();
    await expect(refused).rejects.toMatchObject({ code: "feed/refused" });
  },
  120_000,
);
