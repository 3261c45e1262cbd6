import type { Endpoint } from "./endpoint.ts";

/** Alive: asks nothing of anybody, so that a slow store does not get the process killed. */
export const getHealth: Endpoint = {
  method: "get",
  path: "/healthz",
  answer: async () => ({ status: 200, body: { status: "ok" } }),
};

/** Ready to work: everybody sees whether, by the status; this machine and whoever shows a key sees why not. */
export const getReadiness: Endpoint = {
  method: "get",
  path: "/readyz",
  answer: async ({ ready }, { mayKnow }) => {
    const [reasons, isTold] = await Promise.all([ready(), mayKnow()]);
    const isReady = reasons.length === 0;
    return { status: isReady ? 200 : 503, body: isTold ? { ready: isReady, reasons } : {} };
  },
};
