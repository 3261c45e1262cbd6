/** The cookie of a session: no script reads it, no other site sends it. */
import { LONGEST_MS } from "../core/access/session.ts";

const NAME = "stixsweep_session";
const ATTRIBUTES = "Path=/; HttpOnly; SameSite=Strict";

/** Reads the session's secret from a `Cookie` header. */
export function sessionCookie(header: string | undefined): string | undefined {
  for (const part of header?.split(";") ?? []) {
    const at = part.indexOf("=");
    if (part.slice(0, at).trim() === NAME) {
      return part.slice(at + 1).trim();
    }
  }
  return undefined;
}

/** Writes the `Set-Cookie` of a session; with undefined, of one that has ended. */
export function writeSessionCookie(secret: string | undefined, isEncrypted: boolean): string {
  const age = secret === undefined ? 0 : LONGEST_MS / 1000;
  return `${NAME}=${secret ?? ""}; Max-Age=${age}; ${ATTRIBUTES}${isEncrypted ? "; Secure" : ""}`;
}
