import { COMMON } from "./common-properties.ts";
import * as domain from "./domain-objects.ts";
import * as files from "./file-observables.ts";
import * as hosts from "./host-observables.ts";
import type { Category, ObjectTable, Properties } from "./kind.ts";
import * as knowledge from "./knowledge-objects.ts";
import * as messages from "./message-observables.ts";
import * as meta from "./meta-objects.ts";
import * as network from "./network-observables.ts";
import * as relations from "./relationship-objects.ts";
import type { KnownType } from "./stix-object.ts";

const TABLES: { readonly [T in KnownType]: ObjectTable & { readonly type: T } } = {
  "attack-pattern": domain.attackPatternTable,
  campaign: domain.campaignTable,
  "course-of-action": knowledge.courseOfActionTable,
  grouping: knowledge.groupingTable,
  identity: knowledge.identityTable,
  incident: knowledge.incidentTable,
  indicator: knowledge.indicatorTable,
  infrastructure: domain.infrastructureTable,
  "intrusion-set": domain.intrusionSetTable,
  location: knowledge.locationTable,
  malware: domain.malwareTable,
  "malware-analysis": knowledge.malwareAnalysisTable,
  note: knowledge.noteTable,
  "observed-data": knowledge.observedDataTable,
  opinion: knowledge.opinionTable,
  report: knowledge.reportTable,
  "threat-actor": domain.threatActorTable,
  tool: domain.toolTable,
  vulnerability: domain.vulnerabilityTable,
  relationship: relations.relationshipTable,
  sighting: relations.sightingTable,
  artifact: files.artifactTable,
  "autonomous-system": network.autonomousSystemTable,
  directory: files.directoryTable,
  "domain-name": network.domainNameTable,
  "email-addr": messages.emailAddrTable,
  "email-message": messages.emailMessageTable,
  file: files.fileTable,
  "ipv4-addr": network.ipv4AddrTable,
  "ipv6-addr": network.ipv6AddrTable,
  "mac-addr": network.macAddrTable,
  mutex: hosts.mutexTable,
  "network-traffic": network.networkTrafficTable,
  process: hosts.processTable,
  software: hosts.softwareTable,
  url: network.urlTable,
  "user-account": hosts.userAccountTable,
  "windows-registry-key": hosts.windowsRegistryKeyTable,
  "x509-certificate": messages.x509CertificateTable,
  "language-content": meta.languageContentTable,
  "marking-definition": meta.markingDefinitionTable,
  "extension-definition": meta.extensionDefinitionTable,
};

/** A table with the common properties of its category worked in, in the order in which they are written. */
export type WholeTable = ObjectTable;

const WHOLE: ReadonlyMap<string, WholeTable> = new Map(
  Object.entries(TABLES).map(([type, table]) => [type, whole(table)]),
);

function whole(table: ObjectTable): WholeTable {
  const [before, after] = COMMON[table.category];
  const { extensions, ...own } = table.properties;
  const properties: Properties = {
    ...before,
    ...own,
    ...after,
    ...(extensions === undefined ? {} : { extensions }),
  };
  return { ...table, properties };
}

/** Gives what the specification says of a type, or undefined for a custom type. */
export function objectTable(type: string): WholeTable | undefined {
  return WHOLE.get(type);
}

/** Gives the tables of all cyber-observable objects. */
export function observableTables(): readonly WholeTable[] {
  return [...WHOLE.values()].filter(({ category }) => category === "observable");
}

/** Tells the names of types that the specification defines. */
export function isKnownType(type: string): type is KnownType {
  return WHOLE.has(type);
}

/** Gives the category of a type, or undefined for a custom type. */
export function categoryOf(type: string): Category | undefined {
  return WHOLE.get(type)?.category;
}
