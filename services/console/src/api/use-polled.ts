import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiProblem, send } from "./client.ts";

export interface Polled<T> {
  readonly data: T | undefined;
  readonly problem: ApiProblem | undefined;
  /** Asks again at once. */
  readonly refresh: () => void;
}

interface Options {
  /** The API keeps the request until there is something new. */
  readonly waits?: boolean;
  readonly everyMs?: number;
}

const WAIT_S = 20;
/** Between two requests at least, whatever stands between takes away the header that asks to wait. */
const LEAST_MS = 1000;
const LONGEST_REST_MS = 30_000;

/**
 * Keeps an answer of the API up to date as long as the page is seen: of a browser's few connections to one host a
 * hidden page must hold none. What was read stays while the API is out of reach.
 */
export function usePolled<T>(
  path: string | undefined,
  { waits = false, everyMs = 5000 }: Options = {},
): Polled<T> {
  const [answer, setAnswer] = useState<{ path: string; data: T }>();
  const [problem, setProblem] = useState<ApiProblem>();
  const [round, setRound] = useState(0);
  const etag = useRef("");
  const etagOf = useRef<string | undefined>(undefined);

  useEffect(() => {
    if (path === undefined) return;
    if (etagOf.current !== path) {
      etag.current = "";
      etagOf.current = path;
      setProblem(undefined);
    }
    const stop = new AbortController();
    void poll(path, stop.signal);
    return () => stop.abort();

    async function poll(from: string, abort: AbortSignal): Promise<void> {
      for (let failures = 0, first = true; !abort.aborted; first = false) {
        await whenSeen(abort);
        if (abort.aborted) return;
        const began = performance.now();
        let restMs = everyMs;
        try {
          const isWaiting = waits && !first && failures === 0 && etag.current !== "";
          const response = await send(from, {
            signal: abort,
            headers: {
              ...(etag.current !== "" && { "if-none-match": etag.current }),
              ...(isWaiting && { prefer: `wait=${WAIT_S}` }),
            },
          });
          if (response.status !== 304) {
            const data = (await response.json()) as T;
            if (abort.aborted) return;
            etag.current = response.headers.get("etag") ?? "";
            setAnswer({ path: from, data });
          }
          failures = 0;
          setProblem(undefined);
          if (waits) restMs = Math.max(0, LEAST_MS - (performance.now() - began));
        } catch (error) {
          if (abort.aborted) return;
          if (error instanceof ApiProblem) {
            setProblem(error);
            // What is refused or unknown will not be otherwise in a moment.
            if (error.status >= 400 && error.status < 500 && error.status !== 429) return;
          }
          failures += 1;
          restMs = Math.min(LONGEST_REST_MS, 1000 * 2 ** failures);
        }
        await rest(restMs, abort);
      }
    }
  }, [path, waits, everyMs, round]);

  const refresh = useCallback(() => setRound((n) => n + 1), []);
  // Data of another path are not an answer to this one.
  return { data: answer?.path === path ? answer?.data : undefined, problem, refresh };
}

async function whenSeen(abort: AbortSignal): Promise<void> {
  if (document.visibilityState === "visible") return;
  await new Promise<void>((resolve) => {
    const look = () => {
      if (document.visibilityState === "visible" || abort.aborted) {
        document.removeEventListener("visibilitychange", look);
        resolve();
      }
    };
    document.addEventListener("visibilitychange", look);
    abort.addEventListener("abort", look, { once: true });
  });
}

async function rest(ms: number, abort: AbortSignal): Promise<void> {
  if (ms === 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    abort.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
