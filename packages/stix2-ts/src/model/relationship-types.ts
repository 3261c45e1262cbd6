/* Which relationships the specification names between which types (STIX 2.1 §4 to §6); others are allowed. */

/** Relationships that every object may have (STIX 2.1 §3.7). */
const COMMON: ReadonlySet<string> = new Set(["derived-from", "duplicate-of", "related-to"]);

const OBSERVABLES =
  "artifact autonomous-system directory domain-name email-addr email-message file ipv4-addr ipv6-addr mac-addr mutex " +
  "network-traffic process software url user-account windows-registry-key x509-certificate";
const USES = "attack-pattern infrastructure malware tool";
const VICTIMS = "identity location vulnerability";
const ADDRESSES = "ipv4-addr ipv6-addr domain-name url";

/** source type → relationship type → target types, parted by spaces. */
const TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "attack-pattern": { delivers: "malware", targets: VICTIMS, uses: "malware tool" },
  campaign: {
    "attributed-to": "intrusion-set threat-actor",
    compromises: "infrastructure",
    "originates-from": "location",
    targets: VICTIMS,
    uses: USES,
  },
  "course-of-action": {
    investigates: "indicator",
    mitigates: "attack-pattern indicator malware tool vulnerability",
    remediates: "malware vulnerability",
  },
  "domain-name": { "resolves-to": "domain-name ipv4-addr ipv6-addr" },
  identity: { "located-at": "location" },
  indicator: {
    indicates: "attack-pattern campaign infrastructure intrusion-set malware threat-actor tool",
    "based-on": "observed-data",
  },
  infrastructure: {
    "communicates-with": `infrastructure ${ADDRESSES}`,
    "consists-of": `infrastructure observed-data ${OBSERVABLES}`,
    controls: "infrastructure malware",
    delivers: "malware",
    has: "vulnerability",
    hosts: "tool malware",
    "located-at": "location",
    uses: "infrastructure",
  },
  "intrusion-set": {
    "attributed-to": "threat-actor",
    compromises: "infrastructure",
    hosts: "infrastructure",
    owns: "infrastructure",
    "originates-from": "location",
    targets: VICTIMS,
    uses: USES,
  },
  "ipv4-addr": { "resolves-to": "mac-addr", "belongs-to": "autonomous-system" },
  "ipv6-addr": { "resolves-to": "mac-addr", "belongs-to": "autonomous-system" },
  malware: {
    "authored-by": "threat-actor intrusion-set",
    "beacons-to": "infrastructure",
    "exfiltrates-to": "infrastructure",
    "communicates-with": ADDRESSES,
    controls: "malware",
    downloads: "malware tool file",
    drops: "malware tool file",
    exploits: "vulnerability",
    "originates-from": "location",
    targets: "identity infrastructure location vulnerability",
    uses: USES,
    "variant-of": "malware",
  },
  "malware-analysis": {
    characterizes: "malware",
    "analysis-of": "malware",
    "static-analysis-of": "malware",
    "dynamic-analysis-of": "malware",
  },
  "threat-actor": {
    "attributed-to": "identity",
    compromises: "infrastructure",
    hosts: "infrastructure",
    owns: "infrastructure",
    impersonates: "identity",
    "located-at": "location",
    targets: VICTIMS,
    uses: USES,
  },
  tool: {
    delivers: "malware",
    drops: "malware",
    has: "vulnerability",
    targets: `${VICTIMS} infrastructure`,
    uses: "infrastructure",
  },
};

/** Tells whether the specification names this relationship between objects of these types. */
export function isNamedRelationship(source: string, relationship: string, target: string): boolean {
  if (COMMON.has(relationship)) return true;
  const relationships = Object.hasOwn(TYPES, source) ? TYPES[source] : undefined;
  if (relationships === undefined || !Object.hasOwn(relationships, relationship)) return false;
  return relationships[relationship]?.split(" ").includes(target) === true;
}
