import type { KeyDescription } from "../api/keys.ts";
import { SCOPES } from "../core/access/scopes.ts";
import { readToken } from "../core/access/token.ts";
import { ServiceError } from "../core/errors.ts";
import { openApiKeys } from "../runtime/compose.ts";
import { readConfig, type Config } from "../runtime/config.ts";
import { apiOf } from "./api-client.ts";
import { oneOf, readArguments } from "./arguments.ts";
import { ApiKeyDesk } from "./key-client.ts";
import { FolderKeyDesk, type KeyDesk } from "./key-desk.ts";
import type { Output } from "./scan-command.ts";

const USAGE =
  "usage: stixsweep keys add NAME --scopes SCOPE,… [--expires 90d|12h] | keys list | keys revoke ID";

const HOUR_MS = 3_600_000;
/** Beyond this a date has no four-digit year any more, sooner or later. */
const MAX_HOURS = 24 * 36_500;

/** `keys add|list|revoke`: on the data folder, or through the API of the server that holds it. */
export async function keysCommand(
  args: readonly string[],
  output: Output,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const given = readArguments(args, ["scopes", "expires"]);
  const [action, subject, ...more] = given.words;
  const isList = action === "list";
  if (more.length > 0 || isList !== (subject === undefined)) {
    throw new ServiceError("config/usage", USAGE);
  }
  const options = ["scopes", "expires"].filter((name) => given.has(name));
  if (action !== "add" && options.length > 0) {
    throw new ServiceError("config/usage", USAGE);
  }
  switch (action) {
    case "add": {
      const scopes = given.values("scopes").flatMap((list) => list.split(","));
      const wanted = {
        name: subject ?? "",
        scopes: scopes.map((scope) => oneOf(scope, SCOPES, "read", "scopes")),
        ...expiry(given.values("expires")[0]),
      };
      if (scopes.length === 0) {
        throw new ServiceError("config/usage", USAGE);
      }
      const { token, ...key } = await at(env, (desk) => desk.add(wanted));
      // The token alone on standard output, so that it can go to where it is needed unseen.
      await output.out(`${token}\n`);
      output.err(`key ${describe(key)}; the token is shown this once\n`);
      return 0;
    }
    case "list": {
      const keys = await at(env, (desk) => desk.list());
      await output.out(keys.map((key) => `${describe(key)}\n`).join(""));
      output.err(keys.length === 0 ? "there are no keys\n" : "");
      return 0;
    }
    case "revoke": {
      // Of a key that leaked, the token is what is at hand; it must not travel in a path.
      const id = readToken(subject ?? "")?.id ?? subject ?? "";
      await output.out(`${describe(await at(env, (desk) => desk.revoke(id)))}\n`);
      return 0;
    }
    default:
      throw new ServiceError("config/usage", USAGE);
  }
}

/** Goes where STIXSWEEP_URL says; where it says nothing, to the data folder, or to the server that holds it. */
async function at<T>(env: NodeJS.ProcessEnv, work: (desk: KeyDesk) => Promise<T>): Promise<T> {
  const config = readConfig(env);
  const folder = env["STIXSWEEP_URL"] === undefined ? tryFolder(config) : undefined;
  if (folder === undefined) {
    return work(new ApiKeyDesk(apiOf(env)));
  }
  try {
    return await work(new FolderKeyDesk(folder));
  } finally {
    folder.close();
  }
}

function tryFolder(config: Config): ReturnType<typeof openApiKeys> | undefined {
  try {
    return openApiKeys(config);
  } catch (error) {
    if (error instanceof ServiceError && error.code === "state/locked") {
      return undefined;
    }
    throw error;
  }
}

function expiry(given: string | undefined): { readonly expiresAt?: string } {
  if (given === undefined) {
    return {};
  }
  const [, count, unit] = /^(\d{1,6})([dh])$/.exec(given) ?? [];
  const hours = Number(count) * (unit === "d" ? 24 : 1);
  if (count === undefined || hours === 0 || hours > MAX_HOURS) {
    throw new ServiceError("config/usage", `--expires ${given}: must be like 90d or 12h`);
  }
  return { expiresAt: new Date(Date.now() + hours * HOUR_MS).toISOString() };
}

function describe(key: KeyDescription): string {
  const ends = key.expiresAt === null ? "no expiry" : `expires ${key.expiresAt}`;
  const used = key.lastUsedAt === null ? "never used" : `last used ${key.lastUsedAt}`;
  const revoked = key.revokedAt === null ? [] : [`revoked ${key.revokedAt}`];
  return [key.id, key.name, key.scopes.join(","), ends, used, ...revoked].join("  ");
}
