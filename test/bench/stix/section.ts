import { measure } from "../measure.ts";

/** A figure beside its peer's. `ratio` is how many times less the peer's work costs us: above 1 we are faster. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly peer?: string;
  readonly theirs?: string;
  readonly ratio?: number;
  /** What the ratio must be at least; without, the row is for information. */
  readonly floor?: number;
}

export interface Section {
  readonly title: string;
  readonly text: string;
  /** A list below the text. */
  readonly lines?: readonly string[];
  readonly rows: readonly Row[];
}

export const count = (n: number): string => Math.round(n).toLocaleString("en");

/** CPU seconds of the best of so many runs. */
export async function cpuSeconds(runs: number, run: () => unknown): Promise<number> {
  return (await measure(runs, run)).cpuMs / 1000;
}

/** Throws where two who measure the same do not find the same: their times would mean nothing. */
export function expectSame(who: string, got: unknown, want: unknown): void {
  if (JSON.stringify(got) !== JSON.stringify(want)) {
    throw new Error(`${who} do not agree: their times mean nothing`);
  }
}

/** Whether a row's ratio is below its floor. */
export function isShort({ ratio, floor }: Row): boolean {
  return ratio !== undefined && floor !== undefined && ratio < floor;
}

/** Prints a section as Markdown. */
export function printSection({ title, text, lines = [], rows }: Section): string {
  const table = rows.map((row) => {
    const { what, ours, peer = "", theirs = "", ratio, floor } = row;
    const shown = ratio === undefined ? "" : `${ratio < 10 ? ratio.toFixed(2) : count(ratio)}×`;
    const asked = floor === undefined ? "" : `${floor}×`;
    return `| ${what} | ${ours} | ${peer} | ${theirs} | ${isShort(row) ? `**${shown}**` : shown} | ${asked} |`;
  });
  const head = [
    "| what | ours | peer | peer's | ratio | floor |",
    "| --- | --- | --- | --- | --- | --- |",
  ];
  const list = lines.length > 0 ? [...lines, ""] : [];
  return [
    `## ${title}`,
    "",
    text,
    "",
    ...list,
    ...(rows.length > 0 ? [...head, ...table, ""] : []),
  ].join("\n");
}
