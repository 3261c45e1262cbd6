import { z } from "zod";
import type { KeyDescription } from "../api/keys.ts";
import { SCOPES } from "../core/access/scopes.ts";
import { messageOf, ServiceError } from "../core/errors.ts";
import type { KeyDesk, WantedKey } from "./key-desk.ts";

const TIMEOUT_MS = 30_000;

const time = z.string().nullable();
const description = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  createdAt: time,
  expiresAt: time,
  lastUsedAt: time,
  revokedAt: time,
});
const problem = z.object({ code: z.string(), detail: z.string() });

/** Works through the API of a server that runs. */
export class ApiKeyDesk implements KeyDesk {
  readonly #base: URL;
  readonly #token: string | undefined;

  /** Throws `config/invalid` for an address that can't be one; it is not told, as it may hold a password. */
  constructor(url: string, token: string | undefined) {
    const base = URL.parse(url);
    if (base === null || !/^https?:$/.test(base.protocol) || base.username + base.password !== "") {
      throw new ServiceError(
        "config/invalid",
        "STIXSWEEP_URL must be an http or https address without user and password",
      );
    }
    this.#base = base;
    this.#token = token;
  }

  async add(wanted: WantedKey): Promise<KeyDescription & { token: string }> {
    return this.#ask("POST", "", description.extend({ token: z.string() }), JSON.stringify(wanted));
  }

  async list(): Promise<readonly KeyDescription[]> {
    return (await this.#ask("GET", "", z.object({ keys: z.array(description) }))).keys;
  }

  async revoke(id: string): Promise<KeyDescription> {
    return this.#ask("DELETE", `/${encodeURIComponent(id)}`, description);
  }

  async #ask<S extends z.ZodType>(
    method: string,
    path: string,
    schema: S,
    body: string | null = null,
  ): Promise<z.output<S>> {
    const url = new URL(`${this.#base.pathname.replace(/\/$/, "")}/api/v1/keys${path}`, this.#base);
    const headers = new Headers();
    if (this.#token !== undefined) {
      headers.set("x-api-key", this.#token);
    }
    let response: Response;
    let answer: unknown;
    try {
      // A redirect could take the key, which is no Authorization header, to somebody else.
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      response = await fetch(url, { method, headers, body, signal, redirect: "error" });
      answer = await response.json();
    } catch (error) {
      const reason = error instanceof Error && error.cause !== undefined ? error.cause : error;
      throw new ServiceError("api/unreachable", `${url.origin}: ${messageOf(reason)}`, {
        cause: error,
      });
    }
    const parsed = schema.safeParse(answer);
    if (response.ok && parsed.success) {
      return parsed.data;
    }
    const { code, detail } = problem.safeParse(answer).data ?? {
      code: "api/unreachable",
      detail: `${url.origin} answered ${response.status}, not as a stixsweep`,
    };
    const hint =
      code === "api/unauthorized" ? "; set STIXSWEEP_API_KEY to one with scope admin" : "";
    throw new ServiceError(code, `${detail}${hint}`);
  }
}
