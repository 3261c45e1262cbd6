import { sha1 } from "./sha1.ts";

/** Makes the UUID of a name in a namespace (version 5, RFC 9562 §5.5): the same inputs give the same UUID everywhere. */
export function uuidV5(namespace: string, name: string): string {
  const space = Uint8Array.from(namespace.replaceAll("-", "").match(/../g) ?? [], (byte) =>
    parseInt(byte, 16),
  );
  const text = new TextEncoder().encode(name);
  const message = new Uint8Array(space.length + text.length);
  message.set(space);
  message.set(text, space.length);
  const bytes = sha1(message).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
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

/** Namespace of indicator ids that this project derives. Never change it: stored indicators carry these ids. */
export const FEED_NAMESPACE = "6f2f9a0e-3c55-5b1c-9d0a-7b8e4d1c2a90";
