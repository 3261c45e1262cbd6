import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { findFiles } from "../adapters/files/find-files.ts";
import { readLines } from "../adapters/files/read-lines.ts";
import { contentHash } from "../adapters/crypto/hash.ts";
import { makeApi } from "../api/api.ts";
import { messageOf, ServiceError } from "../core/errors.ts";
import type { ImportRecord } from "../core/records.ts";
import { openEmbedded, type Embedded } from "../runtime/compose.ts";
import { readConfig, type Config } from "../runtime/config.ts";
import { makeLogger } from "../runtime/logger.ts";
import { sampleBundle, sampleOpenIoc } from "../sample/index.ts";
import { readArguments } from "./arguments.ts";
import { SAMPLE_SOURCE, sampleLines } from "./sample-lines.ts";
import type { Output } from "./scan-command.ts";

/** `serve [--sample] [PATH…]`: the embedded service, until it is told to stop. */
export async function serveCommand(
  args: readonly string[],
  { out }: Output,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const started = performance.now();
  const given = readArguments(args, [], ["sample"]);
  const config = readConfig(env);
  const logger = makeLogger(config.LOG_LEVEL);
  const stop = stopSignal();
  const service = await openEmbedded(config);
  const problems = new Map<string, string>([["loading", "loading events and indicators"]]);
  try {
    const app = makeApi({
      state: service.state,
      events: service.events,
      now: () => Date.now(),
      semantics: service.semantics,
      ready: () => [...problems.values()],
      importFile: async (name, bytes) => service.importFile("upload", name, bytes),
      addEvents: async (source, text) =>
        service.ingest(contentHash(Buffer.from(`${source}\n${text}`)), source, [
          text.split("\n").map((line, i) => ({ line: i + 1, text: line })),
        ]),
      maxBodyBytes: config.MAX_BODY_BYTES,
      logger,
    });
    const server = app.listen(config.PORT, config.HOST);
    await Promise.race([
      once(server, "listening"),
      once(server, "error").then(([error]: unknown[]) => {
        throw new ServiceError(
          "api/cannot-listen",
          `PORT ${config.PORT} on ${config.HOST}: ${error instanceof Error ? error.message : ""}`,
          { cause: error },
        );
      }),
    ]);
    try {
      if (given.has("sample")) {
        await loadSample(service, out);
      }
      await loadPaths(service, given.words, out);
      const swept = await service.tick(stop);
      problems.delete("loading");
      const { port } = server.address() as AddressInfo;
      await out(await summary(service, config, port, swept.matches, started));
      await keepUp(service, config, stop, problems, out, logger);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  } finally {
    await service.close();
  }
  return 0;
}

function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => controller.abort());
  }
  return controller.signal;
}

async function loadSample(service: Embedded, out: Output["out"]): Promise<void> {
  await service.ingest(SAMPLE_SOURCE, "sample", sampleLines());
  const bundle = Buffer.from(JSON.stringify(sampleBundle()));
  await out(report(await service.importFile("sample", "wannacry.json", bundle)));
  await out(
    report(await service.importFile("sample", "wannacry.ioc", Buffer.from(sampleOpenIoc()))),
  );
}

async function loadPaths(
  service: Embedded,
  paths: readonly string[],
  out: Output["out"],
): Promise<void> {
  const { files, skipped } = await findFiles(paths);
  for (const { path, reason } of skipped) {
    await out(`skipped ${path}: ${reason}\n`);
  }
  for (const file of files) {
    const loaded = await service.ingest(`file ${file}`, file, readLines(file));
    await out(
      `${file}: ${loaded.stored} events, ${loaded.notSysmon} not Sysmon, ${loaded.brokenCount} broken\n`,
    );
  }
}

/** Looks, sweeps and folds until told to stop. */
async function keepUp(
  service: Embedded,
  config: Config,
  stop: AbortSignal,
  problems: Map<string, string>,
  out: Output["out"],
  logger: ReturnType<typeof makeLogger>,
): Promise<void> {
  while (!stop.aborted) {
    try {
      for (const file of await service.inbox.look()) {
        await out(
          "problem" in file
            ? `feeds/inbox ${file.name}: ${file.problem}\n`
            : report(await service.importFile("inbox", file.name, file.bytes)),
        );
      }
      const done = await service.tick(stop);
      if (done.alerts > 0) {
        await out(`${done.matches} new matches, ${done.alerts} alerts new or changed\n`);
      }
      problems.delete("tick");
    } catch (error) {
      const reason = messageOf(error);
      problems.set("tick", reason);
      logger.error({ err: error }, "sweep failed; it is tried again");
    }
    await sleep(config.TICK_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}

/** An import's report, for people. */
function report(record: ImportRecord): string {
  if (record.state === "failed") {
    return `${record.name}: not imported: ${record.error ?? ""}\n`;
  }
  const counts = Object.entries(record.counts)
    .filter(([name, count]) => name !== "indicators" && count > 0)
    .map(([name, count]) => `${count} ${name}`);
  const lines = record.entries
    .filter((entry) => entry.status !== "accepted")
    .map(
      (entry) => `  ${entry.status} ${entry.id ?? ""} at ${entry.where}: ${entry.reason ?? ""}\n`,
    );
  return `${record.name}: ${counts.join(", ")}\n${lines.join("")}`;
}

async function summary(
  service: Embedded,
  config: Config,
  port: number,
  matches: number,
  started: number,
): Promise<string> {
  const { state } = service;
  const host = config.HOST.includes(":") ? `[${config.HOST}]` : config.HOST;
  const url = `http://${host}:${port}`;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  return [
    "",
    `${service.eventCount()} events, ${await state.indicators.count()} indicators, ` +
      `${(await state.matches.count()).matches} matches (${matches} new), ` +
      `${await state.alerts.count()} alerts, in ${seconds} s`,
    "",
    `  curl '${url}/api/v1/alerts?limit=3'`,
    `  ${url}/api/v1/indicators   ${url}/api/v1/imports   ${url}/api/v1/coverage`,
    "",
    `drop STIX bundles or OpenIOC files into ${config.INBOX_DIR}; stop with Ctrl-C`,
    "",
  ].join("\n");
}
