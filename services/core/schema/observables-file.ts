import { file, hashes, header, property, type ObservableRule } from "./observable-rule.ts";

const hashedTargets = [15, 23, 26, 27, 28, 29];

/** Files that an event is about (created, changed, deleted, loaded), their streams, and where they came from. */
export const fileObservables: readonly ObservableRule[] = [
  ...file("target", "TargetFilename", [
    ...hashes(hashedTargets),
    property("extensions.windows-pebinary-ext.imphash", "IMPHASH", "lower", hashedTargets),
    property(
      "extensions.ntfs-ext.alternate_data_streams[].name",
      "TargetFilename",
      "stream-name",
      [15],
    ),
    property("ctime", "CreationUtcTime", "timestamp"),
    property("created", "CreationUtcTime", "timestamp"),
  ]),
  {
    key: "url:zone",
    type: "url",
    each: true,
    properties: [property("value", "Contents", "zone-urls")],
  },
  ...file("loaded", "ImageLoaded", [
    ...hashes([6, 7]),
    ...header([7]),
    property("extensions.windows-pebinary-ext.imphash", "IMPHASH", "lower", [6]),
    property("x_signed", "Signed"),
    property("x_signature", "Signature"),
    property("x_signature_status", "SignatureStatus"),
  ]),
  {
    key: "artifact:clipboard",
    type: "artifact",
    events: [24],
    properties: [
      ...hashes([24]),
      property("x_client_info", "ClientInfo"),
      property("x_session", "Session", "integer"),
    ],
  },
];
