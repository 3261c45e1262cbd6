/** Asks the API. The key is in a cookie that no script sees; a change says that our own page sends it. */
import { signal } from "@preact/signals";

/** A failure as the API tells it; code `network` where there was no answer. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.name = "ApiProblem";
    this.status = status;
    this.code = code;
  }
}

/** Rises whenever the API says that nobody is signed in. */
export const refusals = signal(0);

/** Sends a request; fails with an ApiProblem for all but a 2xx or a 304. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { cache: "no-store", credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiProblem(0, "network", String(error));
  }
  if (response.ok || response.status === 304) {
    return response;
  }
  const problem = await problemOf(response);
  if (problem.status === 401 && !("authorization" in (init.headers ?? {}))) refusals.value += 1;
  throw problem;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  try {
    const { code, detail } = (await response.json()) as { code: string; detail: string };
    return new ApiProblem(response.status, code, detail);
  } catch {
    return new ApiProblem(response.status, "network", response.statusText);
  }
}

/** Reads; what the answer is, the API's description says. */
export async function read<T>(path: string, abort?: AbortSignal): Promise<T> {
  const response = await send(path, abort === undefined ? {} : { signal: abort });
  return (await response.json()) as T;
}

/** Changes something. */
export async function change<T>(
  method: "POST" | "DELETE",
  path: string,
  body?: object,
): Promise<T> {
  const response = await send(path, {
    method,
    headers: { "x-stixsweep": "console", "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as T;
}

/** Sends a file as it is. */
export async function upload<T>(path: string, file: Blob): Promise<T> {
  const response = await send(path, {
    method: "POST",
    headers: { "x-stixsweep": "console", "content-type": "application/octet-stream" },
    body: file,
  });
  return (await response.json()) as T;
}

/** Begins a session; the key is in this one request and nowhere else. */
export async function signIn<T>(key: string): Promise<T> {
  const response = await send("/api/v1/session", {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "x-stixsweep": "console" },
  });
  return (await response.json()) as T;
}

/** A path with a query; what is empty is left out. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, value] as [string, string]],
  );
  const text = new URLSearchParams(given).toString();
  return text === "" ? path : `${path}?${text}`;
}
