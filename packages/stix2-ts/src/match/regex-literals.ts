/** A place in a regular expression. */
interface Cursor {
  readonly source: string;
  at: number;
  /** `(?i)` somewhere: letters then also stand for their other cases. */
  readonly ignoresCase: boolean;
}

/** Alternatives of which any matched text holds one, in lower case; undefined: none is known. */
type Literals = readonly string[] | undefined;

/**
 * Finds texts one of which every match of a regular expression holds, compared in lower case. Cautious: where the
 * expression is not plainly understood there are none, since a text left out here is a match that is never found.
 */
export function regexLiterals(source: string): readonly string[] | undefined {
  // Quotations, and escapes that name letters by number or property, are left to the engine.
  if (/\\[QExupPckN0-9]/.test(source.replaceAll("\\\\", ""))) {
    return undefined;
  }
  const flags = [...source.matchAll(/\(\?([a-zA-Z-]*)[:)]/g)].map(([, letters = ""]) => letters);
  const cursor = { source, at: 0, ignoresCase: flags.some((letters) => letters.includes("i")) };
  const literals = alternatives(cursor);
  return cursor.at === source.length ? literals : undefined;
}

/** `a|b|c`, up to the end or a closing parenthesis: each must have literals. */
function alternatives(cursor: Cursor): Literals {
  const all: Literals[] = [sequence(cursor)];
  while (cursor.source[cursor.at] === "|") {
    cursor.at += 1;
    all.push(sequence(cursor));
  }
  return all.every((one) => one !== undefined) ? all.flat() : undefined;
}

/** Parts one after another: the best of them is enough. */
function sequence(cursor: Cursor): Literals {
  let best: Literals;
  let run = "";
  const offer = (literals: Literals): void => {
    if (literals !== undefined && worth(literals) > worth(best)) {
      best = literals;
    }
  };
  const endRun = (): void => {
    offer(run === "" ? undefined : [run]);
    run = "";
  };
  while (cursor.at < cursor.source.length && !"|)".includes(cursor.source[cursor.at] as string)) {
    const atom = nextAtom(cursor);
    const { isOptional, isRepeated } = quantifier(cursor);
    if (typeof atom === "string" && atom !== "") {
      if (isOptional) {
        endRun();
      } else {
        run += atom;
        if (isRepeated) endRun();
      }
    } else {
      endRun();
      if (typeof atom === "object" && !isOptional) offer(atom.literals);
    }
  }
  endRun();
  return best;
}

function worth(literals: Literals): number {
  return literals === undefined ? 0 : Math.min(...literals.map((text) => text.length));
}

/** A letter, or a group with its literals, or undefined for what stands for many texts. */
function nextAtom(cursor: Cursor): string | { readonly literals: Literals } | undefined {
  const { source } = cursor;
  const letter = source[cursor.at] as string;
  cursor.at += 1;
  switch (letter) {
    case "(":
      return group(cursor);
    case "[":
      skipClass(cursor);
      return undefined;
    case "\\": {
      const escaped = source[cursor.at] ?? "";
      cursor.at += 1;
      return /[^a-zA-Z0-9]/.test(escaped) ? plain(escaped, cursor) : undefined;
    }
    case ".":
    case "^":
    case "$":
      return undefined;
    default:
      return plain(letter, cursor);
  }
}

/** A letter in lower case. Beyond ASCII, and where `(?i)` lets `s` and `k` stand for odd letters, it counts for nothing. */
function plain(letter: string, { ignoresCase }: Cursor): string | undefined {
  const isPlain = letter >= " " && letter <= "~" && !(ignoresCase && /[skSK]/.test(letter));
  return isPlain ? letter.toLowerCase() : undefined;
}

function group(cursor: Cursor): { readonly literals: Literals } {
  const { source } = cursor;
  let isKnown = true;
  if (source[cursor.at] === "?") {
    const head = /^\?(?:[a-zA-Z-]*[:)]|P?<[A-Za-z_]\w*>)/.exec(
      source.slice(cursor.at, cursor.at + 200),
    );
    isKnown = head !== null;
    cursor.at += head?.[0].length ?? 1;
    if (head?.[0].endsWith(")") === true) {
      return { literals: undefined }; // flags alone
    }
  }
  const literals = alternatives(cursor);
  cursor.at += 1; // the closing parenthesis
  return { literals: isKnown ? literals : undefined };
}

function skipClass(cursor: Cursor): void {
  const { source } = cursor;
  if (source[cursor.at] === "^") cursor.at += 1;
  if (source[cursor.at] === "]") {
    cursor.at = source.length + 1; // a letter in some dialects, the end in others: nothing more is understood
    return;
  }
  while (cursor.at < source.length && source[cursor.at] !== "]") {
    if (source.startsWith("[:", cursor.at)) {
      const end = source.indexOf(":]", cursor.at);
      cursor.at = end < 0 ? source.length : end + 2;
    } else {
      cursor.at += source[cursor.at] === "\\" ? 2 : 1;
    }
  }
  cursor.at += 1;
}

function quantifier(cursor: Cursor): {
  readonly isOptional: boolean;
  readonly isRepeated: boolean;
} {
  const found = /^(?:[*+?]|\{\d+(?:,\d*)?\})[?+]?/.exec(
    cursor.source.slice(cursor.at, cursor.at + 24),
  );
  if (found === null) {
    return { isOptional: false, isRepeated: false };
  }
  cursor.at += found[0].length;
  return { isOptional: /^(?:[*?]|\{0)/.test(found[0]), isRepeated: true };
}
