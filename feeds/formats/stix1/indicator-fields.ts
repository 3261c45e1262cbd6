/** What an indicator of STIX 1 says beside its observables. */
import type {
  FeedIndicator,
  IndicatorContext,
} from "../../../services/core/ingest/feed-content.ts";
import { childOf, elementsOf, textAt, type XmlElement } from "../xml/xml-tree.ts";
import { isStix } from "./families.ts";

/** Words for confidence as the middle of STIX 2.1's ranges for them (STIX 2.1, appendix A). */
const CONFIDENCE: Readonly<Record<string, number>> = { none: 0, low: 15, medium: 50, high: 85 };
const MOST_CONTEXT = 100;

type Fields = Omit<FeedIndicator, "id" | "pattern" | "patternType" | "original" | "revoked">;

/** What of the rest of the file is asked for by id. */
export interface PackageIndex {
  readonly byId: ReadonlyMap<string, XmlElement>;
  /** Colours and statements that a package's header puts on all that is in it. */
  readonly markings: readonly string[];
}

export function indexPackage(root: XmlElement): PackageIndex {
  const byId = new Map<string, XmlElement>();
  for (const element of elementsOf(root)) {
    if (!isStix(element)) continue;
    const id = element.attributes.get("id") ?? element.attributes.get("phase_id");
    const isFull = element.children.length > 0 || element.attributes.has("name");
    if (id !== undefined && isFull && !byId.has(id)) byId.set(id, element);
  }
  const headers = [...elementsOf(root)].filter((one) => one.local === "STIX_Header" && isStix(one));
  return { byId, markings: [...new Set(headers.flatMap((one) => markingsOf(one)))] };
}

/** Reads names, times, confidence, markings and context; what cannot be read of them goes to `lost`. */
export function fieldsOf(indicator: XmlElement, index: PackageIndex, lost: string[]): Fields {
  const name = textAt(indicator, "Title");
  const description = textAt(indicator, "Description") ?? textAt(indicator, "Short_Description");
  const modified = timestamp(indicator.attributes.get("timestamp"), "timestamp", lost);
  const confidence = confidenceOf(indicator, lost);
  const own = markingsOf(indicator);
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(modified !== undefined && { created: modified, modified }),
    ...validity(indicator, lost),
    ...(confidence !== undefined && { confidence }),
    labels: [...new Set(childrenOf(indicator, "Type").map(({ text }) => text))].filter(
      (text) => text !== "",
    ),
    markings: own.length > 0 ? own : index.markings,
    killChain: killChainOf(indicator, index),
    context: contextOf(indicator, index),
  };
}

function childrenOf(element: XmlElement, local: string): readonly XmlElement[] {
  return element.children.filter((child) => child.local === local);
}

/** The span of several positions is that from the first beginning to the last end; one without an end has none. */
function validity(indicator: XmlElement, lost: string[]): Pick<Fields, "validFrom" | "validUntil"> {
  const positions = childrenOf(indicator, "Valid_Time_Position").filter(
    ({ children }) => children.length > 0,
  );
  const times = (local: string) =>
    positions.map((position) => timestamp(textAt(position, local), local, lost));
  const starts = times("Start_Time");
  const ends = times("End_Time");
  const known = (list: readonly (string | undefined)[]): readonly string[] =>
    list.every((one) => one !== undefined) ? list.toSorted() : [];
  const validFrom = known(starts).at(0);
  const validUntil = known(ends).at(-1);
  return {
    ...(validFrom !== undefined && { validFrom }),
    ...(validUntil !== undefined && { validUntil }),
  };
}

/** Makes a STIX 2 timestamp; a time without a zone is UTC. */
function timestamp(text: string | undefined, what: string, lost: string[]): string | undefined {
  if (text === undefined || text === "") return undefined;
  const isTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$/i.test(text);
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text) || !text.includes("T") ? text : `${text}Z`;
  const time = isTime ? Date.parse(zoned) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  lost.push(`${what}: ${JSON.stringify(text.slice(0, 60))} is no time`);
  return undefined;
}

