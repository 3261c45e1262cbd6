import type { ObjectPath } from "stix2-ts";

/** Writes an object path as a pattern does; keys that are no plain words in quotation marks. */
export function pathText({ objectType, steps }: ObjectPath): string {
  let text = "";
  for (const step of steps) {
    if (step.kind === "index") text += `[${step.index}]`;
    else {
      const key = /^[A-Za-z_][A-Za-z0-9_]*$/.test(step.name) ? step.name : `'${step.name}'`;
      text += text === "" ? key : `.${key}`;
    }
  }
  return `${objectType}:${text}`;
}

/** Object paths that published patterns use and no Sysmon event can meet, by the reason. */
export const notCoverable: readonly {
  readonly reason: string;
  readonly paths: readonly string[];
}[] = [
  {
    reason: "Sysmon does not log mail.",
    paths: [
      "email-addr:value",
      "email-message:body_multipart[*].body_raw_ref.name",
      "email-message:from_ref.value",
      "email-message:message_id",
      "email-message:subject",
      "email-message:to_refs[*].value",
    ],
  },
  {
    reason: "Sysmon does not look into documents and images.",
    paths: [
      "file:extensions.'pdf-ext'.document_info_dict.CreationDate",
      "file:extensions.'pdf-ext'.document_info_dict.Subject",
      "file:extensions.'pdf-ext'.pdfid0",
      "file:extensions.'pdf-ext'.version",
      "file:extensions.'raster-image-ext'.image_height",
      "file:extensions.'raster-image-ext'.image_width",
    ],
  },
  {
    reason: "Sysmon logs addresses, ports and protocol of a connection, not what is sent over it.",
    paths: [
      "network-traffic:extensions.'http-request-ext'.request_method",
      "network-traffic:extensions.'http-request-ext'.request_value",
      "network-traffic:extensions.'socket-ext'.address_family",
      "network-traffic:extensions.'socket-ext'.options.IP_MULTICAST_LOOP",
    ],
  },
  {
    reason: "Sysmon logs a signer's name, not the certificate.",
    paths: [
      "x509-certificate:hashes.'SHA-1'",
      "x509-certificate:is_self_signed",
      "x509-certificate:issuer",
      "x509-certificate:serial_number",
      "x509-certificate:subject",
      "x509-certificate:validity_not_after",
      "x509-certificate:validity_not_before",
      "x509-certificate:x509_v3_extensions.authority_key_identifier",
      "x509-certificate:x509_v3_extensions.basic_constraints",
      "x509-certificate:x509_v3_extensions.certificate_policies",
      "x509-certificate:x509_v3_extensions.crl_distribution_points",
      "x509-certificate:x509_v3_extensions.extended_key_usage",
      "x509-certificate:x509_v3_extensions.inhibit_any_policy",
      "x509-certificate:x509_v3_extensions.issuer_alternative_name",
      "x509-certificate:x509_v3_extensions.key_usage",
      "x509-certificate:x509_v3_extensions.name_constraints",
      "x509-certificate:x509_v3_extensions.policy_constraints",
      "x509-certificate:x509_v3_extensions.private_key_usage_period_not_after",
      "x509-certificate:x509_v3_extensions.private_key_usage_period_not_before",
      "x509-certificate:x509_v3_extensions.subject_alternative_name",
      "x509-certificate:x509_v3_extensions.subject_key_identifier",
    ],
  },
];
