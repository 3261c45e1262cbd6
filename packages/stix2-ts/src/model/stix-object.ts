import type {
  AttackPattern,
  Campaign,
  Infrastructure,
  IntrusionSet,
  Malware,
  ThreatActor,
  Tool,
  Vulnerability,
} from "./domain-objects.ts";
import type { Artifact, Directory, File } from "./file-observables.ts";
import type {
  Mutex,
  Process,
  Software,
  UserAccount,
  WindowsRegistryKey,
} from "./host-observables.ts";
import type {
  CourseOfAction,
  Grouping,
  Identity,
  Incident,
  Indicator,
  Location,
  MalwareAnalysis,
  Note,
  ObservedData,
  Opinion,
  Report,
} from "./knowledge-objects.ts";
import type { EmailAddr, EmailMessage, X509Certificate } from "./message-observables.ts";
import type { ExtensionDefinition, LanguageContent, MarkingDefinition } from "./meta-objects.ts";
import type {
  AutonomousSystem,
  DomainName,
  Ipv4Addr,
  Ipv6Addr,
  MacAddr,
  NetworkTraffic,
  Url,
} from "./network-observables.ts";
import type { Relationship, Sighting } from "./relationship-objects.ts";

/** A STIX Domain Object (STIX 2.1 §4). */
export type DomainObject =
  | AttackPattern
  | Campaign
  | CourseOfAction
  | Grouping
  | Identity
  | Incident
  | Indicator
  | Infrastructure
  | IntrusionSet
  | Location
  | Malware
  | MalwareAnalysis
  | Note
  | ObservedData
  | Opinion
  | Report
  | ThreatActor
  | Tool
  | Vulnerability;

/** A STIX Relationship Object (STIX 2.1 §5). */
export type RelationshipObject = Relationship | Sighting;

/** A STIX Cyber-observable Object (STIX 2.1 §6). */
export type ObservableObject =
  | Artifact
  | AutonomousSystem
  | Directory
  | DomainName
  | EmailAddr
  | EmailMessage
  | File
  | Ipv4Addr
  | Ipv6Addr
  | MacAddr
  | Mutex
  | NetworkTraffic
  | Process
  | Software
  | Url
  | UserAccount
  | WindowsRegistryKey
  | X509Certificate;

/** A STIX Meta Object (STIX 2.1 §7). */
export type MetaObject = ExtensionDefinition | LanguageContent | MarkingDefinition;

/** An object of a type that the specification defines. */
export type KnownObject = DomainObject | RelationshipObject | ObservableObject | MetaObject;

declare const custom: unique symbol;

/** The name of a type that the specification does not define: never one of its names, so a `switch` on `type` narrows. */
export type CustomType = `x-${string}` | (`${string}-${string}` & { readonly [custom]: true });

/** An object of a type of somebody's own (STIX 2.1 §7.3 and §11.2), kept as it is. */
export interface CustomObject {
  readonly type: CustomType;
  readonly id: string;
  readonly spec_version?: "2.1";
  readonly created_by_ref?: string;
  readonly created?: string;
  readonly modified?: string;
  readonly [property: string]: unknown;
}

/** Any object of a bundle (STIX 2.1 §8). */
export type StixObject = KnownObject | CustomObject;

/** The names of the types that the specification defines. */
export type KnownType = KnownObject["type"];

/** The object with a given name of type. */
export type ObjectOfType<T extends KnownType> = Extract<KnownObject, { readonly type: T }>;
