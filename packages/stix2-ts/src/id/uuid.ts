import { sha1 } from "./sha1.ts";
import { utf8 } from "./utf8.ts";

/** An RFC 4122 UUID: version 1 to 5, the variant of that RFC. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Gives the version of a UUID (RFC 4122 §4.1.3), or undefined where the text is none. */
export function uuidVersion(text: string): number | undefined {
  return UUID.test(text) ? Number(text[14]) : undefined;
}

/** Makes the UUID of a name in a namespace (version 5, RFC 9562 §5.5): the same inputs give the same UUID everywhere. */
export function uuidV5(namespace: string, name: string): string {
  return stamped(namespace, name, 0x50);
}

/**
 * Makes a UUID of the form of version 4 of a name in a namespace, for ids that must say "version 4" (STIX 2.1 §3.4: an SCO
 * without ID contributing properties) and yet be the same in every run.
 */
export function fixedUuidV4(namespace: string, name: string): string {
  return stamped(namespace, name, 0x40);
}

function stamped(namespace: string, name: string, version: number): string {
  const space = Uint8Array.from(namespace.replaceAll("-", "").match(/../g) ?? [], (byte) =>
    parseInt(byte, 16),
  );
  const text = utf8(name);
  const message = new Uint8Array(space.length + text.length);
  message.set(space);
  message.set(text, space.length);
  const bytes = sha1(message).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | version;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}
