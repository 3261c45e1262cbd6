/** Who asks. */
import { effect, signal } from "@preact/signals";
import type { Scope, SessionAnswer } from "./api/answers.ts";
import { ApiProblem, change, read, refusals, signIn } from "./api/client.ts";

export type SessionState =
  | { readonly is: "asking" }
  | { readonly is: "refused" }
  | { readonly is: "unreachable"; readonly problem: ApiProblem }
  | { readonly is: "good"; readonly who: SessionAnswer };

export const session = signal<SessionState>({ is: "asking" });

export async function askSession(): Promise<void> {
  try {
    session.value = { is: "good", who: await read<SessionAnswer>("/api/v1/session") };
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    session.value =
      error.status === 401 ? { is: "refused" } : { is: "unreachable", problem: error };
  }
}

/** Fails with an ApiProblem. */
export async function beginSession(key: string): Promise<void> {
  session.value = { is: "good", who: await signIn<SessionAnswer>(key) };
}

export async function endSession(): Promise<void> {
  await change("DELETE", "/api/v1/session");
  await askSession();
}

effect(() => {
  if (refusals.value > 0) session.value = { is: "refused" };
});

const HOLDS: Readonly<Record<Scope, readonly Scope[]>> = {
  read: [],
  triage: ["read"],
  feeds: ["read"],
  admin: ["read", "triage", "feeds"],
};

/** Whether whoever is signed in may do what needs a scope. The API decides; this only spares useless buttons. */
export function may(needed: Scope): boolean {
  const state = session.value;
  return (
    state.is === "good" &&
    state.who.scopes.some((scope) => scope === needed || HOLDS[scope].includes(needed))
  );
}
