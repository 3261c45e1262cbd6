import { settings } from "./config.ts";

/** README's table of settings. */
export function settingsTable(): string {
  const rows = settings.map(
    ({ name, fallback, description, allowed }) =>
      `| \`${name}\` | \`${fallback}\` | ${description} | ${allowed} |`,
  );
  return [
    "| variable | default | what it is | allowed |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
