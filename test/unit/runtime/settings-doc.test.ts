import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { settings } from "../../../services/runtime/config.ts";
import { secrets } from "../../../services/runtime/secrets.ts";
import { insertSettings, settingsTable } from "../../../services/runtime/settings-doc.ts";

test("README.md has the table of settings as it is made now", () => {
  const readme = readFileSync(path.join(import.meta.dirname, "../../../README.md"), "utf8");
  expect(insertSettings(readme)).toBe(readme);
});

test("the table has a line for every setting, with its default", () => {
  const lines = settingsTable().split("\n").slice(2);
  expect(lines).toHaveLength(Object.keys(settings).length + 2 * Object.keys(secrets).length);
  for (const name of Object.keys(secrets).flatMap((one) => [one, `${one}_FILE`])) {
    expect(lines.find((one) => one.startsWith(`| \`${name}\` `))).toContain("| none ");
  }
  for (const [name, setting] of Object.entries(settings)) {
    const line = lines.find((one) => one.startsWith(`| \`${name}\` `));
    expect(line).toContain(`| \`${setting.default}\` `);
  }
});

test("what stands around the table stays, and what stood in its place goes", () => {
  const made = insertSettings("before\n<!-- settings -->old<!-- /settings -->\nafter\n");
  expect(made).toBe(
    `before\n<!-- settings -->\n\n${settingsTable()}\n\n<!-- /settings -->\nafter\n`,
  );
});

test("a text without the place is refused", () => {
  expect(() => insertSettings("<!-- /settings --> <!-- settings -->")).toThrow("no <!-- settings");
});
