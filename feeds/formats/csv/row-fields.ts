/** Columns of CSV beside the value, as feeds write them. */

const CONFIDENCE: Readonly<Record<string, number>> = { none: 0, low: 15, medium: 50, high: 85 };
const MOST_TAGS = 100;

export function confidenceOf(text: string | undefined, lost: string[]): number | undefined {
  if (text === undefined) return undefined;
  const word = text.toLowerCase();
  if (Object.hasOwn(CONFIDENCE, word)) return CONFIDENCE[word];
  const number = /^\d{1,3}(?:\.\d+)?%?$/.test(text) ? Math.round(Number.parseFloat(text)) : 101;
  if (number <= 100) return number;
  lost.push(`confidence: ${JSON.stringify(text.slice(0, 60))} is no number from 0 to 100`);
  return undefined;
}

/** Makes a STIX timestamp of a date, a time, or seconds or milliseconds since 1970; without a zone it is UTC. */
export function timeOf(what: string, text: string | undefined, lost: string[]): string | undefined {
  if (text === undefined || /^(?:-|none|null|n\/a)$/i.test(text)) return undefined;
  const time = msOf(text);
  // Years of four digits are all that STIX can write.
  if (!Number.isNaN(time) && time >= 0 && time < 253_402_300_800_000)
    return new Date(time).toISOString();
  lost.push(`${what}: ${JSON.stringify(text.slice(0, 60))} is no time`);
  return undefined;
}

function msOf(text: string): number {
  if (/^\d{9,10}$/.test(text)) return Number(text) * 1000;
  if (/^\d{12,13}$/.test(text)) return Number(text);
  const parts =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i.exec(
      text,
    );
  if (parts === null) return Number.NaN;
  const [, date = "", time = "00:00:00", zone = "Z"] = parts;
  return Date.parse(`${date}T${time}${/^(?:z|utc)$/i.test(zone) ? "Z" : zone}`);
}

export function tagsOf(text: string | undefined): readonly string[] {
  const tags = (text ?? "").split(/[,;|]/).map((tag) => tag.trim());
  return [...new Set(tags)].filter((tag) => tag !== "").slice(0, MOST_TAGS);
}
