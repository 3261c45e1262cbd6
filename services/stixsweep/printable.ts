/* oxlint-disable no-control-regex -- control characters are what is taken out */

/** A value in a line: logs and feeds come from strangers, and nothing of them may steer the terminal. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\uFFFD");
}

/** Lines for people: as `printable`, but line ends and tabs stay. */
export function printableLines(text: string): string {
  return text.replace(/[^\n\t]+/g, printable);
}
