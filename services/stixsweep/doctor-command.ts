import { examine, type Finding } from "../runtime/doctor.ts";
import { readConfig } from "../runtime/config.ts";
import { namedSecrets, readSecrets, secrets as known } from "../runtime/secrets.ts";
import { readArguments } from "./arguments.ts";
import { printable } from "./printable.ts";
import type { Output } from "./scan-command.ts";

const MARKS = { good: "ok  ", warn: "warn", bad: "BAD " } as const;

/**
 * `doctor [--json]`: looks at settings, folders, engine, Redis, clocks and feed files, and changes nothing. Ends with 1 where
 * something is bad. With `--json` it tells the settings too, and of secrets only which are set: to be passed on.
 */
export async function doctorCommand(
  args: readonly string[],
  { out }: Output,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const given = readArguments(args, [], ["json"]);
  const config = readConfig(env);
  const secrets = readSecrets(env);
  const findings = await examine(config, secrets, namedSecrets(env));
  if (given.has("json")) {
    const { node, platform, arch } = { node: process.version, ...process };
    const set = Object.keys(known).filter((name) => secrets[name as keyof typeof secrets] !== undefined); // prettier-ignore
    const bundle = { at: new Date().toISOString(), node, platform, arch, settings: config, secretsSet: set, findings }; // prettier-ignore
    await out(`${JSON.stringify(bundle, undefined, 2)}\n`);
  } else {
    await out(findings.map(toLine).join(""));
  }
  return findings.some(({ is }) => is === "bad") ? 1 : 0;
}

function toLine({ what, is, detail }: Finding): string {
  return `${MARKS[is]}  ${printable(what)}: ${printable(detail)}\n`;
}
