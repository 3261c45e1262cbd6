/** Years 1601 to 9999, any number of fraction digits; a time without zone is UTC, as Sysmon's UtcTime. */
const format =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(Z|UTC|[+-]\d\d:?\d\d)?$/;

/**
 * Reads the times that Sysmon and its collectors write: milliseconds since 1970, finer digits cut off; undefined for
 * other text. Independent of the machine's time zone.
 */
export function readTime(text: string): number | undefined {
  const quick = sysmonTime(text);
  if (quick !== undefined) return quick;
  const parts = format.exec(text);
  if (parts === null) return /^1\d{12}$/.test(text) ? Number(text) : undefined;
  const [, year, month, day, hour, minute, second, fraction = "", zone = "Z"] = parts;
  const ms = utc(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.padEnd(3, "0").slice(0, 3)),
  );
  if (ms === undefined) return undefined;
  if (zone === "Z" || zone === "UTC") return ms;
  const sign = zone.startsWith("-") ? 1 : -1;
  const offset = zone.replace(":", "");
  return ms + sign * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3, 5))) * 60_000;
}

/** Writes a time as Sysmon writes UtcTime. */
export function writeUtcTime(time: number): string {
  return new Date(time).toISOString().slice(0, 23).replace("T", " ");
}

/** `2020-10-23 06:36:43.542`, without a regular expression: this runs once an event. */
function sysmonTime(text: string): number | undefined {
  if (text.length !== 23 || text[4] !== "-" || text[10] !== " " || text[19] !== ".")
    return undefined;
  return utc(
    digits(text, 0, 4),
    digits(text, 5, 7),
    digits(text, 8, 10),
    digits(text, 11, 13),
    digits(text, 14, 16),
    digits(text, 17, 19),
    digits(text, 20, 23),
  );
}

/** `Date.UTC` counts a 13th month on into the next year; here it is no time. */
function utc(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  ms: number,
): number | undefined {
  const isValid =
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 31 &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 60;
  const time = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  return isValid && year >= 1601 && !Number.isNaN(time) ? time : undefined;
}

function digits(text: string, start: number, end: number): number {
  let number = 0;
  for (let i = start; i < end; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}
