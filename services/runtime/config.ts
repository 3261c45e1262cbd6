import { z } from "zod";
import { ServiceError } from "../core/errors.ts";

/** One setting: what README's table says, and what is allowed. */
export interface Setting {
  readonly name: string;
  readonly fallback: string;
  readonly description: string;
  /** In words, for the error message. */
  readonly allowed: string;
}

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/;

function whole(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));
}

const flag = z.enum(["true", "false"]).transform((text) => text === "true");

const schema = z.object({
  PORT: whole(0, 65_535),
  HOST: z.string().regex(LOOPBACK),
  DATA_DIR: z.string().min(1),
  INBOX_DIR: z.string().min(1),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]),
  MATCH_MODE: z.enum(["observable", "spec"]),
  SUBDOMAINS: flag,
  TICK_MS: whole(50, 3_600_000),
  SEGMENT_EVENTS: whole(100, 5_000_000),
  JOB_EVENTS: whole(100, 1_000_000),
  MAX_BODY_BYTES: whole(1024, 268_435_456),
});

export type Config = z.infer<typeof schema>;

/** Every setting there is, in the order of README's table. */
export const settings: readonly Setting[] = [
  {
    name: "PORT",
    fallback: "8080",
    description: "TCP port of the API",
    allowed: "0 to 65535; 0 takes a free one",
  },
  {
    name: "HOST",
    fallback: "127.0.0.1",
    description: "address that the API listens on",
    allowed: "a loopback address: there are no API keys yet",
  },
  {
    name: "DATA_DIR",
    fallback: "data",
    description: "folder of events and state",
    allowed: "a folder",
  },
  {
    name: "INBOX_DIR",
    fallback: "feeds/inbox",
    description: "folder that feed files are dropped into",
    allowed: "a folder",
  },
  {
    name: "LOG_LEVEL",
    fallback: "info",
    description: "least level that is logged",
    allowed: "fatal, error, warn, info, debug, trace or silent",
  },
  {
    name: "MATCH_MODE",
    fallback: "observable",
    description:
      "how values are compared: as a hunter means it, or to the letter of the specification",
    allowed: "observable or spec",
  },
  {
    name: "SUBDOMAINS",
    fallback: "false",
    description: "whether a domain indicator also meets the names below it (observable mode)",
    allowed: "true or false",
  },
  {
    name: "TICK_MS",
    fallback: "1000",
    description: "pause between two looks for new feeds, events and patterns, in milliseconds",
    allowed: "50 to 3600000",
  },
  {
    name: "SEGMENT_EVENTS",
    fallback: "50000",
    description: "events after which the journal is sealed into Parquet",
    allowed: "100 to 5000000",
  },
  {
    name: "JOB_EVENTS",
    fallback: "20000",
    description: "events that one sweep job takes at most",
    allowed: "100 to 1000000",
  },
  {
    name: "MAX_BODY_BYTES",
    fallback: "33554432",
    description: "largest body that the API accepts, in bytes",
    allowed: "1024 to 268435456",
  },
];

/** Reads all settings. Throws `config/invalid`, which names every bad one, its value and what is allowed. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    settings.map(({ name, fallback }) => [name, env[name] ?? fallback] as const),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) {
    return parsed.data;
  }
  const bad = new Set(parsed.error.issues.map((issue) => String(issue.path[0])));
  const lines = settings
    .filter(({ name }) => bad.has(name))
    .map(({ name, allowed }) => `${name}=${JSON.stringify(given[name])}: must be ${allowed}`);
  throw new ServiceError("config/invalid", `bad settings\n  ${lines.join("\n  ")}`);
}
