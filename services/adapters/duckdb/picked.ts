import type { Picker } from "../../core/ports.ts";

/** Places of the lines that a picker picks; all of them without one. */
export function pickedOf(lines: readonly string[], picker: Picker | undefined): readonly number[] {
  const all = lines.map((_, place) => place);
  if (picker === undefined || lines.length === 0) return all;
  const { count, picked } = picker.pick(Buffer.from(`${lines.join("\n")}\n`));
  // A text with a line break in it would shift the places of all that follow.
  return count === lines.length ? picked.map(({ index }) => index) : all;
}
