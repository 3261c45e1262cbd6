/** Gives the offset of a string's closing quote, or -1. */
export function stringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let back = end - 1;
    while (text[back] === "\\") back -= 1;
    if ((end - back) % 2 === 1) return end;
  }
  return -1;
}

const MARK_OR_WORD =
  /[{}[\],:]|(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const NEXT = /[^ \t\r\n]|$/g;

/**
 * Finds where JSON goes wrong. Only called when JSON.parse has failed, whose message is text of the engine and not to be
 * read. Follows RFC 8259 with a stack of its own.
 */
export function jsonErrorOffset(text: string): number {
  const closers: ("}" | "]")[] = [];
  let expected: "value" | "value-or-end" | "key" | "key-or-end" | "colon" | "comma-or-end" | "end" =
    "value";
  const afterValue = () => (closers.length === 0 ? "end" : "comma-or-end");
  let at = 0;
  while (true) {
    NEXT.lastIndex = at;
    const start = NEXT.exec(text)?.index ?? text.length;
    const isString = text[start] === '"';
    MARK_OR_WORD.lastIndex = start;
    const token = isString ? readString(text, start) : MARK_OR_WORD.exec(text)?.[0];
    if (token === undefined) return unfinished(text, start);
    if (typeof token === "number") return token;
    const mark = /^[{}[\],:]$/.test(token) ? token : undefined;
    const isValue = mark === undefined;
    if (expected === "value" || expected === "value-or-end") {
      if (mark === "{" || mark === "[") {
        closers.push(mark === "{" ? "}" : "]");
        expected = mark === "{" ? "key-or-end" : "value-or-end";
      } else if (expected === "value-or-end" && mark === "]") {
        closers.pop();
        expected = afterValue();
      } else if (isValue) expected = afterValue();
      else return start;
    } else if (expected === "key" || expected === "key-or-end") {
      if (isString) expected = "colon";
      else if (expected === "key-or-end" && mark === "}") {
        closers.pop();
        expected = afterValue();
      } else return start;
    } else if (expected === "colon") {
      if (mark !== ":") return start;
      expected = "value";
    } else if (expected === "comma-or-end") {
      if (mark === ",") expected = closers.at(-1) === "}" ? "key" : "value";
      else if (mark !== undefined && mark === closers.at(-1)) {
        closers.pop();
        expected = afterValue();
      } else return start;
    } else return start;
    at = start + token.length;
  }
}

/** Gives a string token, or the offset of what is wrong in it: a raw control character or a bad escape (RFC 8259 §7). */
function readString(text: string, start: number): string | number {
  const end = stringEnd(text, start);
  if (end === -1) return text.length;
  const token = text.slice(start, end + 1);
  const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|\\|\p{Cc}/gu;
  for (let found = escape.exec(token); found !== null; found = escape.exec(token)) {
    const [part] = found;
    if (part.length === 1 && (part === "\\" || part < " ")) return start + found.index;
  }
  return token;
}

/** A word that reaches the end of the text unfinished counts as truncation: the error is at the end. */
function unfinished(text: string, start: number): number {
  const inWord = /^(?:t|tr|tru|f|fa|fal|fals|n|nu|nul|-)$/.test(text.slice(start, start + 5));
  return inWord ? text.length : start;
}
