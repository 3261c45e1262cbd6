/** What the types of MISP's attributes mean in a Sysmon event (MISP core format, types of attributes). */
import { quote, textTest } from "../terms/condition.ts";
import { all, any, type Comparisons } from "../terms/expression.ts";
import {
  fileNameTerm,
  folderTerm,
  pathTerm,
  registryPathTerm,
  serviceNameTerm,
  serviceValueTerm,
} from "../terms/path-term.ts";
import { textTerm, type Undecidable, userTerm } from "../terms/term.ts";
import {
  address,
  addressAt,
  byTerm,
  digests,
  domain,
  is,
  isMeaningless,
  type Meaning,
  type ReadValue,
  url,
  wrong,
} from "../terms/values.ts";

const SCOPE = "misp";
const DATA = "windows-registry-key:values[*].data";

/** An address with a port: one end of a connection has both. */
function endpointOf(parts: readonly string[]): Meaning | Undecidable {
  const [host = "", port = ""] = parts;
  if (!/^\d{1,5}$/.test(port)) return wrong(`${JSON.stringify(port)} is no port`);
  const ends: Comparisons[] = [];
  for (const end of ["dst", "src"]) {
    const test = addressAt(`network-traffic:${end}_ref.value`, host);
    if (isMeaningless(test)) return test;
    const path = `network-traffic:${end}_port`;
    const literal = String(Number(port));
    ends.push(all([test.expression, { path, operator: "=", literal, negated: false }]));
  }
  return { expression: any(ends) };
}

/** Takes a value with `|` in it apart; the digest or what follows stands behind the last one. */
function composite(read: (parts: readonly string[]) => Meaning | Undecidable): ReadValue {
  return (value) => {
    const at = value.lastIndexOf("|");
    return at < 0
      ? wrong("it has no |")
      : read([value.slice(0, at).trim(), value.slice(at + 1).trim()]);
  };
}

/** A name and a digest: the digest says it all, whatever the file is called. */
function named(type: string): ReadValue {
  const read = digests[type] ?? (() => wrong(""));
  return composite(([, value = ""]) => read(value));
}

/** A pipe as Windows names it, `\\.\pipe\name`, or by its name alone. */
function pipe(value: string): Meaning | Undecidable {
  const name = value.replace(/^.*\\pipe\\/i, "").replace(/^\\/, "");
  const test = textTest("x-windows-pipe:name", is(name));
  return test === undefined ? wrong("it has no name") : { expression: test };
}

function registryValue([key = "", data = ""]: readonly string[]): Meaning | Undecidable {
  const read = byTerm(registryPathTerm(SCOPE, "whole"))(key);
  if (isMeaningless(read) || data === "") return read;
  const test = { path: DATA, operator: "=", literal: quote(data), negated: false } as const;
  return { expression: all([read.expression, test]) };
}

/** Any of both: who publishes them for detection means either. */
function domainAndAddress([name = "", host = ""]: readonly string[]): Meaning | Undecidable {
  const [one, other] = [domain(name), address(host)];
  if (isMeaningless(one)) return one;
  return isMeaningless(other) ? other : { expression: any([one.expression, other.expression]) };
}

function nameAndPort([name = "", port = ""]: readonly string[]): Meaning | Undecidable {
  const read = domain(name);
  return isMeaningless(read)
    ? read
    : { ...read, lost: `port ${port}: the look-up of a name has none` };
}

const READERS: ReadonlyMap<string, ReadValue> = new Map(
  Object.entries({
    ...digests,
    filename: byTerm(fileNameTerm(SCOPE)),
    "filename|md5": named("md5"),
    "filename|sha1": named("sha1"),
    "filename|sha256": named("sha256"),
    "filename|imphash": named("imphash"),
    "malware-sample": named("md5"),
    "ip-src": address,
    "ip-dst": address,
    "ip-src|port": composite(endpointOf),
    "ip-dst|port": composite(endpointOf),
    domain,
    hostname: domain,
    "domain|ip": composite(domainAndAddress),
    "hostname|port": composite(nameAndPort),
    url,
    uri: url,
    regkey: byTerm(registryPathTerm(SCOPE, "whole")),
    "regkey|value": composite(registryValue),
    "named pipe": pipe,
    "windows-service-name": byTerm(serviceNameTerm(SCOPE)),
    "windows-service-displayname": byTerm(serviceValueTerm(SCOPE, "DisplayName")),
    "target-user": byTerm(userTerm(SCOPE, "user-account:")),
  }),
);

/** What attributes of objects mean whose type alone says too little, by the object's name and theirs. */
const RELATIONS: ReadonlyMap<string, ReadValue> = new Map(
  Object.entries({
    "file/fullpath": byTerm(pathTerm(SCOPE, "file:x_path")),
    "file/path": byTerm(folderTerm(SCOPE)),
    "process/command-line": byTerm(textTerm(SCOPE, "process:command_line")),
    "process/image": byTerm(pathTerm(SCOPE, "process:image_ref.x_path")),
    "process/name": byTerm(textTerm(SCOPE, "process:name")),
  }),
);

/** Finds how the values of an attribute are read; undefined where no Sysmon event shows them. */
export function readerOf(type: string, relation: string | undefined): ReadValue | undefined {
  return (relation === undefined ? undefined : RELATIONS.get(relation)) ?? READERS.get(type);
}

/** Types whose values are rules of other languages. */
export const RULES: ReadonlySet<string> = new Set(["yara", "sigma", "snort", "bro", "zeek", "pattern-in-file", "pattern-in-traffic", "pattern-in-memory", "filename-pattern", "kusto-query"]); // prettier-ignore
