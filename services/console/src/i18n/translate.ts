/** Fills the {places} of a text. Pure: which language is spoken, others know. */
import { en, type TextKey, type Texts } from "./en.ts";
import { ja } from "./ja.ts";

export const LANGUAGES = ["en", "ja"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language in its own words. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: "English", ja: "日本語" };

const TEXTS: Readonly<Record<Language, Texts>> = { en, ja };

const PLACE = /\{(\w+)\}/;

/** The parts of a text: plain words, and the values of its places, in order. */
export function translate<T>(
  language: Language,
  key: TextKey,
  values: Readonly<Record<string, T>>,
): readonly (string | T)[] {
  // Splitting by a group gives words and names of places in turn.
  return TEXTS[language][key].split(PLACE).map((part, i) => {
    const value = i % 2 === 1 ? values[part] : undefined;
    return value === undefined ? part : value;
  });
}

/** The language of a browser that is spoken here. */
export function languageOf(preferred: readonly string[]): Language {
  for (const one of preferred) {
    const found = LANGUAGES.find((language) => one.toLowerCase().split("-")[0] === language);
    if (found !== undefined) return found;
  }
  return "en";
}
