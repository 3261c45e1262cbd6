import { PatternSyntaxError } from "./pattern-syntax-error.ts";

/** White space of the OASIS grammar beyond ASCII. */
const WIDE_SPACE = /[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Walks over the text of a pattern: one character ahead, no token objects. */
export class Scanner {
  readonly text: string;
  pos = 0;
  /** Where the next backslash stands, as far as it was looked for. */
  private backslash = -1;
  /** Where the last word, symbol or literal ended: the end of a span, without the space after it. */
  end = 0;

  constructor(text: string) {
    this.text = text;
    this.skipSpace();
  }

  /** Code of the character at the position; NaN at the end, which equals nothing. */
  get code(): number {
    return this.text.charCodeAt(this.pos);
  }

  /** Moves past what was read up to `pos`, and past the space and comments after it. */
  finish(pos: number): void {
    this.pos = pos;
    this.end = pos;
    this.skipSpace();
  }

  skipSpace(): void {
    const { text } = this;
    let { pos } = this;
    for (;;) {
      const code = text.charCodeAt(pos);
      if (code === 32 || (code >= 9 && code <= 13)) pos++;
      else if (code === 47) {
        const next = text.charCodeAt(pos + 1);
        if (next === 47) {
          while (pos < text.length && text.charCodeAt(pos) !== 10 && text.charCodeAt(pos) !== 13)
            pos++;
        } else if (next === 42) {
          const close = text.indexOf("*/", pos + 2);
          if (close === -1) throw this.errorAt(pos, ["the end of the comment"]);
          pos = close + 2;
        } else break;
      } else if (code > 127 && WIDE_SPACE.test(text.charAt(pos))) pos++;
      else break;
    }
    this.pos = pos;
  }

  /** End of the identifier that starts at `pos`, or `pos` itself. Hyphens count as part of it. */
  identifierEnd(pos: number): number {
    const { text } = this;
    if (!isNameStart(text.charCodeAt(pos))) return pos;
    let end = pos + 1;
    while (isNamePart(text.charCodeAt(end))) end++;
    return end;
  }

  /** The upper-cased word here, without consuming it; empty where there is none. */
  peekWord(): string {
    const { pos } = this;
    const end = this.identifierEnd(pos);
    return end === pos || end - pos > 12 ? "" : this.text.slice(pos, end).toUpperCase();
  }

  /** Consumes the keyword if it stands here; keywords are case-insensitive as in the STIX 2.0 grammar. */
  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.finish(this.pos + word.length);
    return true;
  }

  /** Whether the keyword, given in capitals, stands here. */
  isWord(word: string): boolean {
    const { text, pos } = this;
    for (let i = 0; i < word.length; i++) {
      if ((text.charCodeAt(pos + i) & ~32) !== word.charCodeAt(i)) return false;
    }
    return !isNamePart(text.charCodeAt(pos + word.length));
  }

  expectWord(word: string): void {
    if (!this.takeWord(word)) throw this.error([word]);
  }

  /** Consumes one character if it stands here. */
  take(code: number): boolean {
    if (this.text.charCodeAt(this.pos) !== code) return false;
    this.finish(this.pos + 1);
    return true;
  }

  expect(code: number): void {
    if (!this.take(code)) throw this.error([`"${String.fromCharCode(code)}"`]);
  }

  /** Whether a backslash stands in this part of the text; parts must come in the order of the text. */
  hasBackslash(start: number, end: number): boolean {
    if (this.backslash < start) {
      const next = this.text.indexOf("\\", start);
      this.backslash = next < 0 ? this.text.length : next;
    }
    return this.backslash < end;
  }

  error(expected: readonly string[]): PatternSyntaxError {
    return this.errorAt(this.pos, expected);
  }

  errorAt(offset: number, expected: readonly string[], found?: string): PatternSyntaxError {
    return new PatternSyntaxError(this.text, offset, expected, found ?? this.describe(offset));
  }

  private describe(offset: number): string {
    if (offset >= this.text.length) return "the end of the pattern";
    const end = Math.min(Math.max(this.identifierEnd(offset), offset + 1), offset + 40);
    return JSON.stringify(this.text.slice(offset, end));
  }
}

function isNamePart(code: number): boolean {
  return isNameStart(code) || (code >= 48 && code <= 57) || code === 45;
}

function isNameStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}
