/** Feed files: whatever is in them, reading ends in content that parses, or in an error with a code. */
import fc from "fast-check";
import { parsePattern } from "stix2-ts";
import { type FeedContent, readFeed } from "../../feeds/formats/index.ts";
import type { CsvLayout } from "../../services/core/feeds/csv-layout.ts";
import { composition, el, hashes, indicator, object, observable, stixPackage } from "../unit/feeds/stix1-fixtures.ts"; // prettier-ignore
import { mutatedBytes, mutatedText } from "./mutate.ts";

const encoder = new TextEncoder();

function checkContent({ indicators, entries }: FeedContent): void {
  for (const { pattern } of indicators) parsePattern(pattern);
  const usable = entries.filter(({ status }) => status === "accepted" || status === "partly");
  if (usable.length !== indicators.length) throw new Error("broken: entries and indicators differ");
}

export function checkFeed(text: string): void {
  checkContent(readFeed("fuzz", encoder.encode(text)));
}

export function checkFeedBytes(pieces: readonly Uint8Array[]): void {
  checkContent(readFeed("fuzz", Buffer.concat(pieces)));
}

const value = fc
  .oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom("192.0.2.1", "evil[.]example", "a##comma##b", "C:\\a\\b.exe", "7", "HKLM\\X", "0".repeat(32)), // prettier-ignore
  )
  .map((text) => text.replace(/[<&\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, "_").replaceAll("]]>", ""));
const attributes = fc.constantFrom(
  "",
  'condition="Contains"',
  'condition="DoesNotEqual" apply_condition="NONE"',
  'condition="InclusiveBetween"',
  'condition="FitsPattern"',
  'is_case_sensitive="true"',
);
const property = (...names: readonly string[]) =>
  fc.tuple(fc.constantFrom(...names), value, attributes).map(([name, text, own]) => el(name, text, own)); // prettier-ignore

const anyObject = fc.oneof(
  fc
    .tuple(
      fc.array(property("File_Name", "File_Path", "File_Extension", "Full_Path", "Size_In_Bytes"), {
        maxLength: 3,
      }),
      value,
    ) // prettier-ignore
    .map(([parts, hash]) => observable("File", parts.join("") + hashes(["MD5", hash]))),
  property("Value").map((part) => observable("DomainName", part)),
  property("Address_Value").map((part) => observable("Address", part)),
  fc.array(property("Hive", "Key"), { maxLength: 2 }).map((parts) => observable("WindowsRegistryKey", parts.join(""))), // prettier-ignore
  fc.array(property("Name", "PID", "Username", "Mutex"), { maxLength: 3 }).map((parts) => observable("Process", parts.join(""))), // prettier-ignore
  fc.constant(`<ind:Observable negate="true" idref="ex:o"/>`),
);
const tree = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    anyObject,
    fc
      .tuple(fc.constantFrom("AND", "OR", "NOT"), fc.array(tie("node"), { maxLength: 4 }))
      .map(([operator, parts]) => composition(operator, ...parts)),
  ),
})).node;

/** Packages of STIX 1. */
export const stix1Text = fc
  .array(tree, { maxLength: 3 })
  .map((trees) =>
    stixPackage(
      `<stix:Observables><cybox:Observable id="ex:o">${object("File", el("File_Name", "a"))}</cybox:Observable></stix:Observables>${trees.map((one, i) => indicator(`ex:${i}`, one)).join("")}`,
    ),
  );

/** Rules of SysmonSearch. */
export const ruleText = fc
  .record({
    operator: fc.constantFrom("AND", "OR", ""),
    patterns: fc.array(
      fc.record({
        key: fc.constantFrom("IpAddress", "Port", "HostName", "ProcessName", "FileName", "RegistryKey", "RegistryValue", "Hash", "x"), // prettier-ignore
        value: fc.oneof(value, fc.constantFrom("*", "?", "%_", "192.0.2.0/24")),
      }),
      { maxLength: 5 },
    ),
  })
  .map((rule) => JSON.stringify(rule));

const LAYOUT: CsvLayout = {
  kind: "csv",
  columns: { value: "v", type: "t", confidence: "c", validUntil: "u", tags: "g" },
  type: "any",
  types: { own: "registry-key" },
  delimiter: ",",
  comment: "#",
  header: true,
};
const row = fc
  .tuple(
    value,
    fc.constantFrom("ip", "own", "ip:port", "command-line", "filename|md5", "x", ""),
    fc.nat(120),
  ) // prettier-ignore
  .map(([text, type, score]) => `"${text.replaceAll('"', '""')}",${type},${score},2026-01-01,a;b`);

/** CSV of one layout. */
export const csvText = fc.array(row, { maxLength: 6 }).map((rows) => ["v,t,c,u,g", ...rows].join("\n")); // prettier-ignore

export function checkCsv(text: string): void {
  checkContent(readFeed("fuzz", encoder.encode(text), LAYOUT));
}

export const stix1Mutated = fc.oneof(stix1Text, mutatedText(stix1Text));
export const stix1Bytes = mutatedBytes(stix1Text);
export const ruleMutated = fc.oneof(ruleText, mutatedText(ruleText));
export const csvMutated = fc.oneof(csvText, mutatedText(csvText));
