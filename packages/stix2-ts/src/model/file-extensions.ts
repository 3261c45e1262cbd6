import {
  boolean,
  count,
  dictionaryOf,
  float,
  hashes,
  hex,
  integer,
  listOf,
  record,
  type RecordTable,
  reference,
  required,
  text,
  timestamp,
  anything,
} from "./kind.ts";
import type { PropertiesOf } from "./value-of.ts";
import { windowsPebinaryType } from "./vocabulary.ts";

const some = [{ rule: "at-least-one" }] as const;

export const archiveExtTable = {
  name: "archive-ext",
  section: "2.1 §6.7.2",
  properties: { contains_refs: required(listOf(reference("file", "directory"))), comment: text },
} as const satisfies RecordTable;

/** What an archive holds (STIX 2.1 §6.7.2). */
export interface ArchiveExt extends PropertiesOf<typeof archiveExtTable.properties> {}

export const alternateDataStreamTable = {
  name: "alternate-data-stream-type",
  section: "2.1 §6.7.3.2",
  properties: { name: required(text), hashes, size: count },
} as const satisfies RecordTable;

/** An NTFS alternate data stream (STIX 2.1 §6.7.3.2). */
export interface AlternateDataStream extends PropertiesOf<
  typeof alternateDataStreamTable.properties
> {}

export const ntfsExtTable = {
  name: "ntfs-ext",
  section: "2.1 §6.7.3",
  properties: {
    sid: text,
    alternate_data_streams: listOf(record<AlternateDataStream>(alternateDataStreamTable)),
  },
  rules: some,
} as const satisfies RecordTable;

/** Properties of a file on NTFS (STIX 2.1 §6.7.3). */
export interface NtfsExt extends PropertiesOf<typeof ntfsExtTable.properties> {}

export const pdfExtTable = {
  name: "pdf-ext",
  section: "2.1 §6.7.4",
  properties: {
    version: text,
    is_optimized: boolean,
    document_info_dict: dictionaryOf(anything),
    pdfid0: text,
    pdfid1: text,
  },
  rules: some,
} as const satisfies RecordTable;

/** Properties of a PDF file (STIX 2.1 §6.7.4). */
export interface PdfExt extends PropertiesOf<typeof pdfExtTable.properties> {}

export const rasterImageExtTable = {
  name: "raster-image-ext",
  section: "2.1 §6.7.5",
  properties: {
    image_height: integer,
    image_width: integer,
    bits_per_pixel: integer,
    exif_tags: dictionaryOf(anything),
  },
  rules: some,
} as const satisfies RecordTable;

/** Properties of a raster image (STIX 2.1 §6.7.5). */
export interface RasterImageExt extends PropertiesOf<typeof rasterImageExtTable.properties> {}

export const windowsPeOptionalHeaderTable = {
  name: "windows-pe-optional-header-type",
  section: "2.1 §6.7.6.2",
  properties: {
    magic_hex: hex,
    major_linker_version: integer,
    minor_linker_version: integer,
    size_of_code: count,
    size_of_initialized_data: count,
    size_of_uninitialized_data: count,
    address_of_entry_point: integer,
    base_of_code: integer,
    base_of_data: integer,
    image_base: integer,
    section_alignment: integer,
    file_alignment: integer,
    major_os_version: integer,
    minor_os_version: integer,
    major_image_version: integer,
    minor_image_version: integer,
    major_subsystem_version: integer,
    minor_subsystem_version: integer,
    win32_version_value_hex: hex,
    size_of_image: count,
    size_of_headers: count,
    checksum_hex: hex,
    subsystem_hex: hex,
    dll_characteristics_hex: hex,
    size_of_stack_reserve: count,
    size_of_stack_commit: count,
    size_of_heap_reserve: count,
    size_of_heap_commit: count,
    loader_flags_hex: hex,
    number_of_rva_and_sizes: integer,
    hashes,
  },
  rules: some,
} as const satisfies RecordTable;

/** The optional header of a PE file (STIX 2.1 §6.7.6.2). */
export interface WindowsPeOptionalHeader extends PropertiesOf<
  typeof windowsPeOptionalHeaderTable.properties
> {}

export const windowsPeSectionTable = {
  name: "windows-pe-section-type",
  section: "2.1 §6.7.6.3",
  properties: { name: required(text), size: count, entropy: float, hashes },
} as const satisfies RecordTable;

/** A section of a PE file (STIX 2.1 §6.7.6.3). */
export interface WindowsPeSection extends PropertiesOf<typeof windowsPeSectionTable.properties> {}

export const windowsPebinaryExtTable = {
  name: "windows-pebinary-ext",
  section: "2.1 §6.7.6",
  properties: {
    pe_type: required(windowsPebinaryType),
    imphash: text,
    machine_hex: hex,
    number_of_sections: count,
    time_date_stamp: timestamp,
    pointer_to_symbol_table_hex: hex,
    number_of_symbols: count,
    size_of_optional_header: count,
    characteristics_hex: hex,
    file_header_hashes: hashes,
    optional_header: record<WindowsPeOptionalHeader>(windowsPeOptionalHeaderTable),
    sections: listOf(record<WindowsPeSection>(windowsPeSectionTable)),
  },
} as const satisfies RecordTable;

/** Properties of a Windows executable (STIX 2.1 §6.7.6). */
export interface WindowsPebinaryExt extends PropertiesOf<
  typeof windowsPebinaryExtTable.properties
> {}
