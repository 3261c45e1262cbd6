import { readFile } from "node:fs/promises";
import path from "node:path";
import type { z } from "zod";
import { previewAnswer } from "../api/describe-preview.ts";
import { messageOf, ServiceError } from "../core/errors.ts";
import { apiOf } from "./api-client.ts";
import { readArguments } from "./arguments.ts";
import { entriesReport } from "./import-report.ts";
import { printableLines } from "./printable.ts";
import type { Output } from "./scan-command.ts";

const USAGE = "usage: stixsweep preview FILE [--days N] [--json]";

type Shown = z.output<typeof previewAnswer>;

/** Hosts, and indicators, that are shown to people. */
const SHOWN = 20;

/** `preview FILE`: what importing it would do, through the API of a server that runs. Ends with 2 where it is unusable. */
export async function previewCommand(
  args: readonly string[],
  output: Output,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const given = readArguments(args, ["days"], ["json"]);
  const [file, ...more] = given.words;
  if (file === undefined || more.length > 0) {
    throw new ServiceError("config/usage", USAGE);
  }
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new ServiceError("config/usage", `${file}: ${messageOf(error)}`, { cause: error });
  });
  const query = new URLSearchParams({ name: path.basename(file), dryRun: "true" });
  const days = given.values("days").at(-1);
  if (days !== undefined) query.set("days", days);
  const preview = await apiOf(env).ask("POST", `imports?${query.toString()}`, previewAnswer, bytes);
  await output.out(
    given.has("json") ? `${JSON.stringify(preview, undefined, 2)}\n` : text(preview),
  );
  return preview.error === null ? 0 : 2;
}

function text(preview: Shown): string {
  const { name, error, counts, entries, search, hosts, patternsHit, since } = preview;
  if (error !== null) {
    return printableLines(`${name}: can't be imported: ${error}\n`);
  }
  const report = entriesReport(
    name,
    entries.map(({ id, code, reason, repaired, warningLists, ...one }) => ({
      ...one,
      id,
      code,
      reason,
      ...(repaired !== undefined && { repaired }),
      ...(warningLists !== undefined && { warningLists }),
    })),
  );
  const hit = entries.filter((one) => one.hits !== null);
  const lines = [
    `${counts["duplicates"] ?? 0} are live already, ${counts["repeated"] ?? 0} are repeated in the file, ${counts["warningListed"] ?? 0} are on warning lists`,
    preview.hits === null
      ? `no hits since ${since ?? ""}`
      : `since ${since ?? ""}: ${counted(preview.hits)}, ${patternsHit} patterns on ${preview.hits.hosts} hosts`,
    ...hosts.slice(0, SHOWN).map((one) => `  ${one.host || "(no host)"}: ${counted(one)}`),
    ...rest(preview.hits?.hosts ?? 0, "hosts"),
    ...hit
      .toSorted((a, b) => (b.hits?.matches ?? 0) - (a.hits?.matches ?? 0))
      .slice(0, SHOWN)
      .map(({ id, hits: one }) => (one === null ? "" : `  ${id ?? ""}: ${counted(one)} on ${one.hosts} hosts`)), // prettier-ignore
    ...rest(hit.length, "indicators"),
    ...(search === null ? [] : reach(search)),
  ];
  return report + lines.map((line) => printableLines(`${line}\n`)).join("");
}

function counted({
  matches,
  heldBack,
  first,
  last,
}: Pick<Shown["hosts"][number], "matches" | "heldBack" | "first" | "last">): string {
  const held = heldBack > 0 ? ` (${heldBack} would raise no alert)` : "";
  return `${matches} matches${held} from ${first ?? "?"} to ${last ?? "?"}`;
}

function rest(count: number, what: string): readonly string[] {
  return count > SHOWN ? [`  … and ${count - SHOWN} more ${what}`] : [];
}

/** What was not looked at, if anything. */
function reach({ complete, stoppedBy, events, parts, problems }: NonNullable<Shown["search"]>) {
  return [
    complete
      ? `all ${events} events were searched`
      : `not all was searched${stoppedBy === null ? "" : stoppedBy === "time" ? ": the time was up" : ": there are too many matches"}; the newest events come first`,
    ...(complete
      ? []
      : parts.map((part) => `  ${part.patterns} patterns met ${part.events} of ${events} events`)),
    ...problems.map((problem) => `  ${problem}`),
  ];
}
