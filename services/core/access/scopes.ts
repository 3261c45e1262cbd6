/** What a key may do, from the narrowest to the widest. */
export const SCOPES = ["read", "triage", "feeds", "admin"] as const;

export type Scope = (typeof SCOPES)[number];

/** What else a scope holds: who may write may look, and an administrator may do all. */
const HOLDS: Readonly<Record<Scope, readonly Scope[]>> = {
  read: [],
  triage: ["read"],
  feeds: ["read"],
  admin: ["read", "triage", "feeds"],
};

/** Says whether a key with these scopes may do what needs one. */
export function allows(scopes: readonly Scope[], needed: Scope): boolean {
  return scopes.some((scope) => scope === needed || HOLDS[scope].includes(needed));
}
