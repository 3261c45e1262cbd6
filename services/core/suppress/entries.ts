/** Suppressions as people make and lift them. Each has a reason and an author; none is ever deleted. */
import { parseAddress, type RegexEngine } from "stix2-ts";
import { ServiceError } from "../errors.ts";
import type { Clock, Hash, State, Versioned } from "../ports.ts";
import type { Suppression, SuppressionKind } from "../records.ts";
import { stands } from "./suppressions.ts";

/** Standing entries at most, and regexes among them: each of those is tried on each match. */
export const MOST_ENTRIES = 5000;
export const MOST_REGEXES = 200;

export interface EntryDeps {
  readonly state: Pick<State, "records">;
  readonly hash: Hash;
  readonly now: Clock;
}

/** Says what is wrong with an entry's value; undefined when nothing is. */
export function problemOfValue(
  kind: SuppressionKind,
  value: string,
  regex: RegexEngine,
): string | undefined {
  switch (kind) {
    case "cidr":
      return parseAddress(value) === undefined ? "is no address and no range (10.0.0.0/8)" : undefined; // prettier-ignore
    case "domain":
      return /^\.?[^\s./\\:@]+(?:\.[^\s./\\:@]+)*\.?$/.test(value) ? undefined : "is no domain name"; // prettier-ignore
    case "regex":
      try {
        regex(value);
        return undefined;
      } catch (error) {
        return `is no regular expression of RE2: ${error instanceof Error ? error.message : ""}`;
      }
    case "value":
    case "indicator":
      return undefined;
  }
}

/** Adds an entry, which acts on matches that come after; throws `suppression/too-many`. Twice in one moment is once. */
export async function addSuppression(
  { state, hash, now }: EntryDeps,
  wanted: Omit<Suppression, "at" | "lifted">,
): Promise<Versioned<Suppression>> {
  const at = now();
  const standing = (await state.records.list("suppression")).filter(({ record }) => stands(record, at)); // prettier-ignore
  const regexes = standing.filter(({ record }) => record.kind === "regex").length;
  if (standing.length >= MOST_ENTRIES || (wanted.kind === "regex" && regexes >= MOST_REGEXES)) {
    throw new ServiceError(
      "suppression/too-many",
      `at most ${MOST_ENTRIES} suppressions stand at a time, ${MOST_REGEXES} of them with a regex; lift one first`,
    );
  }
  const record = { ...wanted, at };
  const id = hash(JSON.stringify(record)).slice(0, 16);
  await state.records.compareAndSet("suppression", { id, version: 0, record });
  return { id, version: 1, record };
}

/** Lifts an entry; one that is lifted stays as it is. undefined where there is none. */
export async function liftSuppression(
  { state, now }: EntryDeps,
  id: string,
  by: string,
): Promise<Versioned<Suppression> | undefined> {
  for (;;) {
    const found = await state.records.get("suppression", id);
    if (found === undefined || found.record.lifted !== undefined) {
      return found;
    }
    const next = { ...found, record: { ...found.record, lifted: { by, at: now() } } };
    if (await state.records.compareAndSet("suppression", next)) {
      return { ...next, version: next.version + 1 };
    }
  }
}
