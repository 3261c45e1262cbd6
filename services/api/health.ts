import { z } from "zod";
import { list, type Endpoint } from "./endpoint.ts";

/** Alive: asks nothing of anybody, so that a slow store does not get the process killed. */
export const getHealth: Endpoint = {
  method: "get",
  path: "/healthz",
  summary: "Says that the process is alive.",
  query: z.looseObject({}),
  status: 200,
  answers: z.strictObject({ status: z.literal("ok") }),
  answer: async () => ({ status: 200, body: { status: "ok" } }),
};

/** Ready to work: everybody sees whether, by the status; this machine and whoever shows a key sees why not. */
export const getReadiness: Endpoint = {
  method: "get",
  path: "/readyz",
  summary:
    "Says by its status whether the process is ready to work (503: it is not), and to whom may know, why not.",
  query: z.looseObject({}),
  status: 200,
  otherStatus: { status: 503, means: "Not ready." },
  answers: z.strictObject({ ready: z.boolean().optional(), reasons: list(z.string()).optional() }),
  answer: async ({ ready }, { mayKnow }) => {
    const [reasons, isTold] = await Promise.all([ready(), mayKnow()]);
    const isReady = reasons.length === 0;
    return { status: isReady ? 200 : 503, body: isTold ? { ready: isReady, reasons } : {} };
  },
};
