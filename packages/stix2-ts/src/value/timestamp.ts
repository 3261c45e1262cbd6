/** An instant: whole seconds since 1970 and the digits of the fraction without trailing zeros. */
export interface Instant {
  readonly seconds: number;
  readonly fraction: string;
}

/** Parses an RFC 3339 timestamp of any precision; undefined where the text is none. */
export function parseTimestamp(text: string): Instant | undefined {
  const year = number(text, 0, 4);
  const month = number(text, 5, 2);
  const day = number(text, 8, 2);
  const hour = number(text, 11, 2);
  const minute = number(text, 14, 2);
  const second = number(text, 17, 2);
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (!isTime(hour, minute) || second < 0 || second > 60) return undefined;
  const t = text.charCodeAt(10);
  if (!isSeparated(text, 4, 45) || !isSeparated(text, 13, 58) || (t !== 84 && t !== 116)) {
    return undefined;
  }
  const end = text.charCodeAt(19) === 46 ? digitsEnd(text, 20) : 19;
  const offset = end === 20 ? undefined : offsetSeconds(text, end);
  if (offset === undefined) return undefined;
  const seconds = daysBefore(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
  return { seconds: seconds - offset, fraction: end === 19 ? "" : fractionOf(text, end) };
}

/** So many digits as a number; -1 where others stand. */
function number(text: string, at: number, digits: number): number {
  let value = 0;
  for (let i = at; i < at + digits; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function isTime(hour: number, minute: number): boolean {
  return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59;
}

/** Whether the same letter stands at a place and three further on, as in `-01-` and `:00:`. */
function isSeparated(text: string, at: number, letter: number): boolean {
  return text.charCodeAt(at) === letter && text.charCodeAt(at + 3) === letter;
}

function digitsEnd(text: string, from: number): number {
  let end = from;
  while (text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++;
  return end;
}

/** The zone at the end of a timestamp, in seconds east of UTC; undefined where none stands there, or more than one. */
function offsetSeconds(text: string, at: number): number | undefined {
  const letter = text.charCodeAt(at);
  if (letter === 90 || letter === 122) return text.length === at + 1 ? 0 : undefined;
  const [hour, minute] = [number(text, at + 1, 2), number(text, at + 4, 2)];
  const isZone = (letter === 43 || letter === 45) && text.charCodeAt(at + 3) === 58;
  if (!isZone || !isTime(hour, minute) || text.length !== at + 6) return undefined;
  return (letter === 43 ? 1 : -1) * (hour * 3600 + minute * 60);
}

/** Days from 1970-01-01 to a day of the Gregorian calendar, years counted from March. */
function daysBefore(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  const months = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5);
  return y * 365 + leaps + months + day - 719_469;
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

/** The digits after the point, which ends at `until`, without zeros at the end. */
function fractionOf(text: string, until: number): string {
  let end = until;
  while (end > 20 && text.charCodeAt(end - 1) === 48) end--;
  return text.slice(20, end);
}
