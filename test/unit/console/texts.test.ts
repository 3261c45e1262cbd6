import { describe, expect, test } from "@jest/globals";
import { en } from "../../../services/console/src/i18n/en.ts";
import { ja } from "../../../services/console/src/i18n/ja.ts";
import { EVENTS, PATHS } from "../../../services/console/src/i18n/sysmon-words.ts";
import { languageOf, translate } from "../../../services/console/src/i18n/translate.ts";
import { OPERATORS } from "../../../services/console/src/text/comparison.ts";

const places = (text: string) => new Set(text.match(/\{\w+\}/g));

describe("Japanese", () => {
  test("has every text that English has, and no other", () => {
    expect(Object.keys(ja)).toEqual(Object.keys(en));
  });
  test.each(Object.entries(en))("%s has its places, and other words", (key, text) => {
    const other = Object.entries(ja).find(([one]) => one === key)?.[1] ?? "";
    expect(places(other)).toEqual(places(text));
    expect(other).toMatch(/[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u);
  });
});

test("every event id, object path and operator has words in both languages", () => {
  const ids = [...Array.from({ length: 29 }, (_, i) => i + 1), 255];
  expect(Object.keys(EVENTS).map(Number)).toEqual(ids);
  const words = [...Object.values(EVENTS), ...Object.values(PATHS)];
  expect(words.filter((one) => one.en === "" || one.ja === "")).toEqual([]);
  expect(OPERATORS.filter((one) => !(`why.${one}` in en))).toEqual([]);
});

describe("translate", () => {
  test("fills places in the order of the language", () => {
    const values = { host: "H", indicator: "I", n: "3", first: "F", last: "L" };
    expect(translate("en", "alert.sentence", values).join("")).toBe(
      "H showed what I describes: 3 events between F and L.",
    );
    expect(translate("ja", "alert.sentence", values).join("")).toBe(
      "H で I が示す内容が観測されました：F から L までに 3 件のイベント。",
    );
  });
  test("what is filled in is not looked through for places again", () => {
    const values = { detail: "{n} {detail}" };
    expect(translate("en", "app.failed", values).join("")).toBe("That did not work: {n} {detail}");
  });
});

test.each([
  { preferred: ["ja-JP", "en"], want: "ja" },
  { preferred: ["de", "JA"], want: "ja" },
  { preferred: ["en-GB"], want: "en" },
  { preferred: ["de"], want: "en" },
  { preferred: [], want: "en" },
])("a browser that prefers $preferred is spoken to in $want", ({ preferred, want }) => {
  expect(languageOf(preferred)).toBe(want);
});
