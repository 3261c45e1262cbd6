/** How the console is to look: kept by the browser. Nothing else is, no secret above all. */
import { effect, signal, type Signal } from "@preact/signals";
import { LANGUAGES, languageOf, type Language } from "./i18n/translate.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
export const ZONES = ["utc", "local"] as const;
export type Zone = (typeof ZONES)[number];

export const language = kept<Language>("language", LANGUAGES, languageOf(navigator.languages));
export const theme = kept<Theme>("theme", THEMES, "system");
export const zone = kept<Zone>("zone", ZONES, "utc");

function kept<T extends string>(name: string, allowed: readonly T[], initial: T): Signal<T> {
  const place = `stixsweep.${name}`;
  const stored = storage()?.getItem(place);
  const chosen = signal<T>(allowed.find((one) => one === stored) ?? initial);
  let first = true;
  effect(() => {
    const { value } = chosen;
    // What nobody chose may change with the browser.
    if (!first) storage()?.setItem(place, value);
    first = false;
  });
  return chosen;
}

function storage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined; // switched off
  }
}

effect(() => {
  document.documentElement.lang = language.value;
});

effect(() => {
  document.documentElement.dataset["theme"] = theme.value;
});
