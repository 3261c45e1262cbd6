/** An instant: whole seconds since 1970 and the digits of the fraction without trailing zeros. */
export interface Instant {
  readonly seconds: number;
  readonly fraction: string;
}

const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Parses an RFC 3339 timestamp of any precision; undefined where the text is none. */
export function parseTimestamp(text: string): Instant | undefined {
  const parts = text.length < 20 ? null : RFC3339.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, sign, offHour, offMinute] = parts;
  const d = Number(day);
  const m = Number(month);
  if (m < 1 || m > 12 || d < 1 || d > daysIn(Number(year), m)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  if (Number(offHour ?? 0) > 23 || Number(offMinute ?? 0) > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), m - 1, d); // Date.UTC would read the years 0 to 99 as 1900 to 1999
  let seconds = date.getTime() / 1000 + Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const offset = Number(offHour ?? 0) * 3600 + Number(offMinute ?? 0) * 60;
  seconds += sign === "-" ? offset : -offset;
  return { seconds, fraction: trimZeros(fraction ?? "") };
}

/** Orders two instants: below zero, zero or above. */
export function compareInstants(a: Instant, b: Instant): number {
  if (a.seconds !== b.seconds) return a.seconds - b.seconds;
  if (a.fraction === b.fraction) return 0;
  return a.fraction < b.fraction ? -1 : 1;
}

/** Milliseconds since 1970, with what lies below a millisecond as fraction. */
export function instantToMs(instant: Instant): number {
  return instant.seconds * 1000 + Number(`0.${instant.fraction || "0"}`) * 1000;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function trimZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === 48) end--;
  return digits.slice(0, end);
}
