import pino, { type Logger } from "pino";

/** Makes the logger: JSON lines on standard error, so that standard output stays the program's own. */
export function makeLogger(level: string): Logger {
  return pino({ level }, pino.destination(2));
}
