/** Files of CybOX, in their many types. */
import {
  extensionTerm,
  flagTerm,
  hashTerm,
  signerTerm,
  type Term,
  textTerm,
} from "../terms/term.ts";
import { fileNameTerm, folderTerm, pathTerm } from "../terms/path-term.ts";
import { childOf, elementsOf, textAt, type XmlElement } from "../xml/xml-tree.ts";
import { type Criteria, groupOf, leftOut, lostPart } from "./criteria.ts";
import { fieldOf, NOTHING, type ObjectContext, type ObjectRules, readField, type Taken, together } from "./object-rules.ts"; // prettier-ignore
import { readProperty } from "./property.ts";

const IMPHASH = "file:extensions.'windows-pebinary-ext'.imphash";
const STREAM = "file:extensions.'ntfs-ext'.alternate_data_streams[*].name";

/** Digests that Sysmon writes, by their names without signs. */
const DIGESTS: Readonly<Record<string, (scope: string) => Term>> = {
  MD5: (scope) => hashTerm(scope, "MD5"),
  SHA1: (scope) => hashTerm(scope, "SHA-1"),
  SHA256: (scope) => hashTerm(scope, "SHA-256"),
  IMPHASH: (scope) => textTerm(scope, IMPHASH),
};
/** By length, where a file names no type, or "Other". */
const BY_LENGTH: Readonly<Record<number, string>> = { 32: "MD5", 40: "SHA1", 64: "SHA256" };
/** What says nothing more of a file whose digest is known. */
const OF_CONTENT = ["Size_In_Bytes", "Magic_Number", "File_Format", "Peak_Entropy", "Type", "Headers", "Imports", "Exports", "Sections", "Build_Information", "PE_Checksum", "Packer_List", "Extracted_Features", "Byte_Runs"]; // prettier-ignore

/** A path with the signs that Windows has between its parts. */
export function windowsPath(value: string): string {
  return /^[a-z]:\/|^[^\\]*\/[^\\]*$/i.test(value) && !value.includes("://")
    ? value.replaceAll("/", "\\")
    : value;
}

/**
 * Reads a list of hashes. All are of one file, so each names it alone: any of them will do, for a log that has but one kind of
 * digest shows the file as well. Others than Sysmon's are left out beside one of them.
 */
export function readHashes(hashes: XmlElement, context: ObjectContext): readonly Criteria[] {
  const known: Criteria[] = [];
  const unknown: string[] = [];
  for (const hash of hashes.children) {
    const element = valueOf(hash);
    if (element === undefined || element.text === "") continue;
    const named = (textAt(hash, "Type") ?? "").toUpperCase().replace(/[^A-Z0-9]/g, "");
    const type = named in DIGESTS ? named : /^(?:OTHER)?$/.test(named) ? BY_LENGTH[element.text.length] : undefined; // prettier-ignore
    const digest = type === undefined ? undefined : DIGESTS[type];
    if (digest === undefined || element.local === "Fuzzy_Hash_Value") {
      unknown.push(`${named || "a hash of unknown type"} (${element.where}): Sysmon does not write it`); // prettier-ignore
      continue;
    }
    const { scope, repairs } = context;
    known.push(readProperty(element, { term: digest(scope), repairs, what: `hash ${type}` }));
  }
  const [first] = unknown;
  if (known.length > 0) return [groupOf("or", known), ...unknown.map(leftOut)];
  return first === undefined ? [] : [lostPart("feed/term-unknown", unknown.join("; "))];
}

function valueOf(hash: XmlElement): XmlElement | undefined {
  return childOf(hash, "Simple_Hash_Value") ?? childOf(hash, "Fuzzy_Hash_Value");
}

/** Whether a list of hashes says exactly which file it is. */
function isNamed(hashes: XmlElement | undefined): boolean {
  return (
    hashes?.children.some(({ children }) =>
      children.some(
        ({ local, text, attributes }) =>
          local === "Simple_Hash_Value" &&
          BY_LENGTH[text.length] !== undefined &&
          /^equals$/i.test(attributes.get("condition") ?? "equals"),
      ),
    ) ?? false
  );
}

function takeFile(properties: XmlElement, context: ObjectContext): Taken {
  const hashes = childOf(properties, "Hashes");
  const read = new Set<XmlElement>();
  const criteria: Criteria[] = [];
  if (hashes !== undefined) {
    read.add(hashes);
    criteria.push(...readHashes(hashes, context));
  }
  if (isNamed(hashes)) {
    for (const child of properties.children) {
      if (OF_CONTENT.includes(child.local)) {
        read.add(child);
        criteria.push(leftOut(`${child.local} (${child.where}): the digest says it already`));
      }
    }
  }
  return together({ criteria, read }, takeName(properties, context), takePath(properties, context), takeVersion(properties, context)); // prettier-ignore
}

