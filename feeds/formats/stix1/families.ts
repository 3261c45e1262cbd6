/**
 * STIX 1 has a namespace for each of its many schemas, and OASIS renamed all of them; which of its languages an element
 * belongs to is told by how its namespace begins. Prefixes say nothing.
 */
import type { XmlElement, XmlName } from "../xml/xml-tree.ts";

const STIX = /^http:\/\/(?:stix\.mitre\.org|docs\.oasis-open\.org\/cti\/ns\/stix)\//;
const CYBOX = /^http:\/\/(?:cybox\.mitre\.org|docs\.oasis-open\.org\/cti\/ns\/cybox)\//;

/** Whether a name is one of STIX 1 itself. */
export function isStix({ uri }: XmlName): boolean {
  return STIX.test(uri);
}

/** Whether a name is one of CybOX, its objects included. */
export function isCybox({ uri }: XmlName): boolean {
  return CYBOX.test(uri);
}

/** An indicator of a file, not a reference to one. OpenIOC calls its groups the same, in its own namespace. */
export function isIndicator(element: XmlElement): boolean {
  return element.local === "Indicator" && isStix(element);
}

/** An observable; STIX's own schemas put it into their namespaces too. */
export function isObservable(element: XmlElement): boolean {
  return element.local === "Observable" && (isStix(element) || isCybox(element));
}
