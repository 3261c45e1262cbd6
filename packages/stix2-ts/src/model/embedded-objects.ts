import { formatted, hashes, listOf, type RecordTable, reference, required, text } from "./kind.ts";
import type { PropertiesOf } from "./value-of.ts";

export const externalReferenceTable = {
  name: "external-reference",
  section: "2.1 §2.5",
  properties: {
    source_name: required(text),
    description: text,
    url: formatted("url"),
    hashes,
    external_id: text,
  },
  rules: [{ rule: "at-least-one", of: ["description", "url", "external_id"] }],
} as const satisfies RecordTable;

/** A pointer to information outside of STIX (STIX 2.1 §2.5). */
export interface ExternalReference extends PropertiesOf<typeof externalReferenceTable.properties> {}

export const killChainPhaseTable = {
  name: "kill-chain-phase",
  section: "2.1 §2.11",
  properties: { kill_chain_name: required(text), phase_name: required(text) },
} as const satisfies RecordTable;

/** A phase of a kill chain (STIX 2.1 §2.11). */
export interface KillChainPhase extends PropertiesOf<typeof killChainPhaseTable.properties> {}

export const granularMarkingTable = {
  name: "granular-marking",
  section: "2.1 §7.2.3.1",
  properties: {
    lang: formatted("language"),
    marking_ref: reference("marking-definition"),
    selectors: required(listOf(formatted("selector"))),
  },
  rules: [
    { rule: "at-least-one", of: ["lang", "marking_ref"] },
    { rule: "not-both", of: ["lang", "marking_ref"] },
  ],
} as const satisfies RecordTable;

/** A marking, or a language, of parts of an object (STIX 2.1 §7.2.3.1). */
export interface GranularMarking extends PropertiesOf<typeof granularMarkingTable.properties> {}
