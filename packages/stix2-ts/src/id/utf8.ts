/** Encodes text as UTF-8, a lone surrogate as U+FFFD: what TextEncoder does, which plain ECMAScript does not have. */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  const put = (byte: number): void => {
    bytes[length] = byte;
    length += 1;
  };
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
    if (point < 0x80) put(point);
    else {
      if (point < 0x800) put(0xc0 | (point >> 6));
      else {
        if (point < 0x10000) put(0xe0 | (point >> 12));
        else {
          put(0xf0 | (point >> 18));
          put(0x80 | ((point >> 12) & 0x3f));
        }
        put(0x80 | ((point >> 6) & 0x3f));
      }
      put(0x80 | (point & 0x3f));
    }
  }
  return bytes.slice(0, length);
}
