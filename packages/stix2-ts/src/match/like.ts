/**
 * Makes the test of a LIKE pattern: `%` any text, `_` one character, line ends included, the whole value.
 * Linear in value × pattern, whatever the pattern (the greedy star needs only its last place to go back to).
 */
export function likeToTest(pattern: string): (text: string) => boolean {
  const wanted = [...pattern];
  return (text) => matchesLike([...text], wanted);
}

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
