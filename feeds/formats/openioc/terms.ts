import {
  fileNameTerm,
  folderTerm,
  pathTerm,
  registryPathTerm,
  serviceNameTerm,
  serviceValueTerm,
} from "../terms/path-term.ts";
import {
  addressTerm,
  connectionTerm,
  domainTerm,
  extensionTerm,
  flagTerm,
  handleNameTerm,
  hashTerm,
  integerTerm,
  signerTerm,
  type Term,
  textTerm,
  urlTerm,
  userTerm,
} from "../terms/term.ts";

/**
 * OpenIOC terms that a Sysmon event can show, in lower case, and what they are in STIX. Everything else is reported as lost.
 * Terms of one scope must hold for one observation, terms of different scopes for different ones on the same host.
 */
export const TERMS: ReadonlyMap<string, Term> = new Map(
  Object.entries({
    ...fileTerms("FileItem", "FileItem"),
    "FileItem/FileExtension": extensionTerm("FileItem"),
    "FileItem/StreamList/Stream/Name": textTerm(
      "FileItem",
      "file:extensions.'ntfs-ext'.alternate_data_streams[*].name",
    ),
    "FileItem/StreamList/Stream/Md5sum": hashTerm("FileItem", "MD5"),
    "FileItem/StreamList/Stream/Sha1sum": hashTerm("FileItem", "SHA-1"),
    "FileItem/StreamList/Stream/Sha256sum": hashTerm("FileItem", "SHA-256"),
    "FileDownloadHistoryItem/FileName": fileNameTerm("FileDownloadHistoryItem"),
    "FileDownloadHistoryItem/SourceURL": urlTerm("FileDownloadHistoryItem/source"),
    ...fileTerms("DriverItem", "DriverItem"),
    "DriverItem/DriverName": fileNameTerm("DriverItem"),
    "DriverItem/ImagePath": fileNameTerm("DriverItem"),
    "DriverItem/ModuleName": fileNameTerm("DriverItem"),
    "DriverItem/ModulePath": pathTerm("DriverItem", "file:x_path"),
    "ModuleItem/ModuleName": fileNameTerm("ModuleItem"),
    "ModuleItem/ModulePath": pathTerm("ModuleItem", "file:x_path"),

    "ProcessItem/name": textTerm("ProcessItem", "process:name"),
    "ProcessItem/path": pathTerm("ProcessItem", "process:image_ref.x_path"),
    "ProcessItem/arguments": textTerm("ProcessItem", "process:command_line"),
    "ProcessItem/pid": integerTerm("ProcessItem", "process:pid"),
    "ProcessItem/parentpid": integerTerm("ProcessItem", "process:parent_ref.pid"),
    "ProcessItem/ParentProcessName": textTerm("ProcessItem", "process:parent_ref.name"),
    "ProcessItem/ParentProcessPath": pathTerm("ProcessItem", "process:parent_ref.image_ref.x_path"),
    "ProcessItem/ParentProcessArguments": textTerm(
      "ProcessItem",
      "process:parent_ref.command_line",
    ),
    "ProcessItem/Username": userTerm("ProcessItem", "process:creator_user_ref."),
    "ProcessItem/Md5sum": hashTerm("ProcessItem", "MD5", "process:image_ref."),
    "ProcessItem/Sha1sum": hashTerm("ProcessItem", "SHA-1", "process:image_ref."),
    "ProcessItem/Sha256sum": hashTerm("ProcessItem", "SHA-256", "process:image_ref."),
    ...fileTerms("ProcessItem/SectionList/MemorySection", "ProcessItem/section"),
    "ProcessItem/SectionList/MemorySection/Name": fileNameTerm("ProcessItem/section"),
    ...portTerms("ProcessItem/PortList/PortItem", "ProcessItem/port"),
    "ProcessItem/HandleList/Handle/Name": handleNameTerm("ProcessItem/handle"),
    ...portTerms("PortItem", "PortItem"),
    "PortItem/process": textTerm("PortItem", "process:name"),
    "PortItem/path": pathTerm("PortItem", "process:image_ref.x_path"),
    "PortItem/pid": integerTerm("PortItem", "process:pid"),
    "PrefetchItem/ApplicationFileName": textTerm("PrefetchItem", "process:name"),
    "PrefetchItem/ApplicationFullPath": pathTerm("PrefetchItem", "process:image_ref.x_path"),
    "UserItem/Username": userTerm("UserItem", "user-account:"),

    "DnsEntryItem/RecordName": domainTerm("DnsEntryItem"),
    "DnsEntryItem/Host": domainTerm("DnsEntryItem"),
    "DnsEntryItem/RecordData/Host": textTerm(
      "DnsEntryItem",
      "domain-name:resolves_to_refs[*].value",
    ),
    "DnsEntryItem/RecordData/IPv4Address": addressTerm(
      "DnsEntryItem",
      "domain-name:resolves_to_refs[*].value",
    ),
    "DnsEntryItem/RecordData/IPv6Address": addressTerm(
      "DnsEntryItem",
      "domain-name:resolves_to_refs[*].value",
    ),
    "Network/DNS": domainTerm("Network/dns"),
    "Network/URI": urlTerm("Network/uri"),
    "UrlHistoryItem/HostName": domainTerm("UrlHistoryItem"),
    "UrlHistoryItem/URL": urlTerm("UrlHistoryItem"),
    "CookieHistoryItem/HostName": domainTerm("CookieHistoryItem"),

    "RegistryItem/Path": registryPathTerm("RegistryItem", "whole"),
    "RegistryItem/KeyPath": registryPathTerm("RegistryItem", "without-hive"),
    "RegistryItem/Hive": registryPathTerm("RegistryItem", "hive"),
    "RegistryItem/ValueName": textTerm("RegistryItem", "windows-registry-key:values[*].name"),
    "RegistryItem/Value": textTerm("RegistryItem", "windows-registry-key:values[*].data"),
    "RegistryItem/Text": textTerm("RegistryItem", "windows-registry-key:values[*].data"),

    "ServiceItem/name": serviceNameTerm("ServiceItem"),
    "ServiceItem/descriptiveName": serviceValueTerm("ServiceItem", "DisplayName"),
    "ServiceItem/description": serviceValueTerm("ServiceItem", "Description"),
    "ServiceItem/path": serviceValueTerm("ServiceItem", "ImagePath"),
    "ServiceItem/arguments": serviceValueTerm("ServiceItem", "ImagePath"),
    "ServiceItem/startedAs": serviceValueTerm("ServiceItem", "ObjectName"),
    "ServiceItem/serviceDLL": serviceValueTerm("ServiceItem", "ServiceDll"),
  }).map(([search, term]) => [search.toLowerCase(), term]),
);

