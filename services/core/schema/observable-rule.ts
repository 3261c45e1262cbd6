import type { Transform } from "./transforms.ts";

/** One property of an object: its path, the canonical field it comes from, and how. */
export interface ObservableProperty {
  /** Keys with dots between; `name[]` appends to a list, `name[].key` to a list of dictionaries whose keys belong together. */
  readonly path: string;
  readonly from: string;
  readonly as: Transform;
  /** Only at these event ids; at all that have the field where absent. */
  readonly events?: readonly number[];
}

/** One cyber-observable object that an event gives. It is made where at least one property has a value. */
export interface ObservableRule {
  /** Key in the observation's `objects`; begins with the type. */
  readonly key: string;
  readonly type: string;
  /** Only at these event ids; at all that have one of the fields where absent. */
  readonly events?: readonly number[];
  /** An object for each value; the keys end in `:0`, `:1`, … Such a rule has one property. */
  readonly each?: boolean;
  /** Made only where the field is one of, or none of, these texts. */
  readonly when?: {
    readonly field: string;
    readonly only?: readonly string[];
    readonly not?: readonly string[];
  };
  /** Made only where one of these fields has a value. */
  readonly needs?: readonly string[];
  /** Rules with the same name read one thing in several ways (`Observation.readings`). */
  readonly readingOf?: string;
  readonly properties: readonly ObservableProperty[];
  /** `…_ref`: the first of these objects that was made; `…_refs`: all of them. */
  readonly refs?: Readonly<Record<string, readonly string[]>>;
}

/** Writes a property's row. */
export function property(
  path: string,
  from: string,
  as: Transform = "text",
  events?: readonly number[],
): ObservableProperty {
  return events === undefined ? { path, from, as } : { path, from, as, events };
}

/** Writes the rows of a file's hashes, in the spelling of STIX 2.1 §10.6; lower case, whatever the layout. */
export function hashes(events?: readonly number[]): readonly ObservableProperty[] {
  return [
    property("hashes.MD5", "MD5", "lower", events),
    property("hashes.SHA-1", "SHA1", "lower", events),
    property("hashes.SHA-256", "SHA256", "lower", events),
    property("hashes.IMPHASH", "IMPHASH", "lower", events),
  ];
}

const named = "extensions.windows-pebinary-ext";

/** Writes the rows of what Sysmon reads out of a program's header. */
export function header(events: readonly number[]): readonly ObservableProperty[] {
  return [
    property(`${named}.imphash`, "IMPHASH", "lower", events),
    property("x_original_file_name", "OriginalFileName", "text", events),
    property("x_file_version", "FileVersion", "text", events),
    property("x_description", "Description", "text", events),
    property("x_product", "Product", "text", events),
    property("x_company", "Company", "text", events),
  ];
}

/** Writes a file's name and full path, the latter under the three names that pattern writers use for it. */
export function filePath(from: string): readonly ObservableProperty[] {
  return [
    property("name", from, "stream-base-name"),
    property("path", from, "without-stream"),
    property("x_path", from, "without-stream"),
    property("x_misp_fullpath", from, "without-stream"),
  ];
}

/** Writes a file and the directory it stands in. */
export function file(
  role: string,
  from: string,
  properties: readonly ObservableProperty[] = [],
): readonly ObservableRule[] {
  return [
    {
      key: `directory:${role}`,
      type: "directory",
      properties: [property("path", from, "directory")],
    },
    {
      key: `file:${role}`,
      type: "file",
      properties: [...filePath(from), ...properties],
      refs: { parent_directory_ref: [`directory:${role}`] },
    },
  ];
}

/** Writes a user, given as `DOMAIN\user`. */
export function user(key: string, from: string): ObservableRule {
  return {
    key,
    type: "user-account",
    properties: [
      property("user_id", from),
      property("account_login", from, "account"),
      property("display_name", from, "account"),
      property("x_domain", from, "domain"),
    ],
  };
}
