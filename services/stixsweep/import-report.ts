import { printableLines } from "./printable.ts";
import type { ImportEntry, ImportRecord } from "../core/records.ts";

/** What became of a feed file's entries, for people: the counts, then each that was not accepted whole, or whose values are on warning lists. */
export function entriesReport(name: string, entries: readonly ImportEntry[]): string {
  const counts = [...Map.groupBy(entries, (entry) => entry.status)].map(
    ([status, list]) => `${list.length} ${status}`,
  );
  const lines = entries
    .filter(({ status, warningLists = [] }) => status !== "accepted" || warningLists.length > 0)
    .map((entry) => {
      const id = entry.id === undefined ? "" : `${entry.id} `;
      const told = [
        entry.reason ?? "",
        entry.lost.length > 0 ? `(lost: ${entry.lost.join("; ")})` : "",
        entry.warningLists === undefined
          ? ""
          : `(on warning lists: ${entry.warningLists.join(", ")})`,
      ].filter((one) => one !== "");
      return `  ${entry.status} ${id}at ${entry.where}: ${told.join(" ")}\n`;
    });
  return printableLines(`${name}: ${counts.join(", ") || "no indicators"}\n${lines.join("")}`);
}

/** An import's report, for people. */
export function importReport({ name, state, error, entries }: ImportRecord): string {
  return state === "failed"
    ? printableLines(`${name}: not imported: ${error ?? ""}\n`)
    : entriesReport(name, entries);
}
