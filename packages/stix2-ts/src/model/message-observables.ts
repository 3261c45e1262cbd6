import { type ObservableProperties, plainExtensions } from "./common-properties.ts";
import {
  boolean,
  dictionaryOf,
  formatted,
  hashes,
  integer,
  listOf,
  type ObjectTable,
  record,
  type RecordTable,
  reference,
  required,
  text,
  timestamp,
} from "./kind.ts";
import type { PropertiesOf } from "./value-of.ts";

export const emailAddrTable = {
  type: "email-addr",
  category: "observable",
  section: "2.1 §6.5",
  properties: {
    value: required(formatted("email")),
    display_name: text,
    belongs_to_ref: reference("user-account"),
    extensions: plainExtensions,
  },
  contributing: ["value"],
} as const satisfies ObjectTable;

/** An e-mail address (STIX 2.1 §6.5). */
export interface EmailAddr
  extends ObservableProperties, PropertiesOf<typeof emailAddrTable.properties> {
  readonly type: "email-addr";
}

export const emailMimePartTable = {
  name: "email-mime-part-type",
  section: "2.1 §6.6.2",
  properties: {
    body: text,
    body_raw_ref: reference("artifact", "file"),
    content_type: text,
    content_disposition: text,
  },
  rules: [{ rule: "at-least-one", of: ["body", "body_raw_ref"] }],
} as const satisfies RecordTable;

/** A MIME part of a message (STIX 2.1 §6.6.2). */
export interface EmailMimePart extends PropertiesOf<typeof emailMimePartTable.properties> {}

const people = listOf(reference("email-addr"));

export const emailMessageTable = {
  type: "email-message",
  category: "observable",
  section: "2.1 §6.6",
  properties: {
    is_multipart: required(boolean),
    date: timestamp,
    content_type: text,
    from_ref: reference("email-addr"),
    sender_ref: reference("email-addr"),
    to_refs: people,
    cc_refs: people,
    bcc_refs: people,
    message_id: text,
    subject: text,
    received_lines: listOf(text),
    additional_header_fields: dictionaryOf(listOf(text)),
    body: text,
    body_multipart: listOf(record<EmailMimePart>(emailMimePartTable)),
    raw_email_ref: reference("artifact"),
    extensions: plainExtensions,
  },
  contributing: ["from_ref", "subject", "body"],
} as const satisfies ObjectTable;

/** An e-mail message (STIX 2.1 §6.6). */
export interface EmailMessage
  extends ObservableProperties, PropertiesOf<typeof emailMessageTable.properties> {
  readonly type: "email-message";
}

export const x509V3ExtensionsTable = {
  name: "x509-v3-extensions-type",
  section: "2.1 §6.18.2",
  properties: {
    basic_constraints: text,
    name_constraints: text,
    policy_constraints: text,
    key_usage: text,
    extended_key_usage: text,
    subject_key_identifier: text,
    authority_key_identifier: text,
    subject_alternative_name: text,
    issuer_alternative_name: text,
    subject_directory_attributes: text,
    crl_distribution_points: text,
    inhibit_any_policy: text,
    private_key_usage_period_not_before: timestamp,
    private_key_usage_period_not_after: timestamp,
    certificate_policies: text,
    policy_mappings: text,
  },
  rules: [{ rule: "at-least-one" }],
} as const satisfies RecordTable;

/** X.509 v3 extensions of a certificate (STIX 2.1 §6.18.2). */
export interface X509V3Extensions extends PropertiesOf<typeof x509V3ExtensionsTable.properties> {}

export const x509CertificateTable = {
  type: "x509-certificate",
  category: "observable",
  section: "2.1 §6.18",
  properties: {
    is_self_signed: boolean,
    hashes,
    version: text,
    serial_number: text,
    signature_algorithm: text,
    issuer: text,
    validity_not_before: timestamp,
    validity_not_after: timestamp,
    subject: text,
    subject_public_key_algorithm: text,
    subject_public_key_modulus: text,
    subject_public_key_exponent: integer,
    x509_v3_extensions: record<X509V3Extensions>(x509V3ExtensionsTable),
    extensions: plainExtensions,
  },
  rules: [{ rule: "at-least-one" }],
  contributing: ["hashes", "serial_number"],
} as const satisfies ObjectTable;

/** An X.509 certificate (STIX 2.1 §6.18). */
export interface X509Certificate
  extends ObservableProperties, PropertiesOf<typeof x509CertificateTable.properties> {
  readonly type: "x509-certificate";
}
