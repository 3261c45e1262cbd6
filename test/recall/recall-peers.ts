/**
 * The recall corpus by the query shapes of others, and by ours: `npm run recall [-- --write]`; with --write the table goes to
 * docs/recall.md.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { startEngine, type EngineName } from "../engines/engine.ts";
import { STORM } from "./peers/bursts.ts";
import { hitsWithoutSize, runPeers, type PeerRow } from "./peers/run-peers.ts";

const { values: args } = parseArgs({ options: { write: { type: "boolean" } } });

const count = (n: number): string => n.toLocaleString("en");

function table(rows: readonly PeerRow[]): string {
  const cells = rows.map(({ who, score, storm, disorder }) => [
    who,
    `${score.exact} of ${score.cases}`,
    `${score.found} of ${score.wanted}`,
    String(score.wrong),
    `${count(storm)} of ${count(STORM)}`,
    `${disorder} of 3`,
  ]);
  const head = ["who", "cases exact", "events found", "events found wrongly", "hits of one storm", "out of order"]; // prettier-ignore
  const widths = head.map((name, at) => Math.max(name.length, ...cells.map((row) => row[at]?.length ?? 0))); // prettier-ignore
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...cells.map(line)].join(
    "\n",
  );
}

const parts: string[] = [];
const engines: readonly EngineName[] = ["es8", "opensearch2"];
for (const name of engines) {
  const engine = await startEngine(name);
  try {
    const rows = await runPeers(engine.url, name === "es8");
    parts.push(`## ${name === "es8" ? "Elasticsearch 8" : "OpenSearch 2"}\n\n${table(rows)}\n`);
    const failed = rows.filter(({ score }) => score.failed.length > 0);
    const listed = failed.map(({ who, score }) => `- ${who}: ${score.failed.map((one) => `“${one}”`).join("; ")}.`); // prettier-ignore
    if (listed.length > 0) parts.push(`Cases that are not exact:\n\n${listed.join("\n")}\n`);
    if (name !== "es8") {
      const hits = await hitsWithoutSize(engine.url);
      parts.push(
        `Is it true that Security Analytics' search, which names no size, takes ten hits a batch? Of eleven indicators ` +
          `that all stand in one batch, the same search gave ${hits} on the live server.\n`,
      );
    }
  } finally {
    await engine.stop();
  }
}
process.stdout.write(`${parts.join("\n")}\n`);
if (args.write === true) {
  const [cpu] = cpus();
  const intro = `# Recall, beside the query shapes of others

\`npm run recall -- --write\`, ${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpu?.model ?? "?"}, Node ${process.version}.

The corpus (\`test/recall/cases.ts\`) is made of what matchers are known to lose or to find too much. What runs here is each
peer's query shape as its sources and documents tell it, on a real engine over the same events; it is not the peer itself, which
may do more before (normalise at ingest) and less after (time out). SysmonSearch is its version 2, of 2021. Where two readings were possible, the better one for the
peer was taken. _Cases exact_: all events that satisfy the pattern were found, and no other. _Storm_: ${count(STORM)} events of one
indicator. _Out of order_: an event of two days ago, one that arrives three hours late, and a new one, with a new indicator.
In ECS the list of a DNS event's answers is cut at its semicolons, so that an answer that Sysmon cut off looks like a whole one:
what is not there can't be told, by nobody.
`;
  writeFileSync("docs/recall.md", `${intro}\n${parts.join("\n")}`);
}
