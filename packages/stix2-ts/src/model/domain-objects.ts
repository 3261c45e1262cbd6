import { type CommonProperties, plainExtensions } from "./common-properties.ts";
import { type KillChainPhase, killChainPhaseTable } from "./embedded-objects.ts";
import {
  boolean,
  listOf,
  type ObjectTable,
  record,
  reference,
  required,
  text,
  timestamp,
} from "./kind.ts";
import type { PropertiesOf } from "./value-of.ts";
import * as words from "./vocabulary.ts";

/* The domain objects of STIX 2.1 §4 that say what attackers are, have and do. */

const phases = listOf(record<KillChainPhase>(killChainPhaseTable));
const seen = { rule: "order", earlier: "first_seen", later: "last_seen" } as const;
const extensions = plainExtensions;

export const attackPatternTable = {
  type: "attack-pattern",
  category: "domain",
  section: "2.1 §4.1",
  properties: {
    name: required(text),
    description: text,
    aliases: listOf(text),
    kill_chain_phases: phases,
    extensions,
  },
} as const satisfies ObjectTable;

/** A way in which adversaries attempt to compromise targets (STIX 2.1 §4.1). */
export interface AttackPattern
  extends CommonProperties, PropertiesOf<typeof attackPatternTable.properties> {
  readonly type: "attack-pattern";
}

export const campaignTable = {
  type: "campaign",
  category: "domain",
  section: "2.1 §4.2",
  properties: {
    name: required(text),
    description: text,
    aliases: listOf(text),
    first_seen: timestamp,
    last_seen: timestamp,
    objective: text,
    extensions,
  },
  rules: [seen],
} as const satisfies ObjectTable;

/** Malicious activity over a time against a set of targets (STIX 2.1 §4.2). */
export interface Campaign extends CommonProperties, PropertiesOf<typeof campaignTable.properties> {
  readonly type: "campaign";
}

export const infrastructureTable = {
  type: "infrastructure",
  category: "domain",
  section: "2.1 §4.8",
  properties: {
    name: required(text),
    description: text,
    infrastructure_types: listOf(words.infrastructureType),
    aliases: listOf(text),
    kill_chain_phases: phases,
    first_seen: timestamp,
    last_seen: timestamp,
    extensions,
  },
  rules: [seen],
} as const satisfies ObjectTable;

/** Systems, software and services that serve a purpose, an attack's or a defence's (STIX 2.1 §4.8). */
export interface Infrastructure
  extends CommonProperties, PropertiesOf<typeof infrastructureTable.properties> {
  readonly type: "infrastructure";
}

export const intrusionSetTable = {
  type: "intrusion-set",
  category: "domain",
  section: "2.1 §4.9",
  properties: {
    name: required(text),
    description: text,
    aliases: listOf(text),
    first_seen: timestamp,
    last_seen: timestamp,
    goals: listOf(text),
    resource_level: words.attackResourceLevel,
    primary_motivation: words.attackMotivation,
    secondary_motivations: listOf(words.attackMotivation),
    extensions,
  },
  rules: [seen],
} as const satisfies ObjectTable;

/** Behaviours and resources that are believed to be one organisation's (STIX 2.1 §4.9). */
export interface IntrusionSet
  extends CommonProperties, PropertiesOf<typeof intrusionSetTable.properties> {
  readonly type: "intrusion-set";
}

export const malwareTable = {
  type: "malware",
  category: "domain",
  section: "2.1 §4.11",
  properties: {
    name: text,
    description: text,
    malware_types: listOf(words.malwareType),
    is_family: required(boolean),
    aliases: listOf(text),
    kill_chain_phases: phases,
    first_seen: timestamp,
    last_seen: timestamp,
    operating_system_refs: listOf(reference("software")),
    architecture_execution_envs: listOf(words.processorArchitecture),
    implementation_languages: listOf(words.implementationLanguage),
    capabilities: listOf(words.malwareCapabilities),
    sample_refs: listOf(reference("file", "artifact")),
    extensions,
  },
  rules: [seen],
} as const satisfies ObjectTable;

/** Malicious code, an instance or a family of it (STIX 2.1 §4.11). */
export interface Malware extends CommonProperties, PropertiesOf<typeof malwareTable.properties> {
  readonly type: "malware";
}

export const threatActorTable = {
  type: "threat-actor",
  category: "domain",
  section: "2.1 §4.17",
  properties: {
    name: required(text),
    description: text,
    threat_actor_types: listOf(words.threatActorType),
    aliases: listOf(text),
    first_seen: timestamp,
    last_seen: timestamp,
    roles: listOf(words.threatActorRole),
    goals: listOf(text),
    sophistication: words.threatActorSophistication,
    resource_level: words.attackResourceLevel,
    primary_motivation: words.attackMotivation,
    secondary_motivations: listOf(words.attackMotivation),
    personal_motivations: listOf(words.attackMotivation),
    extensions,
  },
  rules: [seen],
} as const satisfies ObjectTable;

/** People, groups or organisations with malicious intent (STIX 2.1 §4.17). */
export interface ThreatActor
  extends CommonProperties, PropertiesOf<typeof threatActorTable.properties> {
  readonly type: "threat-actor";
}

export const toolTable = {
  type: "tool",
  category: "domain",
  section: "2.1 §4.18",
  properties: {
    name: required(text),
    description: text,
    tool_types: listOf(words.toolType),
    aliases: listOf(text),
    kill_chain_phases: phases,
    tool_version: text,
    extensions,
  },
} as const satisfies ObjectTable;

/** Legitimate software that threat actors can use (STIX 2.1 §4.18). */
export interface Tool extends CommonProperties, PropertiesOf<typeof toolTable.properties> {
  readonly type: "tool";
}

export const vulnerabilityTable = {
  type: "vulnerability",
  category: "domain",
  section: "2.1 §4.19",
  properties: { name: required(text), description: text, extensions },
} as const satisfies ObjectTable;

/** A weakness in software or hardware (STIX 2.1 §4.19). */
export interface Vulnerability
  extends CommonProperties, PropertiesOf<typeof vulnerabilityTable.properties> {
  readonly type: "vulnerability";
}