/** A name and an extension that it may lack. */
function takeName(properties: XmlElement, context: ObjectContext): Taken {
  const name = childOf(properties, "File_Name");
  const extension = childOf(properties, "File_Extension");
  if (name === undefined || name.text === "") return NOTHING;
  const ending = extension?.text.replace(/^\./, "").toLowerCase() ?? "";
  const isWhole = /^(?:equals)?$/i.test(name.attributes.get("condition") ?? "");
  const lacks =
    extension !== undefined && ending !== "" && isWhole && !name.text.toLowerCase().endsWith(`.${ending}`); // prettier-ignore
  const change = lacks ? (value: string) => `${windowsPath(value)}.${ending}` : windowsPath;
  const criteria = [readField(name, fieldOf(fileNameTerm, change), "File_Name", context)];
  if (extension === undefined) return { criteria, read: new Set([name]) };
  if (isWhole) return { criteria, read: new Set([name, extension]) };
  return { criteria, read: new Set([name]) };
}

/** A path, which is that of the folder, or of the file itself; the schema allows both. */
function takePath(properties: XmlElement, context: ObjectContext): Taken {
  const path = childOf(properties, "File_Path");
  if (path === undefined || path.text === "") return NOTHING;
  const device = childOf(properties, "Device_Path");
  const drive = /^[a-z]:\\?$/i.test(device?.text ?? "") ? (device?.text.slice(0, 2) ?? "") : "";
  const name = textAt(properties, "File_Name");
  const change = (value: string): string => {
    const plain = windowsPath(value);
    return drive !== "" && plain.startsWith("\\") ? drive + plain : plain;
  };
  const folder = readField(path, fieldOf(folderTerm, change), "File_Path", context);
  const whole = readField(
    path,
    fieldOf((scope) => pathTerm(scope, "file:x_path"), change),
    "File_Path",
    context,
  );
  const text = windowsPath(path.text);
  const isFolder = text.endsWith("\\");
  const isFile =
    name !== undefined && text.toLowerCase().endsWith(`\\${windowsPath(name).toLowerCase()}`);
  const criteria = [isFolder ? folder : isFile ? whole : groupOf("or", [whole, folder])];
  const read = new Set([path]);
  if (drive !== "" && device !== undefined) read.add(device);
  return { criteria, read };
}

const VERSION: Readonly<Record<string, string>> = {
  OriginalFilename: "file:x_original_file_name",
  CompanyName: "file:x_company",
  ProductName: "file:x_product",
  FileDescription: "file:x_description",
  FileVersion: "file:x_file_version",
};

/** The version block of a Windows executable and its signature. */
function takeVersion(properties: XmlElement, context: ObjectContext): Taken {
  const criteria: Criteria[] = [];
  const read = new Set<XmlElement>();
  const resources = childOf(properties, "Resources");
  for (const element of resources === undefined ? [] : elementsOf(resources)) {
    if (element.children.length > 0 || element.text === "") continue;
    const path = VERSION[element.local];
    criteria.push(
      path === undefined
        ? leftOut(`${element.local} (${element.where}): Sysmon shows five values of the version block`) // prettier-ignore
        : readField(
            element,
            fieldOf((scope) => textTerm(scope, path)),
            element.local,
            context,
          ),
    );
  }
  if (resources !== undefined) read.add(resources);
  const signature = childOf(properties, "Digital_Signature");
  if (signature === undefined) return { criteria, read };
  read.add(signature);
  for (const [name, path, yes] of [
    ["signature_exists", "file:x_signed", "true"],
    ["signature_verified", "file:x_signature_status", "Valid"],
  ] as const) {
    const value = signature.attributes.get(name);
    const condition = { verb: "is", negated: false, caseSensitive: false } as const;
    if (value !== undefined) {
      const term = flagTerm(context.scope, path, yes);
      criteria.push({ kind: "item", term, condition: { ...condition, value }, what: name });
    }
  }
  const subject = childOf(signature, "Certificate_Subject");
  if (subject !== undefined && subject.text !== "") {
    criteria.push(readField(subject, fieldOf(signerTerm), "Certificate_Subject", context));
  }
  return { criteria, read };
}

export const FILE: ObjectRules = {
  fields: {
    Full_Path: fieldOf((scope) => pathTerm(scope, "file:x_path"), windowsPath),
    File_Extension: fieldOf(extensionTerm),
    "Stream_List/Stream/Name": fieldOf((scope) => textTerm(scope, STREAM)),
    Driver_Name: fieldOf(fileNameTerm),
  },
  leftOut: ["Device_Path", "Archived_File", "Metadata", "Trailers", "Version", "Image_File_Format"],
  take: takeFile,
};

/** A library that a process loads. */
export const LIBRARY: ObjectRules = {
  fields: {
    Name: fieldOf(fileNameTerm, windowsPath),
    Path: fieldOf((scope) => pathTerm(scope, "file:x_path"), windowsPath),
  },
  leftOut: ["Type", "Version", "Size", "Base_Address"],
};

/** Content by itself: known by its digests alone. */
export const ARTIFACT: ObjectRules = {
  fields: {},
  leftOut: ["Packaging", "Raw_Artifact"],
  take(properties, context) {
    const hashes = childOf(properties, "Hashes");
    return hashes === undefined
      ? NOTHING
      : { criteria: readHashes(hashes, context), read: new Set([hashes]) };
  },
};
