import { expect, test } from "@jest/globals";
import { repairValue } from "../../../feeds/formats/repair-value.ts";

test.each([
  { name: "nothing", given: "evil.example", want: "evil.example", repairs: 0 },
  { name: "dots in brackets", given: "evil[.]example(dot)org", want: "evil.example.org", repairs: 1 },
  { name: "a scheme", given: "hxxps[:]//evil.example", want: "https://evil.example", repairs: 1 },
  { name: "full-width signs", given: "\uFF45vil\uFF0Eexample", want: "evil.example", repairs: 1 },
  { name: "full-width dots in an address", given: "192\u30020\u30022\u30021", want: "192.0.2.1", repairs: 1 },
  { name: "invisible signs", given: "evil.\u200Bexample\uFEFF", want: "evil.example", repairs: 1 },
  { name: "quotes of a word processor", given: "\u201Cevil.example\u201D", want: "evil.example", repairs: 1 },
  { name: "several at once", given: "\u201Chxxp://evil\uFF3B.\uFF3Dexample\u201D", want: "http://evil.example", repairs: 3 },
  { name: "doubled backslashes", given: "C:\\\\Temp\\\\a.exe", want: "C:\\Temp\\a.exe", repairs: 1 },
  { name: "doubled backslashes of a key", given: "HKLM\\\\Software\\\\X", want: "HKLM\\Software\\X", repairs: 1 },
  { name: "a share begins with two", given: "\\\\host\\share\\a.exe", want: "\\\\host\\share\\a.exe", repairs: 0 },
  { name: "not all are doubled: they are meant", given: "C:\\\\Temp\\a.exe", want: "C:\\\\Temp\\a.exe", repairs: 0 },
  { name: "a Japanese file name", given: "\u30EC\u30DD\u30FC\u30C8\uFF11.exe", want: "\u30EC\u30DD\u30FC\u30C8\uFF11.exe", repairs: 0 },
  { name: "a name that hides its ending", given: "invoice\u202Efdp.exe", want: "invoice\u202Efdp.exe", repairs: 0 },
  { name: "quotes that are two pairs", given: '"C:\\a b.exe" -x "y"', want: '"C:\\a b.exe" -x "y"', repairs: 0 },
])("$name", ({ given, want, repairs }) => {
  const got = repairValue(given);
  expect([got.value, got.repairs.length]).toEqual([want, repairs]);
}); // prettier-ignore

test("in commands any sign may be meant", () => {
  expect(repairValue("echo a[.]b", true)).toEqual({ value: "echo a[.]b", repairs: [] });
});
