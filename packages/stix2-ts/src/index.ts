export type {
  Binding,
  BoundCandidate,
  BoundObservation,
  Correlation,
  OperandCandidate,
} from "./correlate/correlation.ts";
export type { Bundle } from "./bundle/bundle.ts";
export { parseBundle, type ParsedBundle, type RejectedObject } from "./bundle/parse-bundle.ts";
export { parseObject, type ParsedObject } from "./bundle/parse-object.ts";
export { HARMLESS_ERRORS, type ParseOptions } from "./bundle/parse-options.ts";
export { serialise, type SerialiseOptions } from "./bundle/serialise.ts";
export type { Issue } from "./check/issue.ts";
export { createBundle, createObject, type NewProperties } from "./create/create-object.ts";
export { InvalidObjectError } from "./create/invalid-object-error.ts";
export type { Sources } from "./create/sources.ts";
export { StixError } from "./errors.ts";
export { parseIdentifier, type Identifier } from "./id/identifier.ts";
export { OBSERVABLE_NAMESPACE, observableId } from "./id/observable-id.ts";
export { uuidV5 } from "./id/uuid.ts";
export { canonicalJson } from "./json/canonical-json.ts";
export { JsonTextError, type TextPosition } from "./json/json-text-error.ts";
export { MAX_JSON_DEPTH, parseJsonText } from "./json/parse-json-text.ts";
export { liftBundleTo21, type MixedBundle } from "./lift/lift-bundle.ts";
export { liftTo21, type Stix20Object } from "./lift/lift-to-21.ts";
export {
  effectiveLanguage,
  effectiveMarkings,
  effectiveTlp,
  type EffectiveMarking,
  type Marked,
} from "./marking/effective-markings.ts";
export { TLP1, TLP2, TLP2_EXTENSION, tlpName, type TlpName } from "./marking/tlp.ts";
export type * from "./model/common-properties.ts";
export type * from "./model/domain-objects.ts";
export type * from "./model/embedded-objects.ts";
export type * from "./model/file-extensions.ts";
export type * from "./model/file-observables.ts";
export type * from "./model/host-observables.ts";
export type * from "./model/knowledge-objects.ts";
export type * from "./model/message-observables.ts";
export type * from "./model/meta-objects.ts";
export type * from "./model/network-observables.ts";
export { isKnownType } from "./model/object-tables.ts";
export type * from "./model/relationship-objects.ts";
export type * from "./model/stix-object.ts";
export type { HashAlgorithm, Hashes, OpenVocabulary } from "./model/value-of.ts";
export { AnchorSet, type WideAnchor } from "./match/anchor-set.ts";
export type { AnchorKinds } from "./match/anchor-index.ts";
export { anchorsOf, type Anchor, type PlacedAnchor } from "./match/anchors.ts";
export {
  compilePattern,
  observationKeys,
  singleObservations,
  type CompiledPattern,
  type SingleObservation,
} from "./match/compile-pattern.ts";
export { evaluateObservation } from "./match/evaluate-observation.ts";
export { hashName, pathValues, type PathValue } from "./match/object-path.ts";
export type * from "./match/observation.ts";
export {
  PatternSet,
  type AnchoredPath,
  type SetMatch,
  type SetParticipant,
} from "./match/pattern-set.ts";
export type * from "./pattern/ast.ts";
export { mapComparisons } from "./pattern/map-comparisons.ts";
export { normalisePattern } from "./pattern/normalise-pattern.ts";
export { parsePattern, type PatternLimits } from "./pattern/parse-pattern.ts";
export { PatternSyntaxError } from "./pattern/pattern-syntax-error.ts";
export { printPath, printPattern } from "./pattern/print-pattern.ts";
export { walkComparisons } from "./pattern/walk-comparisons.ts";
export type { PatternWarning } from "./validate/pattern-warning.ts";
export { validatePattern } from "./validate/validate-pattern.ts";
export { formatAddress, parseAddress, type AddressRange } from "./value/address.ts";
export { indexKey } from "./value/fold.ts";
export { parseTimestamp, instantToMs } from "./value/timestamp.ts";
export {
  readBundleObjects,
  type StreamedBundle,
  type StreamedObject,
  type StreamOptions,
} from "./stream/read-bundle-objects.ts";
export { compareVersions, latestVersions } from "./version/latest-versions.ts";
export { newVersion, revoke, type Changes, type VersionedObject } from "./version/new-version.ts";
