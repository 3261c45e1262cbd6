/** Values that were made harmless to be looked at (`hxxp://evil[.]example`), as they were meant. */

const DOT = /\[\s*(?:\.|dot)\s*\]|\(\s*(?:\.|dot)\s*\)|\{\s*(?:\.|dot)\s*\}/gi;
const COLON = /\[\s*:\s*\]/g;
const SCHEME_END = /\[\s*:\s*\/\s*\/\s*\]/g;
const SCHEME = /^(?:hxxp|h\*\*p|htxp|http)(s?)(?=:\/\/)/i;
const AT = /\[\s*(?:@|at)\s*\]|\(\s*(?:@|at)\s*\)/gi;

/** Gives the value as it was meant; the same text where nothing was changed in it. */
export function refang(value: string): string {
  const text = value
    .replace(DOT, ".")
    .replace(SCHEME_END, "://")
    .replace(COLON, ":")
    .replace(AT, "@")
    .replace(/^fxp(?=:\/\/)/i, "ftp");
  return /^h[xt*]{2}p/i.test(text) && !/^http/i.test(text)
    ? text.replace(SCHEME, (_, s: string) => `http${s}`)
    : text;
}
