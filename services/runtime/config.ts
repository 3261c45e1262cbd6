/** Every setting, in one table: what reads the environment, the error text and the README all come from it. */
import { isIP } from "node:net";
import { validate } from "node-cron";
import { z } from "zod";
import { ServiceError } from "../core/errors.ts";

/** What a variable may hold, in words and as a schema: made together, so that they can't disagree. */
interface Kind<T> {
  readonly allowed: string;
  readonly schema: z.ZodType<T, string>;
}

interface Setting<T = unknown> extends Kind<T> {
  /** As it would stand in the environment, so that a default passes the same check. */
  readonly default: string;
  readonly description: string;
}

function wholeNumber(min: number, max: number): Kind<number> {
  const number = z.number().min(min).max(max);
  return {
    allowed: `a whole number from ${min} to ${max}`,
    schema: z.string().regex(/^\d+$/).transform(Number).pipe(number),
  };
}

const optionalPort: Kind<number | undefined> = {
  allowed: "a whole number from 0 to 65535; empty: none",
  schema: z
    .string()
    .regex(/^\d*$/)
    .transform((text) => (text === "" ? undefined : Number(text)))
    .pipe(z.number().max(65_535).optional()),
};

function oneOf<const T extends string>(...values: readonly T[]): Kind<T> {
  return { allowed: values.map((value) => `\`${value}\``).join(", "), schema: z.enum(values) };
}

const flag: Kind<boolean> = {
  allowed: "`true`, `false`",
  schema: z.enum(["true", "false"]).transform((text) => text === "true"),
};

const folder: Kind<string> = {
  allowed: "a path",
  // A NUL ends a path early for the operating system: what is opened would not be what is written.
  schema: z.string().refine((text) => text.trim() !== "" && !text.includes("\0")),
};

const address: Kind<string> = {
  // No other names: what one stands for is decided elsewhere, and may be every address.
  allowed: "an IP address or `localhost`",
  schema: z.string().refine((host) => host === "localhost" || isIP(host) !== 0),
};

/** May be left empty: then there is none. */
const optional: Kind<string> = {
  allowed: "any text; empty: none",
  schema: z.string().refine((text) => !text.includes("\0")),
};

const addresses: Kind<readonly string[]> = {
  allowed: "http(s) addresses without user and password, commas between; empty: none",
  schema: z
    .string()
    .transform((text) => text.split(",").filter((one) => one !== ""))
    .pipe(
      z.array(
        z.url({ protocol: /^https?$/ }).refine((url) => {
          const { username = "", password = "" } = URL.parse(url) ?? {};
          return username + password === "";
        }),
      ),
    ),
};

const names: Kind<readonly string[]> = {
  allowed: "names, patterns or aliases with commas between",
  schema: z
    .string()
    .transform((text) => text.split(",").map((one) => one.trim()))
    .pipe(z.array(z.string().min(1)).min(1)),
};

const fewNames: Kind<readonly string[]> = {
  allowed: "names with commas between; empty: none",
  schema: z.string().transform((text) => text.split(",").flatMap((one) => one.trim() || [])),
};

const indexPrefix: Kind<string> = {
  allowed: "lower-case letters, digits and `-`",
  schema: z.string().regex(/^[a-z][a-z0-9-]{0,60}$/),
};

const schedule: Kind<string> = {
  allowed: "a cron expression, seconds first",
  schema: z.string().refine((text) => validate(text)),
};

