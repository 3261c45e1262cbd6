import { type CommonProperties, plainExtensions } from "./common-properties.ts";
import { type KillChainPhase, killChainPhaseTable } from "./embedded-objects.ts";
import {
  between,
  deprecated,
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

/* The domain objects of STIX 2.1 §4 that say what was seen, is looked for, is done and is thought. */

const phases = listOf(record<KillChainPhase>(killChainPhaseTable));
const stixObjects = listOf(reference("domain", "relationship", "observable", "meta"));
const extensions = plainExtensions;

export const courseOfActionTable = {
  type: "course-of-action",
  category: "domain",
  section: "2.1 §4.3",
  properties: { name: required(text), description: text, extensions },
} as const satisfies ObjectTable;

/** A recommendation what to do about something (STIX 2.1 §4.3). */
export interface CourseOfAction
  extends CommonProperties, PropertiesOf<typeof courseOfActionTable.properties> {
  readonly type: "course-of-action";
}

export const groupingTable = {
  type: "grouping",
  category: "domain",
  section: "2.1 §4.4",
  properties: {
    name: text,
    description: text,
    context: required(words.groupingContext),
    object_refs: required(stixObjects),
    extensions,
  },
} as const satisfies ObjectTable;

/** Objects that share a context (STIX 2.1 §4.4). */
export interface Grouping extends CommonProperties, PropertiesOf<typeof groupingTable.properties> {
  readonly type: "grouping";
}

export const identityTable = {
  type: "identity",
  category: "domain",
  section: "2.1 §4.5",
  properties: {
    name: required(text),
    description: text,
    roles: listOf(text),
    identity_class: words.identityClass,
    sectors: listOf(words.industrySector),
    contact_information: text,
    extensions,
  },
} as const satisfies ObjectTable;

/** Individuals, organisations or groups, and classes of them (STIX 2.1 §4.5). */
export interface Identity extends CommonProperties, PropertiesOf<typeof identityTable.properties> {
  readonly type: "identity";
}

export const incidentTable = {
  type: "incident",
  category: "domain",
  section: "2.1 §4.6",
  properties: { name: required(text), description: text, extensions },
} as const satisfies ObjectTable;

/** An incident; a stub in STIX 2.1, filled by extensions (STIX 2.1 §4.6). */
export interface Incident extends CommonProperties, PropertiesOf<typeof incidentTable.properties> {
  readonly type: "incident";
}

export const indicatorTable = {
  type: "indicator",
  category: "domain",
  section: "2.1 §4.7",
  properties: {
    name: text,
    description: text,
    indicator_types: listOf(words.indicatorType),
    pattern: required(text),
    pattern_type: required(words.patternType),
    pattern_version: text,
    valid_from: required(timestamp),
    valid_until: timestamp,
    kill_chain_phases: phases,
    extensions,
  },
  rules: [{ rule: "order", earlier: "valid_from", later: "valid_until", strict: true }],
} as const satisfies ObjectTable;

/** A pattern by which malicious activity can be detected (STIX 2.1 §4.7). */
export interface Indicator
  extends CommonProperties, PropertiesOf<typeof indicatorTable.properties> {
  readonly type: "indicator";
}

export const locationTable = {
  type: "location",
  category: "domain",
  section: "2.1 §4.10",
  properties: {
    name: text,
    description: text,
    latitude: { kind: "float", min: -90, max: 90 },
    longitude: { kind: "float", min: -180, max: 180 },
    precision: { kind: "float", min: 0 },
    region: words.region,
    country: text,
    administrative_area: text,
    city: text,
    street_address: text,
    postal_code: text,
    extensions,
  },
  rules: [
    { rule: "at-least-one", of: ["region", "country", "latitude", "longitude"] },
    { rule: "needs", property: "latitude", also: ["longitude"] },
    { rule: "needs", property: "longitude", also: ["latitude"] },
    { rule: "needs", property: "precision", also: ["latitude", "longitude"] },
  ],
} as const satisfies ObjectTable;

/** A place (STIX 2.1 §4.10). */
export interface Location extends CommonProperties, PropertiesOf<typeof locationTable.properties> {
  readonly type: "location";
}

export const malwareAnalysisTable = {
  type: "malware-analysis",
  category: "domain",
  section: "2.1 §4.12",
  properties: {
    product: required(text),
    version: text,
    host_vm_ref: reference("software"),
    operating_system_ref: reference("software"),
    installed_software_refs: listOf(reference("software")),
    configuration_version: text,
    modules: listOf(text),
    analysis_engine_version: text,
    analysis_definition_version: text,
    submitted: timestamp,
    analysis_started: timestamp,
    analysis_ended: timestamp,
    result_name: text,
    result: words.malwareResult,
    analysis_sco_refs: listOf(reference("observable")),
    sample_ref: reference("file", "artifact", "network-traffic"),
    extensions,
  },
  rules: [{ rule: "at-least-one", of: ["result", "analysis_sco_refs"] }],
} as const satisfies ObjectTable;

/** Results of an analysis of malware (STIX 2.1 §4.12). */
export interface MalwareAnalysis
  extends CommonProperties, PropertiesOf<typeof malwareAnalysisTable.properties> {
  readonly type: "malware-analysis";
}

export const noteTable = {
  type: "note",
  category: "domain",
  section: "2.1 §4.13",
  properties: {
    abstract: text,
    content: required(text),
    authors: listOf(text),
    object_refs: required(stixObjects),
    extensions,
  },
} as const satisfies ObjectTable;

/** Text about other objects (STIX 2.1 §4.13). */
export interface Note extends CommonProperties, PropertiesOf<typeof noteTable.properties> {
  readonly type: "note";
}

export const observedDataTable = {
  type: "observed-data",
  category: "domain",
  section: "2.1 §4.14",
  properties: {
    first_observed: required(timestamp),
    last_observed: required(timestamp),
    number_observed: required(between(1, 999_999_999)),
    objects: deprecated({ kind: "observables" }),
    object_refs: listOf(reference("observable", "relationship")),
    extensions,
  },
  rules: [
    { rule: "order", earlier: "first_observed", later: "last_observed" },
    { rule: "not-both", of: ["objects", "object_refs"] },
    { rule: "at-least-one", of: ["objects", "object_refs"] },
  ],
} as const satisfies ObjectTable;

/** What was seen on systems or networks, how often and when (STIX 2.1 §4.14). */
export interface ObservedData
  extends CommonProperties, PropertiesOf<typeof observedDataTable.properties> {
  readonly type: "observed-data";
}

export const opinionTable = {
  type: "opinion",
  category: "domain",
  section: "2.1 §4.15",
  properties: {
    explanation: text,
    authors: listOf(text),
    opinion: required(words.opinion),
    object_refs: required(stixObjects),
    extensions,
  },
} as const satisfies ObjectTable;

/** How right somebody else's object is held to be (STIX 2.1 §4.15). */
export interface Opinion extends CommonProperties, PropertiesOf<typeof opinionTable.properties> {
  readonly type: "opinion";
}

export const reportTable = {
  type: "report",
  category: "domain",
  section: "2.1 §4.16",
  properties: {
    name: required(text),
    description: text,
    report_types: listOf(words.reportType),
    published: required(timestamp),
    object_refs: required(stixObjects),
    extensions,
  },
} as const satisfies ObjectTable;

/** Threat intelligence about a topic, and the objects it speaks of (STIX 2.1 §4.16). */
export interface Report extends CommonProperties, PropertiesOf<typeof reportTable.properties> {
  readonly type: "report";
}
