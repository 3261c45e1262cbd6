import { pino, type DestinationStream, type Logger as PinoLogger } from "pino";
import { ServiceError } from "../core/errors.ts";
import type { Config } from "./config.ts";

export type Logger = PinoLogger;

/** What is never written, at the top of a line or one object down. */
const SECRETS = [
  "authorization",
  "cookie",
  "password",
  "secret",
  "token",
  "apiKey",
  "x-api-key",
  "ADMIN_API_KEY",
];

/**
 * Makes the logger: one JSON object a line, on standard error, because standard output belongs to results.
 * Written at once: a line about a crash must not die with the process.
 */
export function makeLogger(
  level: Config["LOG_LEVEL"],
  destination: DestinationStream = pino.destination({ dest: 2, sync: true }),
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: SECRETS.flatMap((name) => ["", "*", "*.*"].map((above) => `${above}["${name}"]`)),
        censor: "[redacted]",
      },
      serializers: { err: describeError },
    },
    destination,
  );
}

/** Named fields alone: what else hangs on an error (a request, an event, an indicator) is not for the log. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) {
    return { message: String(error) };
  }
  return {
    type: error.name,
    code: codeOf(error),
    message: error.message,
    stack: error.stack,
    cause: error.cause === undefined ? undefined : describeError(error.cause),
  };
}

function codeOf(error: Error): string | undefined {
  if (error instanceof ServiceError) {
    return error.code;
  }
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}
