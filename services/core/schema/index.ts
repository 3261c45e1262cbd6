import { azure } from "./azure.ts";
import { buildDocumentFields, type DocumentField } from "./document-fields.ts";
import { ecs } from "./ecs.ts";
import { evtx } from "./evtx.ts";
import { flat } from "./flat.ts";
import { buildKeyedFields, containerPaths, type KeyedField } from "./keyed-fields.ts";
import type { LogSchema } from "./log-schema.ts";
import { createReader } from "./read-event.ts";
import type { SysmonEvent } from "./sysmon-event.ts";
import { wazuh } from "./wazuh.ts";
import { winlogbeat6 } from "./winlogbeat6.ts";
import { winlogbeat7 } from "./winlogbeat7.ts";

export { canonicalContent } from "./canonical-content.ts";
export type { DocumentField } from "./document-fields.ts";
export { eventIdsFor } from "./event-ids.ts";
export { keyProbe, type KeyProbe } from "./key-probe.ts";
export type { KeyedField } from "./keyed-fields.ts";
export type { FieldForm, LogSchema } from "./log-schema.ts";
export { plainSpellings, type PlainSpellings } from "./plain-forms.ts";
export { observe } from "./observe.ts";
export type { FieldValue, ObservedEvent, SysmonEvent } from "./sysmon-event.ts";
export { eventNames, sysmonFields } from "./sysmon-fields.ts";

/** Rises with every change that lets an event be seen differently; coverage is kept with it. */
export const SCHEMA_VERSION: number = 1;

/** All layouts, in the order in which a document is tried against them. */
export const layouts: readonly LogSchema[] = [
  winlogbeat7,
  winlogbeat6,
  wazuh,
  evtx,
  azure,
  flat,
  ecs,
];

/** Names of all layouts. */
export const layoutNames: readonly string[] = layouts.map(({ name }) => name);

/** Fields of all layouts whose values can give an event an index key: what a store may look up instead of reading. */
export const keyedFields: readonly KeyedField[] = buildKeyedFields(layouts);

/** Objects of documents that hold fields under Sysmon's own names, of all layouts; "" is the document itself. */
export const fieldContainers: readonly string[] = containerPaths(layouts);

const read = createReader(layouts);
const fields = buildDocumentFields(layouts);

/**
 * Reads a document of any layout as a Sysmon event. Undefined for what is none (another provider, an unknown event
 * id, no object); never throws.
 */
export function readEvent(document: unknown): SysmonEvent | undefined {
  return read(document);
}

/** Lists the document fields that can hold a canonical field, with the form the value has there. */
export function documentFields(canonical: string): readonly DocumentField[] {
  return fields.get(canonical) ?? [];
}

/** Lists the names of the document fields of all layouts that can hold a canonical field, each once. */
export function fieldNames(canonical: string): readonly string[] {
  return [...new Set(documentFields(canonical).map(({ name }) => name))];
}
