import { SaxesParser, type SaxesTagNS } from "saxes";
import { FeedError } from "../feed-error.ts";
import { formatPosition } from "../text-position.ts";
import type { IocDocument, IocGroup, IocItem, IocNode } from "./ioc-document.ts";

/** Deepest nesting of elements; real files have about eight. */
export const MAX_XML_DEPTH = 100;
/** Most elements of a file: an indicator item takes three. */
export const MAX_XML_ELEMENTS = 5_000_000;

type Draft<T> = { -readonly [K in keyof T]: T[K] };
type DraftGroup = Draft<Omit<IocGroup, "children">> & { children: IocNode[] };

/** Reads OpenIOC 1.0 or 1.1. Throws FeedError with line and column. No document type, no entities but XML's own five. */
export function readIocDocument(text: string): IocDocument {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const position = () => formatPosition(parser.line, parser.column + 1);
  const fail = (code: string, message: string, options?: ErrorOptions): never => {
    throw new FeedError(code, `${message} (${position()})`, position(), options);
  };
  const builder = new IocBuilder(() => `${parser.line}:${parser.column + 1}`);
  let depth = 0;
  let elements = 0;

  parser.on("doctype", () =>
    fail(
      "feed/xml-doctype",
      "The XML has a document type (DOCTYPE). Document types and entities are refused",
    ),
  );
  parser.on("error", (cause) =>
    fail("feed/xml-syntax", `The XML is broken: ${cause.message.slice(0, 200)}`, { cause }),
  );
  parser.on("opentag", (tag) => {
    depth += 1;
    elements += 1;
    if (depth > MAX_XML_DEPTH)
      fail("feed/too-deep", `The XML is nested deeper than ${MAX_XML_DEPTH} levels`);
    if (elements > MAX_XML_ELEMENTS)
      fail("feed/too-large", `The XML has more than ${MAX_XML_ELEMENTS} elements`);
    builder.open(tag);
  });
  parser.on("text", (part) => builder.text(part));
  parser.on("cdata", (part) => builder.text(part));
  parser.on("closetag", (tag) => {
    depth -= 1;
    builder.close(tag.local);
  });
  parser.write(text).close();
  return builder.document();
}

class IocBuilder {
  readonly #where: () => string;
  #version: "1.0" | "1.1" = "1.0";
  #root: { id?: string; modified?: string } | undefined;
  readonly #texts: Record<string, string> = {};
  readonly #labels: string[] = [];
  readonly #criteria: IocNode[] = [];
  readonly #unread: Record<string, number> = {};
  readonly #groups: DraftGroup[] = [];
  #item: Draft<IocItem> | undefined;
  #link: string | undefined;
  #text = "";

  constructor(where: () => string) {
    this.#where = where;
  }

  open(tag: SaxesTagNS): void {
    this.#text = "";
    const attribute = (name: string): string | undefined => {
      const value = tag.attributes[name]?.value.trim();
      return value === "" ? undefined : value;
    };
    const isTrue = (name: string) => /^(?:true|1)$/i.test(attribute(name) ?? "");
    if (this.#root === undefined) {
      this.#version = tag.local === "OpenIOC" || tag.uri.includes("OpenIOC_1.1") ? "1.1" : "1.0";
      const [id, modified] = [attribute("id"), attribute("last-modified")];
      this.#root = {
        ...(id === undefined ? {} : { id }),
        ...(modified === undefined ? {} : { modified }),
      };
    } else if (tag.local === "Indicator") {
      this.#groups.push({
        kind: "group",
        id: attribute("id"),
        where: this.#where(),
        // The schema knows AND and OR only; an operator left out is OR in the editors that write OpenIOC.
        operator: attribute("operator")?.toUpperCase() === "AND" ? "and" : "or",
        negate: isTrue("negate"),
        children: [],
      });
    } else if (tag.local === "IndicatorItem") {
      this.#item = {
        kind: "item",
        id: attribute("id"),
        where: this.#where(),
        condition: attribute("condition")?.toLowerCase() ?? "is",
        negate: isTrue("negate"),
        preserveCase: isTrue("preserve-case"),
        term: "",
        contentType: "string",
        value: "",
      };
    } else if (tag.local === "Context" && this.#item !== undefined) {
      this.#item.term = attribute("search") ?? attribute("document") ?? "";
    } else if (tag.local === "Content" && this.#item !== undefined) {
      this.#item.contentType = attribute("type") ?? "string";
    } else if (tag.local === "link") {
      this.#link = attribute("rel");
    } else if (tag.local === "param") {
      this.#unread["param"] = (this.#unread["param"] ?? 0) + 1;
    }
  }

  text(part: string): void {
    this.#text += part;
  }

  close(local: string): void {
    const text = this.#text.trim();
    if (local === "Indicator") this.#closeGroup();
    else if (local === "IndicatorItem" && this.#item !== undefined) {
      (this.#groups.at(-1)?.children ?? this.#criteria).push(this.#item);
      this.#item = undefined;
    } else if (local === "Content" && this.#item !== undefined) this.#item.value = text;
    else if (local === "link" && text !== "")
      this.#labels.push(this.#link === undefined ? text : `${this.#link}: ${text}`);
    else if (local === "keywords") this.#addKeywords(text);
    else if (/^(?:short_description|description|authored_date)$/.test(local) && text !== "")
      this.#texts[local] ??= text;
    this.#text = "";
  }

  document(): IocDocument {
    return {
      version: this.#version,
      id: this.#root?.id,
      name: this.#texts["short_description"],
      description: this.#texts["description"],
      authored: this.#texts["authored_date"],
      modified: this.#root?.modified,
      labels: [...new Set(this.#labels)],
      criteria: this.#criteria,
      unread: this.#unread,
    };
  }

  #addKeywords(text: string): void {
    for (const word of text.split(/[,;\s]/)) {
      if (word !== "") this.#labels.push(word);
    }
  }

  #closeGroup(): void {
    const group = this.#groups.pop();
    if (group !== undefined) (this.#groups.at(-1)?.children ?? this.#criteria).push(group);
  }
}
