/** What the words for types in CSV files mean. */
import type { CsvLayout, ValueKind } from "../../../services/core/feeds/csv-layout.ts";
import { readerOf } from "../misp/attribute-types.ts";
import { readerOfValue } from "../plain-list.ts";
import { fileNameTerm, pathTerm, registryPathTerm } from "../terms/path-term.ts";
import { textTerm } from "../terms/term.ts";
import { address, byTerm, digests, domain, type ReadValue, url, wrong } from "../terms/values.ts";

const SCOPE = "csv";

/** Told by the value: whichever kind it looks like. */
const any: ReadValue = (value) =>
  readerOfValue(value)?.(value) ?? wrong("it is no hash, address, range, name, URL or path");

const unseen: ReadValue = () => wrong("no Sysmon event shows it");
const misp = (type: string): ReadValue => readerOf(type, undefined) ?? unseen;

/** `192.0.2.1:443`, and `[2001:db8::1]:443`. */
const endpoint: ReadValue = (value) => {
  const [, host = "", port = ""] = /^\[?([^\]|]+?)\]?[:|](\d{1,5})$/.exec(value) ?? [];
  return port === "" ? address(value) : misp("ip-dst|port")(`${host}|${port}`);
};

/** A host's name; feeds write addresses in that column too. */
const host: ReadValue = (value) =>
  /^[\d.]+$|:/.test(value) ? endpoint(value) : domain(value.replace(/\.$/, ""));

const READERS: Readonly<Record<ValueKind, ReadValue>> = {
  md5: digests["md5"] ?? unseen,
  sha1: digests["sha1"] ?? unseen,
  sha256: digests["sha256"] ?? unseen,
  imphash: digests["imphash"] ?? unseen,
  ip: address,
  "ip:port": endpoint,
  cidr: address,
  domain: host,
  hostname: host,
  url,
  filename: byTerm(fileNameTerm(SCOPE)),
  path: byTerm(pathTerm(SCOPE, "file:x_path")),
  "registry-key": byTerm(registryPathTerm(SCOPE, "whole")),
  "command-line": byTerm(textTerm(SCOPE, "process:command_line")),
  "process-name": byTerm(textTerm(SCOPE, "process:name")),
  pipe: misp("named pipe"),
  any,
};

/** Words of well-known feeds, without signs and in lower case. */
const WORDS: Readonly<Record<string, ValueKind>> = {
  md5: "md5",
  md5hash: "md5",
  filehashmd5: "md5",
  hashmd5: "md5",
  sha1: "sha1",
  sha1hash: "sha1",
  filehashsha1: "sha1",
  hashsha1: "sha1",
  sha256: "sha256",
  sha256hash: "sha256",
  filehashsha256: "sha256",
  hashsha256: "sha256",
  imphash: "imphash",
  filehashimphash: "imphash",
  ip: "ip",
  ipv4: "ip",
  ipv6: "ip",
  ipaddress: "ip",
  ipaddr: "ip",
  address: "ip",
  ipport: "ip:port",
  cidr: "cidr",
  subnet: "cidr",
  network: "cidr",
  domain: "domain",
  domainname: "domain",
  fqdn: "domain",
  hostname: "hostname",
  host: "hostname",
  url: "url",
  uri: "url",
  link: "url",
  filename: "filename",
  filepath: "path",
  path: "path",
  registrykey: "registry-key",
  registry: "registry-key",
  regkey: "registry-key",
  commandline: "command-line",
  cmdline: "command-line",
  processname: "process-name",
  namedpipe: "pipe",
  pipe: "pipe",
};

/** Kinds in which any sign may be meant. */
const TEXTS: ReadonlySet<ValueKind> = new Set(["filename", "path", "registry-key", "command-line", "process-name", "pipe"]); // prettier-ignore

function kindOf(word: string, layout: CsvLayout): ValueKind | undefined {
  const lower = word.trim().toLowerCase();
  const own = Object.entries(layout.types).find(([name]) => name.toLowerCase() === lower)?.[1];
  const plain = lower.replace(/[^a-z0-9]/g, "");
  return own ?? (Object.hasOwn(WORDS, plain) ? WORDS[plain] : undefined);
}

/** Whether values of a type are names, paths or commands; undefined as a word: what the layout says of all rows. */
export function isTextType(word: string | undefined, layout: CsvLayout): boolean {
  const kind = word === undefined ? layout.type : kindOf(word, layout);
  return kind === undefined ? /^(?:filename|regkey)/i.test(word ?? "") : TEXTS.has(kind);
}

/** Finds how the values of a type are read, by the file's own word for it; undefined where nobody knows the word. */
export function readerOfType(word: string, layout: CsvLayout): ReadValue | undefined {
  const kind = kindOf(word, layout);
  return kind === undefined ? readerOf(word.trim().toLowerCase(), undefined) : READERS[kind];
}

export function readerOfKind(kind: ValueKind): ReadValue {
  return READERS[kind];
}
