import { isIPv4 } from "node:net";
import { ServiceError } from "../core/errors.ts";
import type { ApiKeyStore } from "../core/ports.ts";

/** Says whether an address can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

/** Throws `api/keys-required` rather than letting an API without keys be reached from elsewhere. */
export async function requireKeysBeyondLoopback(host: string, keys: ApiKeyStore): Promise<void> {
  if (isLoopback(host) || (await keys.any())) {
    return;
  }
  throw new ServiceError(
    "api/keys-required",
    `HOST ${host} can be reached from elsewhere, and there is no API key. Make one with ` +
      "`stixsweep keys add NAME --scopes admin`, or set ADMIN_API_KEY or ADMIN_API_KEY_FILE, " +
      "or listen on 127.0.0.1",
  );
}