export const settings = {
  PORT: {
    ...wholeNumber(0, 65_535),
    default: "8080",
    description: "Port of the API; 0 takes a free one.",
  },
  HOST: {
    ...address,
    default: "127.0.0.1",
    description: "Address that the API listens on; one that is not loopback needs an API key.",
  },
  HEALTH_PORT: {
    ...optionalPort,
    default: "",
    description: "Port of `/healthz` and `/readyz` of `feed-puller` and `sweep-worker`.",
  },
  DATA_DIR: {
    ...folder,
    default: "data",
    description: "Folder of events and state; one server at a time.",
  },
  INBOX_DIR: {
    ...folder,
    default: "feeds/inbox",
    description: "Folder that is watched for feed files.",
  },
  FEEDS_DIR: {
    ...folder,
    default: "feeds/sources",
    description: "Folder of files that declare feeds, `NAME.json` each.",
  },
  WEBHOOK_PRIVATE_HOSTS: {
    ...fewNames,
    default: "",
    description: "Hosts that webhooks may address though their addresses are not public.",
  },
  WARNINGLISTS_DIR: {
    ...optional,
    default: "",
    description:
      "Folder of MISP warning lists: `NAME.json`, or `NAME/list.json` as in their repository.",
  },
  WARNINGLISTS_HOLD: {
    ...fewNames,
    default:
      "common-ioc-false-positive,empty-hashes,ipv6-linklocal,multicast,public-dns-v4,public-dns-v6,rfc1918,rfc3849,rfc5735,rfc6598,rfc6761,second-level-tlds,tlds",
    description: "Warning lists whose values raise no alert; the others are only named.",
  },
  LOG_LEVEL: {
    ...oneOf("fatal", "error", "warn", "info", "debug", "trace", "silent"),
    default: "info",
    description: "Least severe log line that is written.",
  },
  MATCH_MODE: {
    ...oneOf("observable", "spec"),
    default: "observable",
    description: "How values are compared: as logs write them, or to the letter of STIX.",
  },
  SUBDOMAINS: {
    ...flag,
    default: "false",
    description: "Whether a domain name in a pattern stands for its subdomains too.",
  },
  TICK_MS: {
    ...wholeNumber(1, 3_600_000),
    default: "1000",
    description: "Pause between two looks at inbox and coverage, milliseconds.",
  },
  SEGMENT_EVENTS: {
    ...wholeNumber(1, 10_000_000),
    default: "50000",
    description: "Events after which a segment of the store is sealed.",
  },
  JOB_EVENTS: {
    ...wholeNumber(1, 10_000_000),
    default: "20000",
    description: "Events that one sweep job takes at most; a crash repeats no more.",
  },
  ELASTICSEARCH_URL: {
    ...addresses,
    default: "",
    description: "Elasticsearch or OpenSearch, for the roles of a cluster.",
  },
  ELASTICSEARCH_CLOUD_ID: {
    ...optional,
    default: "",
    description: "Elastic Cloud's id of a deployment, instead of the addresses.",
  },
  ELASTICSEARCH_USERNAME: {
    ...optional,
    default: "",
    description: "User, with `ELASTICSEARCH_PASSWORD`.",
  },
  ELASTICSEARCH_CA_FILE: {
    ...optional,
    default: "",
    description: "PEM file of the authority that signed the engine's certificate.",
  },
  EVENT_INDICES: {
    ...names,
    default: "winlogbeat-*",
    description: "Where the events are: indices, data streams.",
  },
  STATE_PREFIX: {
    ...indexPrefix,
    default: "stixsweep",
    description: "Begins the names of the state's indices and of the keys in Redis.",
  },
  ALERT_RETENTION_DAYS: {
    ...wholeNumber(0, 36_500),
    default: "0",
    description: "Days that alerts are kept in a cluster, by the month; 0: for ever.",
  },
  SWEEP_SCHEDULE: {
    ...schedule,
    default: "*/2 * * * * *",
    description: "When what is not covered is planned, in a cluster.",
  },
  COLD_SWEEP_MINUTES: {
    ...wholeNumber(0, 525_600),
    default: "60",
    description: "Time between two sweeps of new patterns over cold and frozen indices.",
  },
  FEED_SCHEDULE: {
    ...schedule,
    default: "*/5 * * * * *",
    description: "When the inbox is looked at, in a cluster.",
  },
  WORKER_JOBS: {
    ...wholeNumber(1, 64),
    default: "2",
    description: "Jobs that one worker does at a time.",
  },
  REQUESTS_PER_MINUTE: {
    ...wholeNumber(0, 100_000_000),
    default: "60000",
    description: "Requests that one API key may make in a minute, of each process; 0: any number.",
  },
  MAX_BODY_BYTES: {
    // Beyond this a body no longer fits into one string, whatever memory there is.
    ...wholeNumber(1, 268_435_456),
    default: "33554432",
    description: "Largest request body, bytes, after decompression.",
  },
} as const satisfies Readonly<Record<string, Setting>>;

export type Config = {
  readonly [Name in keyof typeof settings]: z.output<(typeof settings)[Name]["schema"]>;
};

/** Long values are cut in messages: the first characters say which one it is. */
const SHOWN = 100;

/**
 * Reads all settings; one that is not set has its default. Throws one `config/invalid` that names every
 * bad one. A variable that is set but empty is bad: an empty HOST would mean "all addresses" to Node.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  const facts: Record<string, string> = {};
  for (const [name, setting] of Object.entries<Setting>(settings)) {
    const given = env[name] ?? setting.default;
    const parsed = setting.schema.safeParse(given);
    if (parsed.success) {
      values[name] = parsed.data;
    } else {
      // A password may stand where it does not belong.
      const told = given.replaceAll(/\/\/[^/]*@/g, "//…@");
      const shown = told.length > SHOWN ? `${told.slice(0, SHOWN)}…` : told;
      facts[name] = shown;
      problems.push(`${name} is ${JSON.stringify(shown)}; allowed: ${setting.allowed}`);
    }
  }
  if (problems.length > 0) {
    throw new ServiceError("config/invalid", problems.join("\n"), { facts });
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each name was parsed by its own schema just now
  return values as Config;
}
