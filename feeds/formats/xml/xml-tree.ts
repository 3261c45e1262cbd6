import { SaxesParser, type SaxesTagNS } from "saxes";
import { FeedError } from "../feed-error.ts";
import { formatPosition } from "../text-position.ts";

/** Deepest nesting of elements; real files have about thirty. */
const MAX_DEPTH = 200;
/** Most elements of a file; each is kept until the file is read. */
const MAX_ELEMENTS = 2_000_000;
/** Most attributes of one element; the namespaces of a STIX package's root alone are about sixty. */
const MAX_ATTRIBUTES = 1000;

const XSI = "http://www.w3.org/2001/XMLSchema-instance";

/** A name with the namespace that its prefix stood for. */
export interface XmlName {
  readonly uri: string;
  readonly local: string;
}

export interface XmlElement extends XmlName {
  /** `xsi:type`, its prefix resolved where it stands. */
  readonly type: XmlName | undefined;
  /** Attributes without namespace. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of the elements in it. */
  readonly text: string;
  /** `line:column`. */
  readonly where: string;
}

type Draft = { -readonly [K in keyof XmlElement]: XmlElement[K] } & { children: Draft[] };

/** Reads XML into a tree. Throws FeedError with line and column. No document type, no entities but XML's own five. */
export function readXmlTree(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const fail = (code: string, message: string, options?: ErrorOptions): never => {
    const place = formatPosition(parser.line, parser.column + 1);
    throw new FeedError(code, `${message} (${place})`, place, options);
  };
  const open: Draft[] = [];
  let root: Draft | undefined;
  let elements = 0;

  parser.on(
    "doctype",
    () =>
    fail("feed/xml-doctype", "The XML has a document type (DOCTYPE). Document types and entities are refused"), // prettier-ignore
  );
  parser.on("error", (cause) =>
    fail("feed/xml-syntax", `The XML is broken: ${cause.message.slice(0, 200)}`, { cause }),
  );
  let attributes = 0;
  parser.on("opentagstart", () => {
    attributes = 0;
  });
  parser.on("attribute", () => {
    attributes += 1;
    if (attributes > MAX_ATTRIBUTES)
      fail("feed/too-large", `An element has more than ${MAX_ATTRIBUTES} attributes`);
  });
  parser.on("opentag", (tag) => {
    elements += 1;
    if (open.length >= MAX_DEPTH)
      fail("feed/too-deep", `The XML is nested deeper than ${MAX_DEPTH} levels`);
    if (elements > MAX_ELEMENTS)
      fail("feed/too-large", `The XML has more than ${MAX_ELEMENTS} elements`);
    const element = drafted(tag, parser);
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  const addText = (part: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += part;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => {
    const element = open.pop();
    if (element !== undefined) element.text = element.text.trim();
  });
  parser.write(text).close();
  return root ?? fail("feed/xml-syntax", "The XML holds no element");
}

function drafted(tag: SaxesTagNS, parser: SaxesParser<{ xmlns: true }>): Draft {
  const attributes = new Map<string, string>();
  let type: XmlName | undefined;
  for (const { uri, local, value } of Object.values(tag.attributes)) {
    if (uri === "") attributes.set(local, value.trim());
    else if (uri === XSI && local === "type") type = resolved(value.trim(), parser);
  }
  const { uri, local } = tag;
  const where = `${parser.line}:${parser.column + 1}`;
  return { uri, local, type, attributes, children: [], text: "", where };
}

function resolved(name: string, parser: SaxesParser<{ xmlns: true }>): XmlName {
  const at = name.indexOf(":");
  const prefix = at === -1 ? "" : name.slice(0, at);
  return { uri: parser.resolve(prefix) ?? "", local: name.slice(at + 1) };
}

/** Gives the first child of that name, whatever its namespace. */
export function childOf(element: XmlElement | undefined, local: string): XmlElement | undefined {
  return element?.children.find((child) => child.local === local);
}

/** Gives the text of the element that the names lead to; undefined where there is none, or no text. */
export function textAt(element: XmlElement, ...path: readonly string[]): string | undefined {
  let at: XmlElement | undefined = element;
  for (const local of path) at = childOf(at, local);
  return at === undefined || at.text === "" ? undefined : at.text;
}

/** Yields an element and all below it, in file order; below one that `enters` refuses nothing. */
export function* elementsOf(
  element: XmlElement,
  enters: (element: XmlElement) => boolean = () => true,
): Generator<XmlElement> {
  yield element;
  if (!enters(element)) return;
  for (const child of element.children) yield* elementsOf(child, enters);
}
