import type { Enumeration, ExtensionsKind, Properties, RecordKind, Vocabulary } from "./kind.ts";
import type { hashAlgorithm } from "./vocabulary.ts";

/** One of the values of an open vocabulary, or any other text. Editors propose the values. */
export type OpenVocabulary<V extends string> = V | (string & Record<never, never>);

/** Hash values by algorithm; the names of STIX 2.1 §10.7 (hash-algorithm-ov), or others. */
export type Hashes = {
  readonly [A in HashAlgorithm]?: string;
} & { readonly [algorithm: string]: string };

/** A name of hash-algorithm-ov (STIX 2.1 §10.7). */
export type HashAlgorithm = (typeof hashAlgorithm)["values"][number];

/** The TypeScript type of a kind. */
export type ValueOf<K> =
  K extends Vocabulary<infer V>
    ? OpenVocabulary<V>
    : K extends Enumeration<infer V>
      ? V
      : K extends RecordKind<infer T>
        ? T
        : K extends ExtensionsKind<infer T>
          ? T
          : K extends { readonly kind: "list"; readonly of: infer O }
            ? readonly ValueOf<O>[]
            : K extends { readonly kind: "dictionary"; readonly of: infer O }
              ? { readonly [key: string]: ValueOf<O> }
              : K extends { readonly kind: "boolean" }
                ? boolean
                : K extends { readonly kind: "integer" | "float" }
                  ? number
                  : K extends { readonly kind: "hashes" }
                    ? Hashes
                    : K extends { readonly kind: "observables" }
                      ? { readonly [key: string]: { readonly [property: string]: unknown } }
                      : K extends { readonly kind: "any" }
                        ? unknown
                        : string;

/** The TypeScript type of an object with these properties: those marked `required` are there, the others may be. */
export type PropertiesOf<P extends Properties> = {
  readonly [N in keyof P as P[N] extends { readonly required: true } ? N : never]: ValueOf<P[N]>;
} & {
  readonly [N in keyof P as P[N] extends { readonly required: true } ? never : N]?: ValueOf<P[N]>;
};
