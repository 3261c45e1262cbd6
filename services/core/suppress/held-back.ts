/** Why a match is held back, as the match store keeps it: a word of validity, or the name of what holds it back. */
const ENTRY = "suppression:";
const LIST = "warning-list:";

export function heldByEntry(id: string): string {
  return ENTRY + id;
}

export function heldByList(id: string): string {
  return LIST + id;
}

/** The suppression that holds a match back, by id; undefined where something else does, or nothing. */
export function entryThatHolds(heldBack: string | undefined): string | undefined {
  return heldBack?.startsWith(ENTRY) === true ? heldBack.slice(ENTRY.length) : undefined;
}

/** The warning list that holds a match back, by id; undefined where something else does, or nothing. */
export function listThatHolds(heldBack: string | undefined): string | undefined {
  return heldBack?.startsWith(LIST) === true ? heldBack.slice(LIST.length) : undefined;
}
