/** Makes visible what a text hides: control characters, bidi overrides, zero-width and other unseen characters. */

export interface Segment {
  readonly text: string;
  /** Stands for one character that would not be seen, as its code point. */
  readonly isHidden: boolean;
}

/** C0 and C1, soft hyphen, bidi controls, zero-width characters, line separators, tags, lone surrogates, non-characters. */
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\ufffe\uffff\u{e0000}-\u{e0fff}]/u;
const PICTURE = /\p{Extended_Pictographic}|\ufe0f|[\u{1f3fb}-\u{1f3ff}]/u;

/** Splits a text into what is seen as it is, and characters that are told by their code points. */
export function visible(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let plain = "";
  const letters = [...text];
  letters.forEach((letter, i) => {
    if (!HIDDEN.test(letter) || joinsPicture(letters, i)) {
      plain += letter;
      return;
    }
    if (plain !== "") segments.push({ text: plain, isHidden: false });
    plain = "";
    segments.push({ text: `‹${codeOf(letter)}›`, isHidden: true });
  });
  if (plain !== "") segments.push({ text: plain, isHidden: false });
  return segments;
}

/** The same as one text, for where there can be no mark-up. */
export function visibleText(text: string): string {
  return visible(text)
    .map((segment) => segment.text)
    .join("");
}

function codeOf(letter: string): string {
  return `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Several pictures joined to one are no disguise. */
function joinsPicture(letters: readonly string[], i: number): boolean {
  return letters[i] === "\u200d" && PICTURE.test(letters[i - 1] ?? "") && PICTURE.test(letters[i + 1] ?? ""); // prettier-ignore
}

/** Cuts a text after so many characters, never within one. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}