function fileTerms(document: string, scope: string): Record<string, Term> {
  return {
    [`${document}/FileName`]: fileNameTerm(scope),
    [`${document}/FullPath`]: pathTerm(scope, "file:x_path"),
    [`${document}/FilePath`]: folderTerm(scope),
    [`${document}/Md5sum`]: hashTerm(scope, "MD5"),
    [`${document}/Sha1sum`]: hashTerm(scope, "SHA-1"),
    [`${document}/Sha256sum`]: hashTerm(scope, "SHA-256"),
    ...peTerms(`${document}/PEInfo`, scope),
  };
}

function peTerms(document: string, scope: string): Record<string, Term> {
  const version = `${document}/VersionInfoList/VersionInfoItem`;
  return {
    [`${document}/ImpHash`]: textTerm(scope, "file:extensions.'windows-pebinary-ext'.imphash"),
    [`${document}/DigitalSignature/SignatureExists`]: flagTerm(scope, "file:x_signed", "true"),
    [`${document}/DigitalSignature/SignatureVerified`]: flagTerm(
      scope,
      "file:x_signature_status",
      "Valid",
    ),
    [`${document}/DigitalSignature/CertificateSubject`]: signerTerm(scope),
    [`${version}/OriginalFilename`]: textTerm(scope, "file:x_original_file_name"),
    [`${version}/CompanyName`]: textTerm(scope, "file:x_company"),
    [`${version}/ProductName`]: textTerm(scope, "file:x_product"),
    [`${version}/FileDescription`]: textTerm(scope, "file:x_description"),
    [`${version}/FileVersion`]: textTerm(scope, "file:x_file_version"),
  };
}

function portTerms(document: string, scope: string): Record<string, Term> {
  return {
    [`${document}/remoteIP`]: connectionTerm(scope, "remote", "address"),
    [`${document}/remotePort`]: connectionTerm(scope, "remote", "port"),
    [`${document}/localIP`]: connectionTerm(scope, "local", "address"),
    [`${document}/localPort`]: connectionTerm(scope, "local", "port"),
    [`${document}/protocol`]: textTerm(scope, "network-traffic:protocols[*]"),
  };
}
