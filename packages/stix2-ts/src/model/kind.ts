/**
 * What a property's value can be: the data types of STIX 2.1 §2 as data. The tables of objects are written in it, the
 * validator reads it, and `ValueOf` turns it into TypeScript types.
 */
export type Kind =
  | { readonly kind: "string"; readonly format?: StringFormat }
  | { readonly kind: "boolean" }
  | { readonly kind: "integer"; readonly min?: number; readonly max?: number }
  | { readonly kind: "float"; readonly min?: number; readonly max?: number }
  /** `millis`: created and modified have at least three digits of a second (STIX 2.1 §3.2). */
  | { readonly kind: "timestamp"; readonly millis?: true }
  | { readonly kind: "binary" }
  | { readonly kind: "hex" }
  | { readonly kind: "identifier" }
  | { readonly kind: "enumeration"; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: "vocabulary"; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: "reference"; readonly to: readonly Target[] }
  | { readonly kind: "list"; readonly of: Kind }
  | { readonly kind: "hashes" }
  | { readonly kind: "dictionary"; readonly of: Kind }
  | { readonly kind: "record"; readonly table: RecordTable }
  | { readonly kind: "extensions"; readonly predefined: Readonly<Record<string, RecordTable>> }
  | { readonly kind: "observables" }
  /** A bare value of JSON, for dictionaries whose values the specification leaves open. */
  | { readonly kind: "any" };

/** Forms of text that the specification asks for with a MUST. */
export type StringFormat =
  "ipv4" | "ipv6" | "domain" | "mac" | "email" | "language" | "url" | "selector";

/** What a reference may name: a type, a category, or all but relationships and meta objects. */
export type Target = string;

/** A kind as it stands in a table of properties. */
export type Property = Kind & { readonly required?: true; readonly deprecated?: true };

export interface Properties {
  readonly [name: string]: Property;
}

/** A constraint between the properties of one object. */
export type Rule =
  /** At least one of these; without `of`, at least one property at all. */
  | { readonly rule: "at-least-one"; readonly of?: readonly string[] }
  | { readonly rule: "not-both"; readonly of: readonly [string, string] }
  | { readonly rule: "needs"; readonly property: string; readonly also: readonly string[] }
  /** `later` must not be before `earlier`; `strict`: not at the same instant either. */
  | {
      readonly rule: "order";
      readonly earlier: string;
      readonly later: string;
      readonly strict?: true;
    };

/** A nested object with properties of its own. */
export interface RecordTable {
  readonly name: string;
  readonly section: string;
  readonly properties: Properties;
  readonly rules?: readonly Rule[];
}

export type Category = "domain" | "relationship" | "observable" | "meta";

/** A top-level object. `properties` are those beyond the common ones of its category. */
export interface ObjectTable {
  readonly type: string;
  readonly category: Category;
  readonly section: string;
  readonly properties: Properties;
  readonly rules?: readonly Rule[];
  /** ID contributing properties (STIX 2.1 §3.4), for observables alone. */
  readonly contributing?: readonly string[];
}

export const text = { kind: "string" } as const;
export const boolean = { kind: "boolean" } as const;
export const integer = { kind: "integer" } as const;
export const count = { kind: "integer", min: 0 } as const;
export const float = { kind: "float" } as const;
export const timestamp = { kind: "timestamp" } as const;
export const binary = { kind: "binary" } as const;
export const hex = { kind: "hex" } as const;
export const hashes = { kind: "hashes" } as const;
export const anything = { kind: "any" } as const;

export function required<K extends Kind>(kind: K): K & { readonly required: true } {
  return { ...kind, required: true };
}

export function deprecated<K extends Kind>(kind: K): K & { readonly deprecated: true } {
  return { ...kind, deprecated: true };
}

export function formatted(format: StringFormat): {
  readonly kind: "string";
  readonly format: StringFormat;
} {
  return { kind: "string", format };
}

export function between(
  min: number,
  max: number,
): { readonly kind: "integer"; readonly min: number; readonly max: number } {
  return { kind: "integer", min, max };
}

export function listOf<K extends Kind>(of: K): { readonly kind: "list"; readonly of: K } {
  return { kind: "list", of };
}

export function dictionaryOf<K extends Kind>(
  of: K,
): { readonly kind: "dictionary"; readonly of: K } {
  return { kind: "dictionary", of };
}

export function reference(...to: readonly Target[]): {
  readonly kind: "reference";
  readonly to: readonly Target[];
} {
  return { kind: "reference", to };
}

export interface Vocabulary<V extends string> {
  readonly kind: "vocabulary";
  readonly name: string;
  readonly values: readonly V[];
}

/** An open vocabulary (STIX 2.1 §2.14): other values are allowed, these should be used. */
export function vocabulary<const V extends string>(
  name: string,
  values: readonly V[],
): Vocabulary<V> {
  return { kind: "vocabulary", name, values };
}

export interface Enumeration<V extends string> {
  readonly kind: "enumeration";
  readonly name: string;
  readonly values: readonly V[];
}

/** A closed list of values (STIX 2.1 §2.4). */
export function enumeration<const V extends string>(
  name: string,
  values: readonly V[],
): Enumeration<V> {
  return { kind: "enumeration", name, values };
}

export interface RecordKind<T> {
  readonly kind: "record";
  readonly table: RecordTable;
  /** Carries the type of the value; there is never such a property. */
  readonly shape?: T;
}

/** A nested object: `T` is its type, which stands in hovers under its own name. */
export function record<T>(table: RecordTable): RecordKind<T> {
  return { kind: "record", table };
}

export interface ExtensionsKind<T> {
  readonly kind: "extensions";
  readonly predefined: Readonly<Record<string, RecordTable>>;
  readonly shape?: T;
}

/** The `extensions` of an object (STIX 2.1 §3.2): `predefined` are those that the specification itself defines for it. */
export function extensions<T>(
  predefined: Readonly<Record<string, RecordTable>> = {},
): ExtensionsKind<T> {
  return { kind: "extensions", predefined };
}
