import { sha256Hash } from "../../crypto/hash.ts";

/** What a compare-and-set compares: the write that a document stands by. */
export interface Version {
  readonly seqNo: number;
  readonly primaryTerm: number;
}

export type Source = Readonly<Record<string, unknown>>;

export interface Document extends Version {
  readonly id: string;
  readonly source: Source;
}

/** The id of a document that several texts name together: of any length, and whatever they hold. */
export function documentId(...parts: readonly string[]): string {
  return sha256Hash(JSON.stringify(parts));
}

/**
 * Records are kept as JSON text, beside the few fields that are searched. So what comes back is what was written,
 * half a surrogate pair or a zero byte included, and no mapping can refuse it.
 */
export function toText(record: unknown): string {
  return JSON.stringify(record);
}

export function fromText<T>({ source }: { readonly source: Source }): T {
  return JSON.parse(String(source["record"])) as T;
}
