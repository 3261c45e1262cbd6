import { jsonPointer } from "../json/pointer.ts";
import type { Issue } from "./issue.ts";

/**
 * Collects issues while a validator walks through a value: `enter` and `leave` follow the path. At most `limit` issues are
 * kept, the others are counted in `left`; errors that are not tolerated are counted in `fatal` whether kept or not.
 */
export class Report {
  readonly issues: Issue[] = [];
  fatal = 0;
  left = 0;
  readonly #base: string;
  readonly #limit: number;
  readonly #tolerated: ReadonlySet<string>;
  readonly #path: (string | number)[] = [];

  constructor(base: string, limit: number, tolerated: ReadonlySet<string>) {
    this.#base = base;
    this.#limit = limit;
    this.#tolerated = tolerated;
  }

  enter(step: string | number): void {
    this.#path.push(step);
  }

  leave(): void {
    this.#path.pop();
  }

  error(code: string, section: string, message: string, ...below: (string | number)[]): void {
    if (!this.#tolerated.has(code)) this.fatal += 1;
    this.#add("error", code, section, message, below);
  }

  warn(code: string, section: string, message: string, ...below: (string | number)[]): void {
    this.#add("warning", code, section, message, below);
  }

  #add(
    severity: Issue["severity"],
    code: string,
    section: string,
    message: string,
    below: readonly (string | number)[],
  ): void {
    if (this.issues.length >= this.#limit) {
      this.left += 1;
      return;
    }
    const pointer = this.#base + jsonPointer([...this.#path, ...below]);
    this.issues.push({ severity, code, pointer, section, message });
  }
}

/** Shows a value in a message, cut short. */
export function shown(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  }
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}
