import { baseName } from "./programs.ts";

/** Takes fields out of the event data: what ECS renames no longer stands under its Sysmon name. */
export type Take = (name: string) => string | undefined;

type Part = Record<string, unknown>;

/** Drops what has no value, and then empty objects. */
function present(part: Part): Part {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
}

function hashPart(hashes: string | undefined): { hash: Part; imphash: string | undefined } {
  const hash: Part = {};
  let imphash: string | undefined;
  for (const pair of hashes?.split(",") ?? []) {
    const [name = "", value = ""] = pair.split("=");
    if (name === "IMPHASH") imphash = value.toLowerCase();
    else hash[name.toLowerCase()] = value.toLowerCase();
  }
  return { hash, imphash };
}

function pePart(take: Take, imphash: string | undefined): Part {
  return present({
    company: take("Company"),
    description: take("Description"),
    file_version: take("FileVersion"),
    imphash,
    original_file_name: take("OriginalFileName"),
    product: take("Product"),
  });
}

function namedPath(path: string | undefined): Part {
  if (path === undefined) return {};
  return { directory: path.slice(0, path.lastIndexOf("\\")), name: baseName(path), path };
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** `process.*`: the acting process; events 8 and 10 call it the source. */
export function ecsProcess(eventId: number, take: Take): Part {
  const prefix = eventId === 8 || eventId === 10 ? "Source" : "";
  const guid =
    prefix === "" ? take("ProcessGuid") : (take("SourceProcessGUID") ?? take("SourceProcessGuid"));
  if (guid === undefined) return {};
  const executable = take(`${prefix}Image`);
  const own = {
    entity_id: guid,
    executable,
    name: executable === undefined ? undefined : baseName(executable),
    pid: numberOf(take(`${prefix}ProcessId`)),
  };
  const thread = take("SourceThreadId");
  if (eventId !== 1) {
    return { process: present({ ...own, ...(thread && { thread: { id: Number(thread) } }) }) };
  }
  const { hash, imphash } = hashPart(take("Hashes"));
  const parentExecutable = take("ParentImage");
  return {
    process: present({
      ...own,
      command_line: take("CommandLine"),
      hash,
      parent: present({
        command_line: take("ParentCommandLine"),
        entity_id: take("ParentProcessGuid"),
        executable: parentExecutable,
        name: parentExecutable === undefined ? undefined : baseName(parentExecutable),
        pid: numberOf(take("ParentProcessId")),
      }),
      pe: pePart(take, imphash),
      working_directory: take("CurrentDirectory"),
    }),
    related: { hash: Object.values(hash) },
  };
}

/** `file.*` and `dll.*`. */
export function ecsFile(eventId: number, take: Take): Part {
  switch (eventId) {
    case 6:
    case 7: {
      const { hash, imphash } = hashPart(take("Hashes"));
      const named = namedPath(take("ImageLoaded"));
      const signature = present({
        signed: take("Signed") === "true",
        status: take("SignatureStatus"),
        subject_name: take("Signature"),
      });
      const file = { ...named, code_signature: signature, hash };
      const pe = pePart(take, imphash);
      return eventId === 6 ? { file } : { dll: { ...file, pe }, file: { ...file, pe } };
    }
    case 9:
      return { file: { path: take("Device") } };
    case 17:
    case 18:
      return { file: { name: take("PipeName") } };
    case 2:
    case 11:
    case 15:
    case 23:
    case 26: {
      const { hash } = hashPart(take("Hashes") ?? take("Hash"));
      const named = namedPath(take("TargetFilename"));
      return { file: Object.keys(hash).length === 0 ? named : { ...named, hash } };
    }
    default:
      return {};
  }
}

function dnsPart(take: Take): Part {
  const name = take("QueryName") ?? "";
  const status = take("QueryStatus");
  const results = (take("QueryResults") ?? "").split(";").filter((text) => text !== "");
  const answers = results.map((text) => {
    const alias = /^type:\s*5\s+(.*)$/.exec(text)?.[1];
    return alias === undefined
      ? { data: text.replace("::ffff:", ""), type: "A" }
      : { data: alias, type: "CNAME" };
  });
  const labels = name.split(".");
  return {
    dns: {
      ...(answers.length > 0 && { answers }),
      question: {
        name,
        registered_domain: labels.slice(-2).join("."),
        top_level_domain: labels.at(-1),
      },
      resolved_ip: answers.filter(({ type }) => type === "A").map(({ data }) => data),
    },
    network: { protocol: "dns" },
    sysmon: { dns: { status: status === "0" ? "SUCCESS" : "DNS_ERROR_RCODE_NAME_ERROR" } },
  };
}

/** `source.*`, `destination.*`, `network.*` and `dns.*`. */
export function ecsNetwork(eventId: number, take: Take): Part {
  if (eventId === 22) return dnsPart(take);
  if (eventId !== 3) return {};
  take("DestinationIsIpv6");
  return {
    destination: { ip: take("DestinationIp"), port: numberOf(take("DestinationPort")) },
    network: {
      direction: take("Initiated") === "true" ? "egress" : "ingress",
      transport: take("Protocol"),
      type: take("SourceIsIpv6") === "true" ? "ipv6" : "ipv4",
    },
    source: { ip: take("SourceIp"), port: numberOf(take("SourcePort")) },
  };
}

function registryData(details: string): Part {
  const number = /^([DQ]WORD) \((0x[0-9a-fA-F]+)(?:-0x([0-9a-fA-F]+))?\)$/.exec(details);
  if (number === null) {
    return { strings: [details], type: details === "Binary Data" ? "REG_BINARY" : "REG_SZ" };
  }
  const [, word = "", high = "", low = ""] = number;
  return { strings: [BigInt(high + low).toString()], type: `SZ_${word}` };
}

/** `registry.*`; the module leaves TargetObject and Details where they were. */
export function ecsRegistry(eventId: number, fields: Readonly<Record<string, string>>): Part {
  if (eventId !== 12 && eventId !== 13) return {};
  const path = fields["TargetObject"] ?? "";
  const [hive = "", ...key] = path.split("\\");
  const registry: Part = { hive, key: key.join("\\"), path, value: key.at(-1) };
  const details = fields["Details"];
  if (details !== undefined) registry["data"] = registryData(details);
  return { registry };
}
