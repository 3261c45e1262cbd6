/** A line of a log is the document itself, or Elasticsearch's wrapping of it: `{"_id": …, "_source": {…}}`. */
interface Wrapped {
  readonly _id?: unknown;
  readonly _source: object;
}

function isWrapped(value: unknown): value is Wrapped {
  return (
    typeof value === "object" &&
    value !== null &&
    "_source" in value &&
    typeof value._source === "object" &&
    value._source !== null
  );
}

/** Takes a document out of its wrapping, if it has one. */
export function documentOf(value: unknown): unknown {
  return isWrapped(value) ? value._source : value;
}

/** The store's id in the wrapping; undefined without. */
export function documentId(value: unknown): string | undefined {
  return isWrapped(value) && typeof value._id === "string" && value._id !== ""
    ? value._id
    : undefined;
}
