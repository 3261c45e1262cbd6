/** How STIX 2.0 part 4 names what STIX 2.1 §6 names otherwise. */
const times = { created: "ctime", modified: "mtime", accessed: "atime" };

/** New names of properties; those that 2.1 does not have become custom properties, so that nothing is lost. */
const RENAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  directory: times,
  file: {
    ...times,
    is_encrypted: "x_is_encrypted",
    encryption_algorithm: "x_encryption_algorithm",
    decryption_key: "x_decryption_key",
  },
  "network-traffic": { encapsulates_by_ref: "encapsulated_by_ref" },
  process: {
    name: "x_name",
    arguments: "x_arguments",
    created: "created_time",
    binary_ref: "image_ref",
  },
  "user-account": { password_last_changed: "credential_last_changed" },
  "windows-registry-key": { modified: "modified_time" },
  "archive-ext": { version: "x_version" },
  "raster-image-ext": { image_compression_algorithm: "x_image_compression_algorithm" },
  "socket-ext": { protocol_family: "x_protocol_family" },
};

/** Gives the name that a property of a 2.0 observable, or of an extension, has in 2.1. */
export function renamed(type: string, property: string): string {
  const renames = Object.hasOwn(RENAMES, type) ? RENAMES[type] : undefined;
  return (
    (renames !== undefined && Object.hasOwn(renames, property) ? renames[property] : undefined) ??
    property
  );
}
