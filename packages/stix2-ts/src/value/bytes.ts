/**
 * Bytes are held as text of one letter a byte (U+0000 to U+00FF): STIX compares binary with text by code points
 * (STIX 2.1 §9.6.3), so both are then compared alike.
 */
export type Bytes = string;

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Decodes base64 (RFC 4648 §4), padded or not; undefined where the text is none. */
export function bytesOfBase64(text: string): Bytes | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    return undefined;
  }
  const digits = text.replace(/=+$/, "");
  if (digits.length % 4 === 1) {
    return undefined;
  }
  const letters: string[] = [];
  let [bits, held] = [0, 0];
  for (const digit of digits) {
    bits = ((bits << 6) | ALPHABET.indexOf(digit)) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      letters.push(String.fromCharCode((bits >> held) & 255));
    }
  }
  return letters.join("");
}

/** Decodes hexadecimal digits; undefined where the text is none. */
export function bytesOfHex(text: string): Bytes | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) {
    return undefined;
  }
  return text.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));
}

/** Whether a text can be compared with bytes: none of its letters is beyond U+00FF. */
export function isByteText(text: string): boolean {
  return !/[\u0100-\uffff]/.test(text);
}
