import type { ObjectPath, PathStep } from "./ast.ts";
import { scanString } from "./scan-literal.ts";
import type { Scanner } from "./scanner.ts";

/** Reads an object path (STIX 2.1 §9.7): `type:first.key[0].'quoted key'[*]`. */
export function scanPath(scanner: Scanner, maxSteps: number): ObjectPath {
  const { text, pos } = scanner;
  const end = scanner.identifierEnd(pos);
  if (end === pos) throw scanner.error(["an object path", "EXISTS", "NOT EXISTS", '"("']);
  const objectType = text.slice(pos, end);
  scanner.finish(end);
  scanner.expect(58);
  const steps: PathStep[] = [key(scanner)];
  for (;;) {
    if (scanner.take(46)) steps.push(key(scanner));
    else if (scanner.take(91)) steps.push(index(scanner));
    else return { objectType, steps };
    if (steps.length > maxSteps) throw scanner.error([`at most ${maxSteps} steps in a path`]);
  }
}

function key(scanner: Scanner): PathStep {
  const { text, pos } = scanner;
  const code = text.charCodeAt(pos);
  if (code === 39) return { kind: "key", name: scanString(scanner) };
  if (code === 34) return { kind: "key", name: doubleQuoted(scanner) };
  const end = scanner.identifierEnd(pos);
  if (end === pos) throw scanner.error(["a property name", "a quoted property name"]);
  scanner.finish(end);
  return { kind: "key", name: text.slice(pos, end) };
}

/** STIX 2.0 identifiers may stand in double quotes, with `""` for a quote. */
function doubleQuoted(scanner: Scanner): string {
  const { text } = scanner;
  let close = text.indexOf('"', scanner.pos + 1);
  while (close !== -1 && text.charCodeAt(close + 1) === 34) {
    close = text.indexOf('"', close + 2);
  }
  if (close === -1) throw scanner.error(["a closing double quote"]);
  const name = text.slice(scanner.pos + 1, close).replaceAll('""', '"');
  scanner.finish(close + 1);
  return name;
}

function index(scanner: Scanner): PathStep {
  if (scanner.take(42)) {
    scanner.expect(93);
    return { kind: "index", index: "*" };
  }
  const { text, pos } = scanner;
  let end = pos;
  while (text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++;
  if (end === pos || end - pos > 9) throw scanner.error(['"*"', "a list index"]);
  const value = Number(text.slice(pos, end));
  scanner.finish(end);
  scanner.expect(93);
  return { kind: "index", index: value };
}
