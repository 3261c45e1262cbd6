/** Secrets: each is given by a variable or by a file that `NAME_FILE` names. No value of one is ever told. */
import { readFileSync } from "node:fs";
import { readToken, type Token } from "../core/access/token.ts";
import { ServiceError } from "../core/errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What the table in the README says of a secret. */
export const secrets = {
  ADMIN_API_KEY: {
    allowed: "`stixsweep_<id>_<secret>`, 16 and 64 random hexadecimal digits",
    description: "An API key with scope admin, good as long as it is set; it is not stored.",
  },
  REDIS_URL: {
    allowed: "`redis://…` or `rediss://…`, with user and password where they are needed",
    description: "Redis or Valkey, for the roles of a cluster.",
  },
  ELASTICSEARCH_PASSWORD: {
    allowed: "any text",
    description: "Password of `ELASTICSEARCH_USERNAME`.",
  },
  ELASTICSEARCH_API_KEY: {
    allowed: "base64 text",
    description: "API key of the engine, instead of user and password.",
  },
} as const;

export interface Secrets {
  readonly ADMIN_API_KEY: Token | undefined;
  readonly REDIS_URL: string | undefined;
  readonly ELASTICSEARCH_PASSWORD: string | undefined;
  readonly ELASTICSEARCH_API_KEY: string | undefined;
}

/** Reads all secrets that the service takes; throws `config/invalid`. */
export function readSecrets(env: Environment): Secrets {
  const redis = readSecret(env, "REDIS_URL");
  if (redis !== undefined && !/^rediss?:\/\/./.test(redis)) {
    throw invalid(`REDIS_URL must be ${secrets.REDIS_URL.allowed}`);
  }
  return {
    ADMIN_API_KEY: readKey(env, "ADMIN_API_KEY"),
    REDIS_URL: redis,
    ELASTICSEARCH_PASSWORD: readSecret(env, "ELASTICSEARCH_PASSWORD"),
    ELASTICSEARCH_API_KEY: readSecret(env, "ELASTICSEARCH_API_KEY"),
  };
}

/** Secrets that sources and webhooks name, by their kind and name; undefined where one is not set. */
export interface NamedSecrets {
  /** `FEED_SECRET_<NAME>` */
  readonly feed: (name: string) => string | undefined;
  /** `WEBHOOK_SECRET_<NAME>` */
  readonly webhook: (name: string) => string | undefined;
}

export function namedSecrets(env: Environment): NamedSecrets {
  return {
    feed: (name) => readSecret(env, `FEED_SECRET_${name}`),
    webhook: (name) => readSecret(env, `WEBHOOK_SECRET_${name}`),
  };
}

/** Fewer different digits among 64 random ones come up once in 10^15: such a secret was typed. */
const DIGITS = 9;

/** Reads an API key from the environment; undefined where it is not set. Throws `config/invalid`. */
export function readKey(env: Environment, name: string): Token | undefined {
  const text = readSecret(env, name);
  if (text === undefined) {
    return undefined;
  }
  const token = readToken(text);
  if (token === undefined) {
    throw invalid(`${name} must be ${secrets.ADMIN_API_KEY.allowed}`);
  }
  if (new Set(token.secret).size < DIGITS) {
    throw invalid(`${name} has a secret that is not random`);
  }
  return token;
}

/** Reads a secret, without the white space around it. */
function readSecret(env: Environment, name: string): string | undefined {
  const [value, file] = [env[name], env[`${name}_FILE`]];
  if (value !== undefined && file !== undefined) {
    throw invalid(`${name} and ${name}_FILE are both set`);
  }
  return file === undefined ? value?.trim() : readFile(file, `${name}_FILE`);
}

/** Tells neither path nor cause: somebody may have put the secret itself where its file belongs. */
function readFile(file: string, name: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw invalid(`the file that ${name} names can't be read (${code})`);
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError("config/invalid", message);
}
