import { findFiles } from "../adapters/files/find-files.ts";
import { readLines } from "../adapters/files/read-lines.ts";
import { re2 } from "../adapters/regex/re2.ts";
import { ServiceError } from "../core/errors.ts";
import { documentId, documentOf } from "../core/ingest/document.ts";
import { parseLine } from "../core/ingest/ingest-events.ts";
import { makeCompiler } from "../core/match/compile.ts";
import { explain } from "../core/scan/explain.ts";
import { readEvent, type SysmonEvent } from "../core/schema/index.ts";
import { oneOf, readArguments } from "./arguments.ts";
import { loadIndicators } from "./load-indicators.ts";
import { printableLines } from "./printable.ts";
import type { Output } from "./scan-command.ts";

const USAGE =
  "usage: stixsweep explain PATH… --indicators FILE… --indicator ID --event ID|FILE:LINE [--mode observable|spec]";

/** `explain`: says for one indicator and one event which comparisons are met. 1 matched (or a part of a pattern over several events), 0 not, 2 not found. */
export async function explainCommand(
  args: readonly string[],
  { out, err }: Output,
): Promise<number> {
  const given = readArguments(args, ["indicators", "indicator", "event", "mode"]);
  const [indicator, locator] = [given.values("indicator")[0], given.values("event")[0]];
  if (indicator === undefined || locator === undefined || given.words.length === 0) {
    throw new ServiceError("config/usage", USAGE);
  }
  const mode = oneOf(given.values("mode")[0], ["observable", "spec"], "observable", "mode");
  const loaded = await loadIndicators(
    given.values("indicators"),
    { mode, subdomains: false },
    makeCompiler(re2),
  );
  const key = [...loaded.ids].find(([, ids]) => ids.includes(indicator))?.[0];
  const compiled = key === undefined ? undefined : loaded.compiled.get(key);
  if (compiled === undefined) {
    err(`no usable indicator ${indicator} in the files given\n`);
    return 2;
  }
  const event = await findEvent(given.words, locator);
  if (event === undefined) {
    err(`no Sysmon event ${locator} in the files given\n`);
    return 2;
  }
  const say = async (text: string): Promise<void> => out(printableLines(text));
  const told = explain(compiled, event, re2);
  await say(`pattern  ${compiled.pattern.text}\n`);
  await say(`event    ${locator} (Sysmon ${event.eventId}, ${event.host ?? "no host"})\n`);
  for (const { comparison, met, values } of told.comparisons) {
    await say(`${met ? "  met    " : "  not met"} ${comparison}\n`);
    const shown = values.map(({ field, value }) => `${field} = ${JSON.stringify(value)}`);
    await say(`            event has: ${shown.join(", ") || "nothing at this path"}\n`);
  }
  if (!compiled.singleObservation) {
    await say(
      `the pattern takes several events; this one satisfies ${told.operands.join(" and ") || "no part"}\n`,
    );
    return told.operands.length > 0 ? 1 : 0;
  }
  await say(
    `${told.matched ? "MATCH" : "no match"}${told.limitation ? `: ${told.limitation}` : ""}\n`,
  );
  return told.matched ? 1 : 0;
}

async function findEvent(
  paths: readonly string[],
  locator: string,
): Promise<SysmonEvent | undefined> {
  for (const file of (await findFiles(paths)).files) {
    for await (const chunk of readLines(file)) {
      for (const one of chunk) {
        const parsed = parseLine(one);
        const value = parsed !== undefined && "value" in parsed ? parsed.value : undefined;
        if ((documentId(value) ?? `${file}:${one.line}`) === locator) {
          return readEvent(documentOf(value));
        }
      }
    }
  }
  return undefined;
}
