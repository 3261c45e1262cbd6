import type { AddressInfo } from "node:net";
import { makeApi } from "../api/api.ts";
import { ANSWER_MS } from "../api/polled-answers.ts";
import { openEmbedded, type Embedded } from "../runtime/compose.ts";
import { readConfig, type Config } from "../runtime/config.ts";
import { readConsoleFiles } from "../runtime/console-files.ts";
import { coreDeps } from "../runtime/core-deps.ts";
import { times } from "../runtime/feed-sources.ts";
import { makeHunter } from "../runtime/hunter.ts";
import { journalPicker } from "../runtime/journal-picker.ts";
import { requireKeysBeyondLoopback } from "../runtime/listen-address.ts";
import { makeLogger } from "../runtime/logger.ts";
import { namedSecrets, readSecrets } from "../runtime/secrets.ts";
import { readArguments } from "./arguments.ts";
import { keepUp } from "./keep-up.ts";
import { listen, stopSignal } from "./listen.ts";
import { loadPaths, loadSample } from "./load.ts";
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
  const service = await openEmbedded(config, readSecrets(env), logger, namedSecrets(env));
  const problems = new Map<string, string>([["loading", "loading events and indicators"]]);
  try {
    await requireKeysBeyondLoopback(config.HOST, service.state.apiKeys);
    const console = await readConsoleFiles();
    const app = makeApi({
      ...(console !== undefined && { console }),
      state: service.state,
      keySecrets: service.keySecrets,
      events: service.events,
      hunter: makeHunter(service.events, journalPicker),
      now: () => Date.now(),
      hash: coreDeps.hash,
      regex: coreDeps.regex,
      warningLists: service.warningLists,
      semantics: service.semantics,
      ready: async () => [...problems.values()],
      importFile: async (name, bytes) => service.importFile("upload", name, bytes),
      preview: service.preview,
      addEvents: async (source, text) =>
        service.ingest(undefined, source, [
          text.split("\n").map((line, i) => ({ line: i + 1, text: line })),
        ]),
      jobEvents: config.JOB_EVENTS,
      coldMs: config.COLD_SWEEP_MINUTES * 60_000,
      queues: {},
      times,
      maxBodyBytes: config.MAX_BODY_BYTES,
      requestsPerMinute: config.REQUESTS_PER_MINUTE,
      answerMs: ANSWER_MS,
      stop,
      logger,
    });
    const server = await listen(app, config, config.PORT);
    try {
      if (given.has("sample")) {
        await loadSample(service, out, stop);
      }
      await loadPaths(service, given.words, out, stop);
      const matches = await catchUp(service, stop);
      if (!stop.aborted) {
        problems.delete("loading");
        const { port } = server.address() as AddressInfo;
        await out(await summary(service, config, port, matches, started, console !== undefined));
        await keepUp({ service, tickMs: config.TICK_MS, stop, problems, out, logger });
      }
    } finally {
      server.close();
      server.closeAllConnections();
    }
  } finally {
    await service.close();
  }
  return 0;
}

/** Sweeps all there is; returns how many matches are new. */
async function catchUp(service: Embedded, stop: AbortSignal): Promise<number> {
  for (let matches = 0; ;) {
    const done = await service.tick(stop);
    matches += done.matches;
    if (done.left === 0 || stop.aborted) {
      return matches;
    }
  }
}

async function summary(
  service: Embedded,
  config: Config,
  port: number,
  matches: number,
  started: number,
  hasConsole: boolean,
): Promise<string> {
  const { state } = service;
  const host = config.HOST.includes(":") ? `[${config.HOST}]` : config.HOST;
  const url = `http://${host}:${port}`;
  const key = (await state.apiKeys.any()) ? ' -H "X-API-Key: $STIXSWEEP_API_KEY"' : "";
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  return [
    "",
    `${service.eventCount()} events, ${await state.indicators.count()} indicators, ` +
      `${(await state.matches.count()).matches} matches (${matches} new), ` +
      `${await state.alerts.count()} alerts, in ${seconds} s`,
    "",
    ...(hasConsole ? [`  console: ${url}/`] : ["  no console: npm run build:console makes it"]),
    `  curl '${url}/api/v1/alerts?limit=3'${key}`,
    `  ${url}/api/v1/indicators   ${url}/api/v1/imports   ${url}/api/v1/coverage`,
    "",
    `drop STIX bundles or OpenIOC files into ${config.INBOX_DIR}; stop with Ctrl-C`,
    "",
  ].join("\n");
}