function confidenceOf(indicator: XmlElement, lost: string[]): number | undefined {
  const text = textAt(indicator, "Confidence", "Value");
  if (text === undefined || /^unknown$/i.test(text)) return undefined;
  const word = Object.hasOwn(CONFIDENCE, text.toLowerCase()) ? CONFIDENCE[text.toLowerCase()] : undefined; // prettier-ignore
  if (word !== undefined) return word;
  if (/^\d{1,3}$/.test(text) && Number(text) <= 100) return Number(text);
  lost.push(`confidence: ${JSON.stringify(text.slice(0, 60))} is none of the words for it`);
  return undefined;
}

/** Colours of the traffic light protocol, as `Handling` and the AIS marking write them, and terms of use. */
function markingsOf(holder: XmlElement): readonly string[] {
  const handling = childOf(holder, "Handling");
  if (handling === undefined) return [];
  const found = new Set<string>();
  for (const { local, attributes, text } of elementsOf(handling)) {
    const color = attributes.get("color")?.toUpperCase();
    if (color !== undefined && /^(?:RED|AMBER|AMBER\+STRICT|GREEN|WHITE|CLEAR)$/.test(color)) {
      found.add(`TLP:${color}`);
    }
    if ((local === "Statement" || local === "Terms_Of_Use") && text !== "")
      found.add(text.slice(0, 200));
  }
  return [...found];
}

function killChainOf(indicator: XmlElement, { byId }: PackageIndex): readonly string[] {
  const phases = childOf(indicator, "Kill_Chain_Phases")?.children ?? [];
  const found = phases.flatMap(({ attributes }) => {
    const phaseId = attributes.get("phase_id");
    const chainId = attributes.get("kill_chain_id");
    const named = (id: string | undefined) =>
      id === undefined ? undefined : byId.get(id)?.attributes.get("name");
    const phase = attributes.get("name") ?? named(phaseId) ?? phaseId;
    const chain = attributes.get("kill_chain_name") ?? named(chainId) ?? chainId ?? "unknown";
    return phase === undefined ? [] : [`${chain}:${phase}`];
  });
  return [...new Set(found)];
}

/** What is spoken of: the relation's elements, and the type that STIX 2 has for them. */
const RELATIONS = [
  { holder: "Indicated_TTP", element: "TTP", relationship: "indicates", type: "attack-pattern" },
  { holder: "Related_Campaigns", element: "Campaign", relationship: "indicates", type: "campaign" },
] as const;

function contextOf(indicator: XmlElement, { byId }: PackageIndex): readonly IndicatorContext[] {
  const found = new Map<string, IndicatorContext>();
  for (const { holder, element, relationship, type } of RELATIONS) {
    for (const one of childrenOf(indicator, holder).flatMap((each) => [...elementsOf(each)])) {
      if (one.local !== element || found.size >= MOST_CONTEXT) continue;
      const id = one.attributes.get("idref") ?? one.attributes.get("id") ?? `${one.local} ${one.where}`; // prettier-ignore
      const target = byId.get(id) ?? one;
      const malware = malwareName(target);
      const name = textAt(target, "Title") ?? malware ?? textAt(target, "Name") ?? id;
      found.set(id, { relationship, type: malware === undefined ? type : "malware", id, name });
    }
  }
  const producer = textAt(indicator, "Producer", "Identity", "Name");
  if (producer !== undefined) {
    const identity = childOf(childOf(indicator, "Producer"), "Identity");
    const id = identity?.attributes.get("id") ?? `identity ${producer}`;
    found.set(id, { relationship: "created-by", type: "identity", id, name: producer });
  }
  return [...found.values()];
}

function malwareName(ttp: XmlElement): string | undefined {
  const malware = childOf(childOf(ttp, "Behavior"), "Malware");
  const instance = malware?.children[0];
  return instance === undefined
    ? undefined
    : (textAt(instance, "Name") ?? textAt(instance, "Title"));
}
