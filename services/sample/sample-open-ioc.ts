import { stableUuid } from "./random.ts";
import * as wannacry from "./wannacry.ts";

/** Id of the OpenIOC document; it is one indicator. */
export const SAMPLE_OPEN_IOC_ID = stableUuid("openioc");

/** Keys of the generator's counts that this document's items correspond to; an event that meets any of them is hit. */
export const SAMPLE_OPEN_IOC_KEYS: readonly string[] = [
  "hash-mssecsvc",
  "hash-tasksche",
  "hash-decryptor",
  "hash-taskdl",
  "hash-taskse",
  "file-names",
  "kill-switch",
  "wanacrypt0r-key",
  "vssadmin-arguments",
];

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (character) => ESCAPES[character] ?? "");
}

function item(condition: "is" | "contains", search: string, type: string, content: string): string {
  const id = stableUuid(`openioc:${search}:${content}`);
  const document = search.slice(0, search.indexOf("/"));
  return [
    `<IndicatorItem id="${id}" condition="${condition}">`,
    `  <Context document="${document}" search="${search}" type="mir"/>`,
    `  <Content type="${type}">${escapeXml(content)}</Content>`,
    `</IndicatorItem>`,
  ].join("\n");
}

function group(name: string, operator: "AND" | "OR", children: readonly string[]): string {
  const inner = children.join("\n").replace(/^/gm, "  ");
  const id = stableUuid(`openioc:group:${name}`);
  return `<Indicator id="${id}" operator="${operator}">\n${inner}\n</Indicator>`;
}

const HASHED = [
  wannacry.MSSECSVC,
  wannacry.TASKSCHE,
  wannacry.DECRYPTOR,
  wannacry.TASKDL,
  wannacry.TASKSE,
];

/** Creates the sample's OpenIOC 1.0 document: an OR of items and of one AND. */
export function sampleOpenIoc(): string {
  const tree = group("top", "OR", [
    ...HASHED.map(({ md5 }) => item("is", "FileItem/Md5sum", "md5", md5)),
    group(
      "names",
      "OR",
      wannacry.WANNACRY_FILE_NAMES.map((name) => item("is", "FileItem/FileName", "string", name)),
    ),
    item("is", "DnsEntryItem/RecordName", "string", wannacry.KILL_SWITCH),
    item("contains", "RegistryItem/Path", "string", "SOFTWARE\\WanaCrypt0r\\wd"),
    group("vssadmin", "AND", [
      item("is", "ProcessItem/name", "string", "vssadmin.exe"),
      item("contains", "ProcessItem/arguments", "string", "delete shadows"),
    ]),
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>
<ioc xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns="http://schemas.mandiant.com/2010/ioc" id="${SAMPLE_OPEN_IOC_ID}" last-modified="2024-05-06T08:00:00Z">
  <short_description>WannaCry (sample)</short_description>
  <description>Publicly known traces of WannaCry, for the sample data of stixsweep.</description>
  <keywords/>
  <authored_by>stixsweep sample data</authored_by>
  <authored_date>2017-05-15T08:00:00Z</authored_date>
  <links>
    <link rel="category">Ransomware</link>
  </links>
  <definition>
${tree.replace(/^/gm, "    ")}
  </definition>
</ioc>
`;
}
