/**
 * Makes the test of a LIKE pattern: `%` any text, `_` one character, line ends included, the whole value.
 * At most linear in value × pattern, whatever the pattern; without `_` a few searches for texts.
 */
export function likeToTest(pattern: string): (text: string) => boolean {
  if (pattern.includes("_") || !pattern.isWellFormed()) {
    const wanted = [...pattern];
    return (text) => matchesLike([...text], wanted);
  }
  const [first = "", ...others] = pattern.split("%");
  const last = others.pop();
  if (last === undefined) {
    return (text) => text === first;
  }
  const between = others.filter((part) => part !== "");
  const least = first.length + last.length;
  return (text) => {
    if (text.length < least || !text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const part of between) {
      at = text.indexOf(part, at);
      if (at < 0) return false;
      at += part.length;
    }
    return at <= text.length - last.length;
  };
}

/** The greedy star needs only its last place to go back to. */
function matchesLike(text: readonly string[], pattern: readonly string[]): boolean {
  let [at, p, star, mark] = [0, 0, -1, 0];
  while (at < text.length) {
    if (p < pattern.length && pattern[p] === "%") {
      star = p;
      mark = at;
      p += 1;
    } else if (p < pattern.length && (pattern[p] === "_" || pattern[p] === text[at])) {
      p += 1;
      at += 1;
    } else if (star >= 0) {
      p = star + 1;
      mark += 1;
      at = mark;
    } else {
      return false;
    }
  }
  while (pattern[p] === "%") {
    p += 1;
  }
  return p === pattern.length;
}

/** The longest text that every value of a LIKE pattern holds. */
export function likeLiteral(pattern: string): string {
  return pattern
    .split(/[%_]/)
    .reduce((best, part) => (part.length > best.length ? part : best), "");
}

/** Letters that NFC writes for others (U+212A, U+037E, U+1FEF): a text may hold them only in its normal form. */
const MADE_BY_NFC = /[^ -~]|[K;`]/;

/**
 * A piece that a text holds as it is if its normal form (NFC) holds what LIKE asks for; undefined where none is known.
 * Other ASCII letters come from themselves, and nothing that stands between two of them goes away.
 */
export function likePrefilter(pattern: string): string | undefined {
  const piece = likeLiteral(pattern);
  return piece === "" || MADE_BY_NFC.test(piece) ? undefined : piece;
}
