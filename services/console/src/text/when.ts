/** Times as they are shown: always with their zone, since a log's reader may sit in another. */
const pad = (n: number) => String(n).padStart(2, "0");

/** `2024-05-14 10:21:00Z`, or the same in the browser's zone with its offset; a dash where there is none. */
export function writeTime(iso: string | null, zone: "utc" | "local"): string {
  const at = iso === null ? Number.NaN : Date.parse(iso);
  if (Number.isNaN(at)) return "–";
  if (zone === "utc") return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")}Z`;
  const date = new Date(at);
  const offset = -date.getTimezoneOffset();
  const sign = offset < 0 ? "-" : "+";
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${day} ${time}${sign}${pad(hours)}:${pad(minutes)}`;
}

const UNITS = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** How far away a time is, in the largest unit that has one. */
export function distance(
  fromMs: number,
  toMs: number,
): { readonly n: number; readonly unit: (typeof UNITS)[number][0] } {
  const seconds = (toMs - fromMs) / 1000;
  const [unit, size] = UNITS.find(([, one]) => Math.abs(seconds) >= one) ?? UNITS[5];
  return { n: Math.trunc(seconds / size), unit };
}

/** `240 ms`, `3.2 s`, `4 min`. */
export function writeDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}
