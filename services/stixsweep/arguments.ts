import { parseArgs, type ParseArgsConfig } from "node:util";
import { ServiceError } from "../core/errors.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** The command line of one command: words, and options that may have several values. */
export interface Arguments {
  readonly words: readonly string[];
  readonly values: (name: string) => readonly string[];
  readonly has: (name: string) => boolean;
}

/**
 * Reads a command line. An option with several values takes the words that follow it up to the next option:
 * `--indicators a.json b.json`. Throws `config/usage`.
 */
export function readArguments(
  args: readonly string[],
  lists: readonly string[],
  flags: readonly string[] = [],
): Arguments {
  const options: Options = {};
  for (const name of lists) {
    options[name] = { type: "string", multiple: true };
  }
  for (const name of flags) {
    options[name] = { type: "boolean" };
  }
  const many = new Set(["indicators"]);
  try {
    const { tokens } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
      tokens: true,
    });
    const words: string[] = [];
    const values = new Map<string, string[]>();
    let open: string | undefined;
    for (const token of tokens) {
      if (token.kind === "option") {
        const list = values.get(token.name) ?? [];
        values.set(token.name, token.value === undefined ? list : [...list, token.value]);
        open = many.has(token.name) ? token.name : undefined;
      } else if (token.kind === "positional") {
        if (open === undefined) {
          words.push(token.value);
        } else {
          values.get(open)?.push(token.value);
        }
      } else {
        open = undefined;
      }
    }
    return { words, values: (name) => values.get(name) ?? [], has: (name) => values.has(name) };
  } catch (error) {
    throw new ServiceError("config/usage", error instanceof Error ? error.message : "usage", {
      cause: error,
    });
  }
}

/** One value out of a few; throws `config/usage`. */
export function oneOf<T extends string>(
  given: string | undefined,
  allowed: readonly T[],
  fallback: T,
  name: string,
): T {
  const found = given === undefined ? fallback : allowed.find((value) => value === given);
  if (found === undefined) {
    throw new ServiceError(
      "config/usage",
      `--${name} ${given}: must be one of ${allowed.join(", ")}`,
    );
  }
  return found;
}
