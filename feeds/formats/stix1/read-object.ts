import type { XmlElement } from "../xml/xml-tree.ts";
import { type Criteria, groupOf, leftOut, lostPart } from "./criteria.ts";
import { isCybox } from "./families.ts";
import { ARTIFACT, FILE, LIBRARY } from "./file-object.ts";
import { PIPE, PREFETCH, PROCESS, REGISTRY_KEY, SERVICE, USER } from "./host-object.ts";
import {
  ADDRESS,
  CONNECTION,
  DNS_QUERY,
  DNS_RECORD,
  DOMAIN,
  HOSTNAME,
  HTTP,
  NETWORK_SOCKET,
  PORT,
  SOCKET_ADDRESS,
  URI,
  URL_HISTORY,
} from "./network-object.ts";
import { NOTHING, type ObjectContext, type ObjectRules, readField } from "./object-rules.ts";

/** Types of CybOX objects that Sysmon can show, without `ObjectType` at their end. */
const RULES: Readonly<Record<string, ObjectRules>> = {
  File: FILE,
  WindowsFile: FILE,
  WindowsExecutableFile: FILE,
  WindowsDriver: FILE,
  ArchiveFile: FILE,
  ImageFile: FILE,
  PDFFile: FILE,
  UnixFile: FILE,
  Library: LIBRARY,
  Artifact: ARTIFACT,
  Address: ADDRESS,
  DomainName: DOMAIN,
  Hostname: HOSTNAME,
  URI,
  Link: URI,
  URLHistory: URL_HISTORY,
  DNSQuery: DNS_QUERY,
  DNSRecord: DNS_RECORD,
  HTTPSession: HTTP,
  NetworkConnection: CONNECTION,
  NetworkSocket: NETWORK_SOCKET,
  SocketAddress: SOCKET_ADDRESS,
  Port: PORT,
  Process: PROCESS,
  WindowsProcess: PROCESS,
  WindowsRegistryKey: REGISTRY_KEY,
  WindowsService: SERVICE,
  Pipe: PIPE,
  WindowsPipe: PIPE,
  UserAccount: USER,
  WindowsUserAccount: USER,
  WindowsPrefetch: PREFETCH,
};

/** A namespace says what an object is where `xsi:type` is left out, as in CybOX 1. */
function kindOf({ type }: XmlElement): string {
  if (type === undefined || !isCybox(type)) return "";
  return type.local.replace(/(?:Object)?Type$/, "");
}

/** Reads the properties of an object: all of them must hold for one observation. */
export function readProperties(properties: XmlElement, context: ObjectContext): Criteria {
  const { type, where } = properties;
  const kind = kindOf(properties);
  const rules = Object.hasOwn(RULES, kind) ? RULES[kind] : undefined;
  if (rules === undefined) {
    const name = type === undefined ? "an object without xsi:type" : type.local.slice(0, 60);
    return lostPart("feed/term-unknown", `${name} (${where}): no Sysmon event shows it`);
  }
  const taken = rules.take?.(properties, context) ?? NOTHING;
  const parts: Criteria[] = [...taken.criteria];
  for (const child of properties.children) {
    if (!taken.read.has(child)) parts.push(...readRest(child, child.local, rules, context));
  }
  return parts.length === 0
    ? lostPart("feed/value-missing", `${type?.local ?? ""} (${where}): it has no properties`)
    : groupOf("and", parts);
}

/** Reads what stands in an element by the names that lead there. */
function readRest(
  element: XmlElement,
  path: string,
  rules: ObjectRules,
  context: ObjectContext,
): readonly Criteria[] {
  const field = Object.hasOwn(rules.fields, path) ? rules.fields[path] : undefined;
  if (field !== undefined) {
    return element.text === "" ? [] : [readField(element, field, path, context)];
  }
  if (element.local === "Custom_Properties" || rules.leftOut?.includes(path) === true) {
    return hasText(element) ? [leftOut(`${path} (${element.where}): Sysmon does not show it`)] : [];
  }
  if (element.children.length > 0) {
    return element.children.flatMap((child) =>
      readRest(child, `${path}/${child.local}`, rules, context),
    );
  }
  return element.text === ""
    ? []
    : [lostPart("feed/term-unknown", `${path} (${element.where}): no Sysmon event shows it`)];
}

function hasText({ text, children }: XmlElement): boolean {
  return text !== "" || children.some(hasText);
}
