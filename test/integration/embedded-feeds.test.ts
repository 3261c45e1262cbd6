/** Feeds that files declare, taken by the embedded service from real hosts. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openEmbedded, type Embedded } from "../../services/runtime/compose.ts";
import { readConfig } from "../../services/runtime/config.ts";
import { namedSecrets, readSecrets } from "../../services/runtime/secrets.ts";
import { FeedHost, indicator, taxii, type Added } from "../support/feed-host.ts";
import { until } from "../support/role-cluster.ts";

let folder: string;
let services: Embedded[];
let hosts: FeedHost[];
let warned: unknown[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "stixsweep-feeds-"));
  mkdirSync(path.join(folder, "sources"));
  [services, hosts, warned] = [[], [], []];
});
afterEach(async () => {
  for (const service of services) await service.close();
  for (const host of hosts) host.close();
  rmSync(folder, { recursive: true });
});

async function open(): Promise<Embedded> {
  const env = {
    DATA_DIR: path.join(folder, "data"),
    INBOX_DIR: path.join(folder, "inbox"),
    FEEDS_DIR: path.join(folder, "sources"),
  };
  const logger = { info: () => undefined, warn: (told: unknown) => void warned.push(told) };
  const service = await openEmbedded(readConfig(env), readSecrets({}), logger, namedSecrets({}));
  services.push(service);
  return service;
}

async function close(service: Embedded): Promise<void> {
  services = services.filter((one) => one !== service);
  await service.close();
}

async function serving(serve: FeedHost["serve"]): Promise<string> {
  const made = await new FeedHost(serve).listen();
  hosts.push(made);
  return made.url;
}

function declare(name: string, source: object): void {
  const all = { kind: "taxii", allowPrivate: true, jitterSeconds: 0, requestsPerMinute: 10_000, ...source }; // prettier-ignore
  writeFileSync(path.join(folder, "sources", `${name}.json`), JSON.stringify(all));
}

const added = (from: number, to: number): Added[] =>
  Array.from({ length: to - from }, (_, i) => ({
    at: new Date(Date.UTC(2024, 0, 1) + (from + i) * 1000).toISOString(),
    object: indicator(from + i),
  }));

async function has(service: Embedded, count: number): Promise<void> {
  const isThere = await until(async () => (await service.state.indicators.count()) === count, 20);
  expect(isThere).toBe(true);
}

test("a host that hangs holds up no other; a file that is broken is told, and mended without a restart", async () => {
  const url = await serving(taxii(added(0, 30), 10));
  declare("slow", { url: await serving(() => undefined) });
  declare("good", { url: `${url}/taxii2/` });
  writeFileSync(path.join(folder, "sources", "broken.json"), '{"kind": "taxii", "urll": "x"}');
  const service = await open();
  await service.lookAtFeeds();
  await has(service, 30);
  const { records } = service.state;
  expect((await records.get("feed", "broken"))?.record).toMatchObject({ origin: "file" });
  expect((await records.get("feed", "broken"))?.record.problem).toContain("urll");
  expect((await records.get("feed-state", "slow"))?.record.running).toBeDefined();
  declare("broken", { kind: "file", url: await serving((_, response) => response.end("evil.example\n")) }); // prettier-ignore
  await service.lookAtFeeds();
  await has(service, 31);
  expect((await records.get("feed", "broken"))?.record.problem).toBeUndefined();
});

test("a feed that was being taken when the service ended is taken up where it stood", async () => {
  const pages: string[] = [];
  const serve = taxii(added(0, 40), 10);
  let held = true;
  const url = await serving((request, response, asked) => {
    if (asked.pathname.endsWith("/objects/")) pages.push(asked.search);
    if (held && asked.searchParams.get("next") === "20") return; // hangs
    serve(request, response, asked);
  });
  declare("good", { url: `${url}/taxii2/`, pauseSeconds: 60 });
  const service = await open();
  await service.lookAtFeeds();
  await has(service, 20);
  await until(() => pages.length === 3, 10);
  await close(service);
  held = false;
  const again = await open();
  await again.lookAtFeeds();
  await has(again, 40);
  await until(async () => {
    const found = await again.state.records.get("feed-state", "good");
    return found?.record.succeededAt !== undefined;
  }, 10);
  const { record } = (await again.state.records.get("feed-state", "good")) ?? {};
  expect(record).toMatchObject({ failures: 0 });
  expect(record?.error).toBeUndefined();
  expect(pages[3]).toContain("added_after=2024-01-01T00%3A00%3A18.999Z");
  expect(warned).toEqual([]);
});
