/** Texts in the language that is chosen now. */
import type { ComponentChild } from "preact";
import type { TextKey } from "./i18n/en.ts";
import { EVENTS, PATHS } from "./i18n/sysmon-words.ts";
import { translate } from "./i18n/translate.ts";
import { language, zone } from "./preferences.ts";
import { plainPath } from "./text/comparison.ts";
import { distance, writeTime } from "./text/when.ts";

/** A text, its places filled with plain values. */
export function t(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
  const written = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "number" ? count(value) : value,
    ]),
  );
  return translate(language.value, key, written).join("");
}

/** A text with elements in its places. */
export function say(
  key: TextKey,
  values: Readonly<Record<string, ComponentChild>>,
): readonly ComponentChild[] {
  return translate<ComponentChild>(language.value, key, values);
}

export function count(n: number): string {
  return new Intl.NumberFormat(language.value).format(n);
}

/** A share of all, never rounded up to all of it. */
export function percent(ratio: number): string {
  const cut = ratio < 1 ? Math.floor(ratio * 1000) / 1000 : 1;
  return new Intl.NumberFormat(language.value, { style: "percent", maximumFractionDigits: 1 }).format(cut); // prettier-ignore
}

export function time(iso: string | null): string {
  return writeTime(iso, zone.value);
}

/** "3 minutes ago". */
export function ago(iso: string | null): string {
  if (iso === null) return "–";
  const { n, unit } = distance(Date.now(), Date.parse(iso));
  return new Intl.RelativeTimeFormat(language.value, { numeric: "auto" }).format(n, unit);
}

export function eventName(id: number): string {
  return EVENTS[id]?.[language.value] ?? `Sysmon ${id}`;
}

/** What an object path means; the path itself where there is no word for it. */
export function pathName(path: string): string {
  return PATHS[plainPath(path)]?.[language.value] ?? path;
}
