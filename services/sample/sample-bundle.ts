import { stableUuid } from "./random.ts";
import type { SampleIndicator } from "./sample-indicators.ts";
import { SAMPLE_INDICATORS } from "./sample-indicators.ts";

const CREATED = "2017-05-15T08:00:00.000Z";
const MODIFIED = "2024-05-06T08:00:00.000Z";
const IDENTITY = `identity--${stableUuid("identity")}`;
const MALWARE = `malware--${stableUuid("malware")}`;

/** Defined by STIX 2.1 §7.2.1.4 with exactly these values. */
const TLP_WHITE = {
  type: "marking-definition",
  spec_version: "2.1",
  id: "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
  created: "2017-01-20T00:00:00.000Z",
  definition_type: "tlp",
  name: "TLP:WHITE",
  definition: { tlp: "white" },
};

const COMMON = {
  spec_version: "2.1",
  created_by_ref: IDENTITY,
  created: CREATED,
  modified: MODIFIED,
  object_marking_refs: [TLP_WHITE.id],
};

function stixIndicator(given: SampleIndicator): Readonly<Record<string, unknown>> {
  return {
    type: "indicator",
    id: given.id,
    ...COMMON,
    ...(given.revoked && { revoked: true }),
    name: given.name,
    description: given.description,
    indicator_types: ["malicious-activity"],
    pattern: given.pattern,
    pattern_type: given.patternType,
    ...(given.patternType === "stix" && { pattern_version: "2.1" }),
    valid_from: "2017-05-12T00:00:00.000Z",
    ...(given.validUntil !== undefined && { valid_until: given.validUntil }),
    confidence: given.confidence,
    kill_chain_phases: [{ kill_chain_name: "mitre-attack", phase_name: "impact" }],
  };
}

function indicates(given: SampleIndicator): Readonly<Record<string, unknown>> {
  return {
    type: "relationship",
    id: `relationship--${stableUuid(`indicates:${given.key}`)}`,
    ...COMMON,
    relationship_type: "indicates",
    source_ref: given.id,
    target_ref: MALWARE,
  };
}

/** A STIX 2.1 bundle as JSON has it. */
export interface SampleBundle {
  readonly type: "bundle";
  readonly id: string;
  readonly objects: readonly Readonly<Record<string, unknown>>[];
}

/** Creates the sample's STIX 2.1 bundle; every call gives the same ids and times. */
export function sampleBundle(): SampleBundle {
  return {
    type: "bundle",
    id: `bundle--${stableUuid("bundle")}`,
    objects: [
      {
        type: "identity",
        spec_version: "2.1",
        id: IDENTITY,
        created: CREATED,
        modified: CREATED,
        name: "stixsweep sample data",
        identity_class: "organization",
        object_marking_refs: [TLP_WHITE.id],
      },
      TLP_WHITE,
      {
        type: "malware",
        id: MALWARE,
        ...COMMON,
        name: "WannaCry",
        description: "Ransomware that spread by itself through SMB in May 2017.",
        malware_types: ["ransomware", "worm"],
        is_family: true,
        aliases: ["WannaCrypt", "WanaCrypt0r 2.0", "WCry"],
        first_seen: "2017-05-12T00:00:00.000Z",
      },
      ...SAMPLE_INDICATORS.map(stixIndicator),
      ...SAMPLE_INDICATORS.map(indicates),
    ],
  };
}
