import { z } from "zod";
import { messageOf, ServiceError } from "../core/errors.ts";
import { writeToken } from "../core/access/token.ts";
import { readConfig } from "../runtime/config.ts";
import { readKey } from "../runtime/secrets.ts";

const TIMEOUT_MS = 30_000;

const problem = z.object({ code: z.string(), detail: z.string() });

/** Asks the API of a server that runs, on behalf of whoever types. */
export class ApiClient {
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

  /** Throws the API's own failure, or `api/unreachable`. `path` comes after `/api/v1/`. */
  async ask<S extends z.ZodType>(
    method: string,
    path: string,
    schema: S,
    body: string | Uint8Array<ArrayBuffer> | null = null,
  ): Promise<z.output<S>> {
    const url = new URL(`${this.#base.pathname.replace(/\/$/, "")}/api/v1/${path}`, this.#base);
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

/** The server that STIXSWEEP_URL names, or the one of this machine. */
export function apiOf(env: NodeJS.ProcessEnv): ApiClient {
  const token = readKey(env, "STIXSWEEP_API_KEY");
  const url = env["STIXSWEEP_URL"] ?? `http://127.0.0.1:${readConfig(env).PORT}`;
  return new ApiClient(url, token === undefined ? undefined : writeToken(token));
}
