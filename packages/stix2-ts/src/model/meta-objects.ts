import { type Extensions, metaProperties, plainExtensions } from "./common-properties.ts";
import {
  anything,
  dictionaryOf,
  listOf,
  type ObjectTable,
  reference,
  required,
  text,
  timestamp,
} from "./kind.ts";
import type { PropertiesOf } from "./value-of.ts";
import { extensionType } from "./vocabulary.ts";

const { spec_version, id, created_by_ref, created, modified } = metaProperties;
const { revoked, labels, confidence } = metaProperties;
const { external_references, object_marking_refs, granular_markings } = metaProperties;
const markings = { external_references, object_marking_refs, granular_markings } as const;

export const languageContentTable = {
  type: "language-content",
  category: "meta",
  section: "2.1 §7.1",
  properties: {
    spec_version,
    id,
    created_by_ref,
    created,
    modified,
    object_ref: required(reference("domain", "relationship", "observable", "meta")),
    object_modified: timestamp,
    contents: required(dictionaryOf(dictionaryOf(anything))),
    revoked,
    labels,
    confidence,
    ...markings,
    extensions: plainExtensions,
  },
} as const satisfies ObjectTable;

/** Texts of another object in other languages (STIX 2.1 §7.1). */
export interface LanguageContent extends PropertiesOf<typeof languageContentTable.properties> {
  readonly type: "language-content";
}

/** The text of a statement marking (STIX 2.1 §7.2.1.3). */
export interface StatementMarking {
  readonly statement: string;
}

/** The colour of a TLP 1 marking (STIX 2.1 §7.2.1.4). */
export interface TlpMarking {
  readonly tlp: "white" | "green" | "amber" | "red";
}

export const markingDefinitionTable = {
  type: "marking-definition",
  category: "meta",
  section: "2.1 §7.2.1",
  properties: {
    spec_version,
    id,
    created_by_ref,
    created,
    name: text,
    definition_type: text,
    definition: { kind: "any" },
    ...markings,
    extensions: plainExtensions,
  },
} as const satisfies ObjectTable;

/** A marking: what may be done with data (STIX 2.1 §7.2.1). `definition` is there unless an extension says it instead. */
export interface MarkingDefinition extends Omit<
  PropertiesOf<typeof markingDefinitionTable.properties>,
  "definition"
> {
  readonly type: "marking-definition";
  readonly definition?: StatementMarking | TlpMarking | { readonly [property: string]: unknown };
  readonly extensions?: Extensions;
}

export const extensionDefinitionTable = {
  type: "extension-definition",
  category: "meta",
  section: "2.1 §7.3",
  properties: {
    spec_version,
    id,
    created_by_ref: required(created_by_ref),
    created,
    modified,
    name: required(text),
    description: text,
    schema: required(text),
    version: required(text),
    extension_types: required(listOf(extensionType)),
    extension_properties: listOf(text),
    revoked,
    labels,
    ...markings,
  },
} as const satisfies ObjectTable;

/** Where an extension is described, and what it adds (STIX 2.1 §7.3). */
export interface ExtensionDefinition extends PropertiesOf<
  typeof extensionDefinitionTable.properties
> {
  readonly type: "extension-definition";
}
