import { FeedError, type FeedContent, readFeed } from "../../../feeds/formats/index.ts";

/** Reads text as a file of that name. */
export function read(text: string, name = "feed"): FeedContent {
  return readFeed(name, new TextEncoder().encode(text));
}

/** Gives the FeedError of a file that can't be used; fails on any other outcome. */
export function errorOf(bytes: Uint8Array | string, name = "feed"): FeedError {
  try {
    readFeed(name, typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
  } catch (error) {
    if (error instanceof FeedError) return error;
    throw error;
  }
  throw new Error("the file was read");
}

export const INDICATOR = {
  type: "indicator",
  spec_version: "2.1",
  id: "indicator--11111111-1111-4111-8111-111111111111",
  created: "2026-01-01T00:00:00.000Z",
  modified: "2026-01-01T00:00:00.000Z",
  valid_from: "2026-01-01T00:00:00Z",
  pattern_type: "stix",
  pattern: "[file:name = 'a.exe']",
} as const;

/** Makes a STIX id of a type from a small number. */
export function stixId(type: string, number: number): string {
  return `${type}--00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

export function bundle(...objects: readonly unknown[]): string {
  return JSON.stringify({ type: "bundle", id: stixId("bundle", 1), objects });
}

/** Wraps criteria into an OpenIOC 1.0 file. */
export function ioc10(criteria: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="ioc-1" last-modified="2026-02-03T04:05:06">
  <short_description>Sample</short_description>
  <description>A sample of ours</description>
  <keywords>alpha beta</keywords>
  <authored_date>2026-01-02T00:00:00Z</authored_date>
  <links><link rel="family">Example</link></links>
  <definition>${criteria}</definition>
</ioc>`;
}

/** Wraps criteria into an OpenIOC 1.1 file. */
export function ioc11(criteria: string): string {
  return `<OpenIOC xmlns="http://openioc.org/schemas/OpenIOC_1.1" id="ioc-2" last-modified="2026-02-03T04:05:06Z">
  <metadata><short_description>Sample</short_description><authored_date>0001-01-01T00:00:00</authored_date></metadata>
  <criteria>${criteria}</criteria><parameters />
</OpenIOC>`;
}

/** Writes an IndicatorItem; `id` is made of the term and the value. */
export function item(search: string, condition: string, value: string, attributes = ""): string {
  const document = search.split("/")[0] ?? "";
  const content = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<IndicatorItem id="${search}|${content.replaceAll('"', "")}" condition="${condition}" ${attributes}><Context document="${document}" search="${search}" type="mir"/><Content type="string">${content}</Content></IndicatorItem>`;
}

export function group(operator: "AND" | "OR", ...children: readonly string[]): string {
  return `<Indicator operator="${operator}" id="${operator}-${children.length}">${children.join("")}</Indicator>`;
}
