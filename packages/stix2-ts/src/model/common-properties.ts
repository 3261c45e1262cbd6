import {
  type ExternalReference,
  type GranularMarking,
  externalReferenceTable,
  granularMarkingTable,
} from "./embedded-objects.ts";
import {
  between,
  boolean,
  type Category,
  enumeration,
  extensions,
  formatted,
  listOf,
  type Properties,
  record,
  reference,
  required,
  text,
} from "./kind.ts";
import type { extensionType } from "./vocabulary.ts";
import type { PropertiesOf, ValueOf } from "./value-of.ts";

const specVersion = enumeration("spec_version", ["2.1"]);
const identifier = { kind: "identifier" } as const;
const millis = { kind: "timestamp", millis: true } as const;
const externalReferences = listOf(record<ExternalReference>(externalReferenceTable));
const objectMarkings = listOf(reference("marking-definition"));
const granularMarkings = listOf(record<GranularMarking>(granularMarkingTable));

/** What an object carries under the id of an extension definition (STIX 2.1 §7.3). */
export interface DefinedExtension {
  readonly extension_type?: ValueOf<typeof extensionType>;
  readonly [property: string]: unknown;
}

/** The `extensions` of an object: those defined by extension definitions, and older custom ones (STIX 2.1 §11.3). */
export interface Extensions {
  readonly [id: `extension-definition--${string}`]: DefinedExtension;
  readonly [custom: `x-${string}`]: { readonly [property: string]: unknown };
}

/** Common properties of SDOs and SROs (STIX 2.1 §3.2), in the order in which they are written: these first … */
export const leadingProperties = {
  spec_version: required(specVersion),
  id: required(identifier),
  created_by_ref: reference("identity"),
  created: required(millis),
  modified: required(millis),
} as const satisfies Properties;

/** … and these after the object's own. `extensions` is not among them: each type has its own. */
export const trailingProperties = {
  revoked: boolean,
  labels: listOf(text),
  confidence: between(0, 100),
  lang: formatted("language"),
  external_references: externalReferences,
  object_marking_refs: objectMarkings,
  granular_markings: granularMarkings,
} as const satisfies Properties;

export const plainExtensions = extensions<Extensions>();

/** Common properties of SCOs (STIX 2.1 §3.2 and §6). */
export const leadingObservableProperties = {
  spec_version: specVersion,
  id: required(identifier),
} as const satisfies Properties;

export const trailingObservableProperties = {
  object_marking_refs: objectMarkings,
  granular_markings: granularMarkings,
  defanged: boolean,
} as const satisfies Properties;

/** Common properties of the meta objects, each of which leaves some out (STIX 2.1 §3.2, the table of which object has which). */
export const metaProperties = {
  spec_version: required(specVersion),
  id: required(identifier),
  created_by_ref: reference("identity"),
  created: required(millis),
  modified: required(millis),
  revoked: boolean,
  labels: listOf(text),
  confidence: between(0, 100),
  external_references: externalReferences,
  object_marking_refs: objectMarkings,
  granular_markings: granularMarkings,
} as const;

/** The common properties of a category that stand before, and after, an object's own. */
export const COMMON: Readonly<Record<Category, readonly [Properties, Properties]>> = {
  domain: [leadingProperties, trailingProperties],
  relationship: [leadingProperties, trailingProperties],
  observable: [leadingObservableProperties, trailingObservableProperties],
  meta: [{}, {}], // their tables are whole
};

/** What every SDO and SRO has. */
export interface CommonProperties
  extends PropertiesOf<typeof leadingProperties>, PropertiesOf<typeof trailingProperties> {}

/** What every SCO has. */
export interface ObservableProperties
  extends
    PropertiesOf<typeof leadingObservableProperties>,
    PropertiesOf<typeof trailingObservableProperties> {}
