/** Why a match raises no alert: validity, then warning lists, then suppressions; the first that holds it back is its reason. */
import type { RegexEngine } from "stix2-ts";
import type { Clock, State } from "../ports.ts";
import type { IndicatorRecord, LoggedMatch } from "../records.ts";
import { entryThatHolds, heldByEntry, heldByList, listThatHolds } from "../suppress/held-back.ts";
import { Suppressions } from "../suppress/suppressions.ts";
import type { WarningLists } from "../suppress/warning-lists.ts";
import { silentBy } from "./validity.ts";

export interface HoldDeps {
  readonly state: Pick<State, "records">;
  readonly regex: RegexEngine;
  readonly now: Clock;
  /** The lists as they are now; absent: none. */
  readonly warningLists?: () => Promise<WarningLists>;
}

/** What holds matches back that valid indicators speak of, as of one look. */
export interface Holds {
  readonly suppressions: Suppressions;
  readonly lists: WarningLists | undefined;
}

export async function lookAtHolds(deps: HoldDeps): Promise<Holds> {
  const lists = await deps.warningLists?.();
  const entries = await deps.state.records.list("suppression");
  return { suppressions: new Suppressions(entries, deps.regex, deps.now()), lists };
}

/** Whether what is held back for a reason stays so, whatever becomes of the indicators that name its pattern. */
export function isSettled(heldBack: string, { suppressions }: Holds): boolean {
  const holder = entryThatHolds(heldBack);
  return listThatHolds(heldBack) !== undefined || (holder !== undefined && suppressions.isForAll(holder)); // prettier-ignore
}

/**
 * Says why a match raises no alert; undefined when it counts. What indicators hold back speaks when one of them may. What a
 * warning list held back stays so, whatever becomes of the list; what a suppression held back does too, and speaks only for
 * indicators that are none of the suppression's business.
 */
export function judge(
  match: LoggedMatch,
  indicators: readonly IndicatorRecord[],
  { suppressions, lists }: Holds,
  now: number,
): string | undefined {
  const holder = entryThatHolds(match.heldBack);
  const isForgotten = holder !== undefined && !suppressions.knows(holder);
  if (listThatHolds(match.heldBack) !== undefined || isForgotten) {
    return match.heldBack;
  }
  const reasons = indicators.map((one) => silentBy(one, now));
  const speaking = indicators.filter((_one, at) => reasons[at] === undefined);
  if (speaking.length === 0) {
    // Not the word of validity: when that is over, the suppression still holds.
    return holder === undefined ? (reasons[0] ?? "no indicator") : match.heldBack;
  }
  const list = lists?.thatHolds(match);
  if (list !== undefined) {
    return heldByList(list);
  }
  const entry = suppressions.silencing(match, speaking, holder);
  return entry === undefined ? undefined : heldByEntry(holder ?? entry);
}
