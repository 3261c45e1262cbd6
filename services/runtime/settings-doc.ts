/** The README's table of settings, made from the tables that the service reads. */
import { settings } from "./config.ts";
import { secrets } from "./secrets.ts";

const BEGIN = "<!-- settings -->";
const END = "<!-- /settings -->";

/** Makes the table in Markdown, padded as prettier would, so that formatting the README changes nothing. */
export function settingsTable(): string {
  const rows = [
    ["variable", "default", "allowed", "what for"],
    ...Object.entries(settings).map(([name, setting]) =>
      [`\`${name}\``, `\`${setting.default}\``, setting.allowed, setting.description].map(escape),
    ),
    ...Object.entries(secrets).flatMap(([name, { allowed, description }]) => [
      [`\`${name}\``, "none", allowed, description].map(escape),
      [`\`${name}_FILE\``, "none", "a path", `File that holds \`${name}\`.`],
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))),
  );
  lines.splice(1, 0, line(widths.map((width) => "-".repeat(width))));
  return lines.join("\n");
}

/** Puts the table between the two comments of a Markdown text; throws where they are missing. */
export function insertSettings(markdown: string): string {
  const begin = markdown.indexOf(BEGIN);
  const end = markdown.indexOf(END, begin);
  if (begin === -1 || end === -1) {
    throw new Error(`no ${BEGIN} … ${END} in the text`);
  }
  return `${markdown.slice(0, begin)}${BEGIN}\n\n${settingsTable()}\n\n${markdown.slice(end)}`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function escape(cell: string): string {
  return cell.replaceAll("|", String.raw`\|`);
}
