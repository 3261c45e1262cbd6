import type { Random } from "../../services/sample/random.ts";

/** Writes JSON as others may: white space, any order of keys, escapes that need not be, keys that come twice. */
export function oddJson(value: unknown, random: Random, oddity: number): string {
  const odd = (): boolean => random.next() < oddity;
  const space = (): string => (odd() ? random.pick([" ", "  ", "\t", "\r", " \t "]) : "");
  const text = (content: string): string => {
    const escaped = JSON.stringify(content).slice(1, -1);
    if (!odd()) return `"${escaped}"`;
    // Only what is not part of an escape is escaped anew.
    return `"${escaped.replace(/\\u[\da-f]{4}|\\.|[^]/g, (c) => {
      if (c.length > 1 || !odd()) return c === "\\\\" && odd() ? String.raw`\u005c` : c;
      if (c === "/") return String.raw`\/`;
      const hex = c.charCodeAt(0).toString(16).padStart(4, "0");
      return String.raw`\u` + (odd() ? hex.toUpperCase() : hex);
    })}"`;
  };
  const number = (one: number): string => {
    if (!odd() || !Number.isSafeInteger(one)) return JSON.stringify(one);
    return random.pick([`${one}.0`, `${one}e0`, `${one}.00E+0`, JSON.stringify(one)]);
  };
  const write = (one: unknown): string => {
    if (typeof one === "string") return text(one);
    if (typeof one === "number") return number(one);
    if (Array.isArray(one)) {
      return `[${one.map((element) => space() + write(element) + space()).join(",")}${space()}]`;
    }
    if (typeof one !== "object" || one === null) return JSON.stringify(one) ?? "null";
    let entries = Object.entries(one).filter(([, inner]) => inner !== undefined);
    if (odd()) entries = entries.toReversed();
    const members = entries.flatMap(([key, inner]) => {
      const member = `${space()}${text(key)}${space()}:${space()}${write(inner)}${space()}`;
      if (!odd()) return [member];
      // An earlier one of the same key does not count.
      const decoy = random.pick([JSON.stringify("decoy"), "null", "{}", "[]", "17", write(inner)]);
      return [`${text(key)}:${decoy}`, member];
    });
    return `{${members.join(",")}${space()}}`;
  };
  return space() + write(value) + space();
}
