/** How a value in the document differs from Sysmon's own text, and so how the reader converts it. */
export type FieldForm =
  /** Sysmon's own text. */
  | "value"
  /** `SHA1=…,MD5=…`: several canonical fields in one text. */
  | "hash-list"
  /** `type:  5 name;::ffff:192.0.2.1;`: several values in one text. */
  | "answer-list"
  /** ECS `dns.answers`: objects with `type` and `data`. */
  | "answer-objects"
  /** Decimal numbers where Sysmon writes `DWORD (0x…)`. */
  | "registry-data"
  /** `egress` or `outbound` where Sysmon writes `true`. */
  | "direction"
  /** `ipv6` where Sysmon writes `true`. */
  | "ip-version"
  /** RFC 3339 where Sysmon writes `2020-10-23 06:36:43.542`. */
  | "timestamp";

/** A place that holds Sysmon's fields under their own names: an object, a list of named `Data`, or their JSON or XML text. */
export interface FieldContainer {
  /** Dotted path in the document; empty for its top. */
  readonly path: string;
  /** `camel`: the first letter is lower case (`commandLine`). */
  readonly spelling: "sysmon" | "camel";
  /** Quotes and backslashes of the values still carry a backslash after the JSON is parsed. */
  readonly escaped?: boolean;
}

/** A canonical field that the layout keeps under another name. */
export interface FieldRename {
  readonly canonical: string;
  /** Dotted paths, the first that has a value wins. */
  readonly names: readonly string[];
  /** Event ids it applies to; all where absent. */
  readonly events?: readonly number[];
  readonly form?: FieldForm;
  /** Path of a text that is put before the value, with a backslash between. */
  readonly domain?: string;
}

/** One way in which collectors lay a Sysmon event out. Data only; `readEvent` tries the names of all layouts on each document. */
export interface LogSchema {
  readonly name: string;
  /** Where the record's own facts stand; dotted paths, the first with a value wins. */
  readonly record: {
    readonly eventId: readonly string[];
    /** Provider, channel, module or provider GUID: a document is Sysmon's where one of these says so. */
    readonly source: readonly string[];
    readonly channel: readonly string[];
    readonly computer: readonly string[];
    readonly recordId: readonly string[];
    readonly time: readonly string[];
  };
  readonly containers: readonly FieldContainer[];
  /** The containers are read only where one of these paths has a value: for names too common to trust alone. */
  readonly containersWhen?: readonly string[];
  readonly renames: readonly FieldRename[];
  /** The renames are read only where one of these paths has a value (that names Sysmon, if `names` is set). */
  readonly renamesWhen?: readonly { readonly path: string; readonly namesSysmon?: boolean }[];
}
