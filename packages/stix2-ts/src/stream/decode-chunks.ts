import { StixError } from "../errors.ts";

/** What this needs of the TextDecoder that browsers and Node have (WHATWG Encoding §7.1); ECMAScript has none. */
interface Decoder {
  decode(bytes?: Uint8Array, options?: { readonly stream: boolean }): string;
}
declare const TextDecoder: new (label: string, options: { readonly fatal: boolean }) => Decoder;

/**
 * Gives the text of pieces that are text or bytes of UTF-8, which may be cut anywhere; a byte order mark in front is left
 * out. Throws StixError `stix/not-utf8` for bytes that are none.
 */
export async function* decodeChunks(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let isFirst = true;
  for await (const chunk of chunks) {
    const text = typeof chunk === "string" ? chunk : decode(decoder, chunk);
    if (text === "") continue;
    yield isFirst && text.startsWith("\uFEFF") ? text.slice(1) : text;
    isFirst = false;
  }
  const rest = decode(decoder);
  if (rest !== "") yield rest;
}

function decode(decoder: Decoder, bytes?: Uint8Array): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch (cause) {
    throw new StixError("stix/not-utf8", "The bytes are no UTF-8.", { cause });
  }
}
