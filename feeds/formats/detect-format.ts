import { FeedError } from "./feed-error.ts";
import { isPlainList } from "./plain-list.ts";

/** A package of STIX 1, what TAXII 1 sends it in, and observables by themselves. */
const STIX1_ROOTS: ReadonlySet<string> = new Set(["STIX_Package", "Poll_Response", "Inbox_Message", "Content_Block", "Observables"]); // prettier-ignore

/** Tells JSON, the XML of OpenIOC and STIX 1 and plain lists by content; the name only words the message. Throws FeedError for everything else. */
export function detectFormat(name: string, text: string): "json" | "openioc" | "stix1" | "list" {
  const start = text.trimStart();
  if (start.startsWith("{") || start.startsWith("[")) return "json";
  if (start.startsWith("<")) return detectXml(name, start);
  if (isPlainList(start)) return "list";
  throw unsupported(name, looksLikeText(start));
}

/** Makes the error for a format that this version does not read. */
export function unsupported(name: string, looksLike: string): FeedError {
  return new FeedError(
    "feed/format-unsupported",
    `${name} looks like ${looksLike}. This version reads STIX 2.0 and 2.1, MISP events and rules of SysmonSearch (JSON), STIX 1 and OpenIOC 1.0 and 1.1 (XML), lists of one value a line, and CSV whose feed declares its columns.`,
  );
}

function detectXml(name: string, start: string): "openioc" | "stix1" {
  if (/^<(?:!doctype\s+html|html\b)/i.test(start)) throw unsupported(name, "a web page (HTML)");
  const root = rootTag(start);
  if (root === undefined)
    throw new FeedError("feed/xml-syntax", `${name}: the XML holds no element.`);
  const local = root.tag.slice(root.tag.indexOf(":") + 1);
  if (local === "ioc" || local === "OpenIOC") return "openioc";
  if (STIX1_ROOTS.has(local)) return "stix1";
  if (local.toLowerCase() === "html") throw unsupported(name, "a web page (HTML)");
  throw unsupported(name, `XML with the root element ${root.tag.slice(0, 60)}`);
}

/** Finds the first element; declarations are skipped here and judged by the XML reader. */
function rootTag(start: string): { tag: string } | undefined {
  let at = 0;
  while (at !== -1) {
    at = start.indexOf("<", at);
    if (at === -1) return undefined;
    if (start.startsWith("<!--", at)) at = after(start, "-->", at);
    else if (start.startsWith("<?", at)) at = after(start, "?>", at);
    else if (start.startsWith("<!", at)) {
      // A document type: refused outright, before any parser sees it. Entities are how XML bombs are made.
      throw new FeedError(
        "feed/xml-doctype",
        "The XML has a document type (DOCTYPE). Document types and entities are refused; take it out.",
      );
    } else {
      const tag = /^<([^\s/>]+)/.exec(start.slice(at, at + 200))?.[1];
      return tag === undefined ? undefined : { tag };
    }
  }
  return undefined;
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? -1 : at + mark.length;
}

function looksLikeText(start: string): string {
  const line = start.split("\n", 1)[0] ?? "";
  if (/^rule\s+\w+|^(?:private|global)\s+rule\s/m.test(start.slice(0, 2000))) return "YARA rules";
  if (/^(?:title|detection|logsource):/m.test(start.slice(0, 4000))) return "a Sigma rule (YAML)";
  if (/^(?:alert|drop|log|pass)\s+\w+\s/.test(line)) return "Snort rules";
  if (line.includes(",") || line.includes(";") || line.includes("\t")) return "CSV";
  return "a plain list or text";
}
