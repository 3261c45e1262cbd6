import { setTimeout as sleep } from "node:timers/promises";
import type { Request, Response } from "express";
import type { PolledAnswer } from "./polled-answers.ts";

/** Longer waits are cut: what stands between client and server ends idle connections, mostly after 30 or 60 s. */
const MOST_WAIT_S = 25;
const LOOK_MS = 500;

/**
 * Sends an answer, or 304 where the client has it already (RFC 9110 §13.1.2). With `Prefer: wait=N` (RFC 7240 §4.3) it waits
 * so many seconds at most for another answer than the client's.
 */
export async function answerPoll(
  req: Request,
  res: Response,
  ask: () => Promise<PolledAnswer>,
): Promise<void> {
  let answer = await ask();
  // Kept by the client alone, and used only after it has asked whether it still holds.
  res.set("Cache-Control", "private, no-cache").vary("Authorization, Cookie, X-API-Key, Prefer");
  const waitS = waitOf(req.get("Prefer"));
  if (waitS > 0) res.set("Preference-Applied", `wait=${waitS}`);
  const end = performance.now() + waitS * 1000;
  for (;;) {
    res.status(200).set("ETag", answer.etag);
    const left = end - performance.now();
    if (!isKnown(req, answer) || left <= 0 || res.destroyed) break;
    await sleep(Math.min(LOOK_MS, left));
    answer = await ask();
  }
  if (isKnown(req, answer)) res.status(304).end();
  else res.type("json").send(answer.text);
}

/**
 * Whether the client has the answer. Not `req.fresh`: it takes `Cache-Control: no-cache` for a wish to have it anew, and
 * browsers add that to every request of a script that names an `ETag`.
 */
function isKnown(req: Request, { etag }: PolledAnswer): boolean {
  const known = (req.get("If-None-Match") ?? "").split(",").map((one) => one.trim());
  return known.some((one) => one === "*" || opaque(one) === opaque(etag));
}

/** Weak comparison (RFC 9110 §13.1.2). */
function opaque(etag: string): string {
  return etag.replace(/^W\//, "");
}

function waitOf(prefer = ""): number {
  const seconds = /(?:^|[\s,;])wait=(\d{1,4})(?=$|[\s,;])/i.exec(prefer)?.[1] ?? "0";
  return Math.min(MOST_WAIT_S, Number(seconds));
}
