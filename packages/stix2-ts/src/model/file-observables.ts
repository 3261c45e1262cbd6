import {
  type Extensions,
  type ObservableProperties,
  plainExtensions,
} from "./common-properties.ts";
import {
  type ArchiveExt,
  archiveExtTable,
  type NtfsExt,
  ntfsExtTable,
  type PdfExt,
  pdfExtTable,
  type RasterImageExt,
  rasterImageExtTable,
  type WindowsPebinaryExt,
  windowsPebinaryExtTable,
} from "./file-extensions.ts";
import {
  binary,
  count,
  extensions,
  formatted,
  hashes,
  hex,
  listOf,
  type ObjectTable,
  reference,
  required,
  text,
  timestamp,
} from "./kind.ts";
import type { PropertiesOf } from "./value-of.ts";
import { encryptionAlgorithm } from "./vocabulary.ts";

export const artifactTable = {
  type: "artifact",
  category: "observable",
  section: "2.1 §6.1",
  properties: {
    mime_type: text,
    payload_bin: binary,
    url: formatted("url"),
    hashes,
    encryption_algorithm: encryptionAlgorithm,
    decryption_key: text,
    extensions: plainExtensions,
  },
  rules: [
    { rule: "at-least-one", of: ["payload_bin", "url"] },
    { rule: "not-both", of: ["payload_bin", "url"] },
    { rule: "needs", property: "url", also: ["hashes"] },
    { rule: "needs", property: "decryption_key", also: ["encryption_algorithm"] },
  ],
  contributing: ["hashes", "payload_bin"],
} as const satisfies ObjectTable;

/** Bytes, or where they are (STIX 2.1 §6.1). */
export interface Artifact
  extends ObservableProperties, PropertiesOf<typeof artifactTable.properties> {
  readonly type: "artifact";
}

export const directoryTable = {
  type: "directory",
  category: "observable",
  section: "2.1 §6.3",
  properties: {
    path: required(text),
    path_enc: text,
    ctime: timestamp,
    mtime: timestamp,
    atime: timestamp,
    contains_refs: listOf(reference("file", "directory")),
    extensions: plainExtensions,
  },
  contributing: ["path"],
} as const satisfies ObjectTable;

/** A folder of a file system (STIX 2.1 §6.3). */
export interface Directory
  extends ObservableProperties, PropertiesOf<typeof directoryTable.properties> {
  readonly type: "directory";
}

/** Extensions of a file: those of STIX 2.1 §6.7, and defined ones. */
export interface FileExtensions extends Extensions {
  readonly "archive-ext"?: ArchiveExt;
  readonly "ntfs-ext"?: NtfsExt;
  readonly "pdf-ext"?: PdfExt;
  readonly "raster-image-ext"?: RasterImageExt;
  readonly "windows-pebinary-ext"?: WindowsPebinaryExt;
}

export const fileTable = {
  type: "file",
  category: "observable",
  section: "2.1 §6.7",
  properties: {
    hashes,
    size: count,
    name: text,
    name_enc: text,
    magic_number_hex: hex,
    mime_type: text,
    ctime: timestamp,
    mtime: timestamp,
    atime: timestamp,
    parent_directory_ref: reference("directory"),
    contains_refs: listOf(reference("observable")),
    content_ref: reference("artifact"),
    extensions: extensions<FileExtensions>({
      "archive-ext": archiveExtTable,
      "ntfs-ext": ntfsExtTable,
      "pdf-ext": pdfExtTable,
      "raster-image-ext": rasterImageExtTable,
      "windows-pebinary-ext": windowsPebinaryExtTable,
    }),
  },
  rules: [{ rule: "at-least-one", of: ["hashes", "name"] }],
  contributing: ["hashes", "name", "extensions", "parent_directory_ref"],
} as const satisfies ObjectTable;

/** A file (STIX 2.1 §6.7). */
export interface File extends ObservableProperties, PropertiesOf<typeof fileTable.properties> {
  readonly type: "file";
}
