import { StixError } from "stix2-ts";
import { ServiceError } from "../core/errors.ts";
import { printableLines } from "./printable.ts";
import type { Output } from "./scan-command.ts";

const USAGE = `stixsweep: matches STIX 2 and OpenIOC indicators against Sysmon events

  stixsweep serve [--sample] [PATH…]                 the embedded service
  stixsweep feed-puller | sweep-worker | api         a role of a cluster, in any number
  stixsweep scan PATH… --indicators FILE… [--format text|json|ndjson|stix] [--mode observable|spec]
  stixsweep explain PATH… --indicators FILE… --indicator ID --event ID|FILE:LINE [--mode …]
  stixsweep preview FILE [--days N] [--json]                 what importing a feed file would do
  stixsweep keys add NAME --scopes read,triage,feeds,admin [--expires 90d]
  stixsweep keys list
  stixsweep keys revoke ID
  stixsweep plan [--json] | plan pause | plan resume         what would be swept now, and how
  stixsweep jobs list [--queue pulls|fetch|parts|sweeps|folds]      jobs that failed too often
  stixsweep jobs replay ID | --all [--queue …]
  stixsweep doctor [--json]                                  what could be wrong with settings, engine, Redis, feeds

scan ends with 0 (no match), 1 (matches) or 2 (no input could be read).
`;

const output: Output = {
  out: async (text) => {
    if (!process.stdout.write(text)) {
      await new Promise((resolve) => process.stdout.once("drain", resolve));
    }
  },
  err: (text) => void process.stderr.write(printableLines(text)),
};

/** Each command loads what it needs: a scan starts without the store's libraries. */
async function run([command, ...args]: readonly string[]): Promise<number> {
  switch (command) {
    case "serve":
      return (await import("./serve-command.ts")).serveCommand(args, output, process.env);
    case "scan":
      return (await import("./scan-command.ts")).scanCommand(args, output);
    case "explain":
      return (await import("./explain-command.ts")).explainCommand(args, output);
    case "keys":
      return (await import("./keys-command.ts")).keysCommand(args, output, process.env);
    case "doctor":
      return (await import("./doctor-command.ts")).doctorCommand(args, output, process.env);
    case "jobs":
      return (await import("./jobs-command.ts")).jobsCommand(args, output, process.env);
    case "plan":
      return (await import("./plan-command.ts")).planCommand(args, output, process.env);
    case "preview":
      return (await import("./preview-command.ts")).previewCommand(args, output, process.env);
    case "feed-puller":
    case "sweep-worker":
    case "api":
      return (await import("./role-command.ts")).roleCommand(command, args, output, process.env);
    case "help":
    case "--help":
      await output.out(USAGE);
      return 0;
    default:
      output.err(USAGE);
      return 2;
  }
}

// A reader that goes away (`| head`) is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 2);
});

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ServiceError) && !(error instanceof StixError)) {
    throw error;
  }
  output.err(`stixsweep: ${error.message} (${error.code})\n`);
  process.exitCode = 2;
}
