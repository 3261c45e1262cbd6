import type { Endpoint } from "./endpoint.ts";

/** Alive: asks nothing of anybody, so that a slow store does not get the process killed. */
export const getHealth: Endpoint = {
  method: "get",
  path: "/healthz",
  answer: async () => ({ status: 200, body: { status: "ok" } }),
};

export const getReadiness: Endpoint = {
  method: "get",
  path: "/readyz",
  answer: async ({ ready }) => {
    const reasons = ready();
    const isReady = reasons.length === 0;
    return { status: isReady ? 200 : 503, body: { ready: isReady, reasons } };
  },
};
