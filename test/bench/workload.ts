/** A deterministic log and indicators for measurements: ordinary Sysmon events of which few meet few indicators. */
import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { createRandom, type Random } from "../../services/sample/random.ts";

/** Values of one kind, as a feed would list them. */
export interface Indicators {
  readonly hashes: readonly string[];
  readonly addresses: readonly string[];
  readonly ranges: readonly string[];
  readonly domains: readonly string[];
  readonly patterns: readonly string[];
}

/** Indicators that this many events in all meet, whatever their number. */
const PLANTED = 40;
const HITS_EACH = 3;

const EVENT_IDS = [
  ...Array<number>(12).fill(1),
  ...Array<number>(19).fill(3),
  ...Array<number>(27).fill(7),
  ...Array<number>(20).fill(11),
  ...Array<number>(12).fill(13),
  ...Array<number>(10).fill(22),
];

/** Malicious digests begin with f, ordinary ones with 0, so nothing hits by accident. */
const badHash = (i: number): string => `f${createRandom(`hash ${i}`).hex(63)}`;
const badAddress = (i: number): string => `203.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
const badRange = (i: number): string => `198.${(i >> 8) & 255}.${i & 255}.0/24`;
const badDomain = (i: number): string => `c2-${i}.bad${i % 977}.example`;

/** Makes indicators: half hashes, a quarter domains, a fifth addresses, 3 % ranges, 2 % composites. */
export function makeIndicators(count: number): Indicators {
  const part = (share: number): readonly number[] =>
    Array.from({ length: Math.round(count * share) }, (_, i) => i);
  const hashes = part(0.5).map(badHash);
  const addresses = part(0.2).map(badAddress);
  const ranges = part(0.03).map(badRange);
  const domains = part(0.25).map(badDomain);
  const composites = part(0.02).map(
    (i) => `[process:name = 'tool-${i}.exe' AND process:command_line LIKE '%--key ${i}-%']`,
  );
  return {
    hashes,
    addresses,
    ranges,
    domains,
    patterns: [
      ...hashes.map((hash) => `[file:hashes.'SHA-256' = '${hash}']`),
      ...addresses.map((address) => `[ipv4-addr:value = '${address}']`),
      ...ranges.map((range) => `[ipv4-addr:value ISSUBSET '${range}']`),
      ...domains.map((domain) => `[domain-name:value = '${domain}']`),
      ...composites,
    ],
  };
}

/** The number of (event, indicator) pairs of kinds a set look-up can find, for logs of at least 2,000 events. */
export const PLANTED_PAIRS = PLANTED * HITS_EACH;

interface Pools {
  readonly images: readonly string[];
  readonly hashes: readonly string[];
  readonly domains: readonly string[];
  readonly addresses: readonly string[];
}

function pools(random: Random): Pools {
  const many = (count: number, make: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => make(i));
  return {
    images: many(400, (i) => `C:\\Program Files\\Vendor ${i % 37}\\Suite\\component-${i}.exe`),
    hashes: many(3000, () => `0${random.hex(63)}`),
    domains: many(2000, (i) => `host${i}.service${i % 91}.example.net`),
    addresses: many(2000, (i) => `10.${i % 200}.${(i * 7) % 250}.${(i * 13) % 250}`),
  };
}

/** The malicious value an early event shows instead of an ordinary one, each kind in turn. */
function planted(i: number): Partial<Record<"hash" | "address" | "domain", string>> {
  const slot = i % 40 === 7 ? Math.floor(i / 40) : PLANTED_PAIRS;
  if (slot >= PLANTED_PAIRS) {
    return {};
  }
  const which = Math.floor(slot / HITS_EACH);
  switch (which % 4) {
    case 0:
      return { hash: badHash(which) };
    case 1:
      return { address: badAddress(which) };
    case 2:
      return { domain: badDomain(which) };
    default:
      return { address: badRange(which % 30).replace("0/24", "9") };
  }
}

function fieldsOf(
  id: number,
  i: number,
  random: Random,
  from: Pools,
): Record<string, string | number> {
  const bad = planted(i);
  const image = random.skewed(from.images);
  const base = {
    UtcTime: new Date(1_700_000_000_000 + i * 800).toISOString().replace("T", " ").slice(0, 23),
    ProcessGuid: `{${random.hex(8)}-${random.hex(4)}-${random.hex(4)}-0000-${random.hex(12)}}`,
    ProcessId: String(random.between(400, 20_000)),
    Image: image,
    User: `CORP\\user${random.between(1, 300)}`,
  };
  const sha256 = bad.hash ?? random.skewed(from.hashes);
  const hashes = `SHA1=${sha256.slice(0, 40)},MD5=${sha256.slice(0, 32)},SHA256=${sha256},IMPHASH=${sha256.slice(8, 40)}`;
  switch (id) {
    case 1:
      return {
        ...base,
        CommandLine: `"${image}" --session ${random.hex(8)} --profile default --level ${random.between(1, 9)}`,
        CurrentDirectory: "C:\\Windows\\system32\\",
        ParentImage: random.skewed(from.images),
        ParentProcessId: "812",
        Product: "Suite® for Business",
        Hashes: hashes,
      };
    case 3:
      return {
        ...base,
        Protocol: "tcp",
        SourceIp: `10.1.${random.between(0, 255)}.${random.between(1, 250)}`,
        SourcePort: String(random.between(49_152, 65_000)),
        DestinationIp: bad.address ?? random.skewed(from.addresses),
        DestinationPort: "443",
        Initiated: "true",
      };
    case 7:
      return { ...base, ImageLoaded: `${image}.dll`, Signed: "true", Hashes: hashes };
    case 11:
      return { ...base, TargetFilename: `C:\\ProgramData\\cache\\${random.hex(12)}.tmp` };
    case 13:
      return {
        ...base,
        TargetObject: `HKLM\\SOFTWARE\\Vendor\\Value${random.between(1, 500)}`,
        Details: `DWORD (0x${random.hex(8)})`,
        EventType: "SetValue",
      };
    default:
      return {
        ...base,
        QueryName: bad.domain ?? random.skewed(from.domains),
        QueryStatus: "0",
        QueryResults: `::ffff:${random.skewed(from.addresses)};`,
      };
  }
}

/** The event id that can show the planted value. */
function idFor(i: number, random: Random): number {
  const bad = planted(i);
  const drawn = random.pick(EVENT_IDS);
  return bad.hash ? 7 : bad.address ? 3 : bad.domain ? 22 : drawn;
}

/** The fields that Beats' Sysmon processors add, by which ECS rules match. */
function ecsOf(fields: Record<string, string | number>): object {
  const { Image, CommandLine, Hashes, DestinationIp, QueryName } = fields;
  const sha256 = /SHA256=([^,]+)/.exec(String(Hashes))?.[1]?.toLowerCase();
  return {
    process: {
      executable: Image,
      command_line: CommandLine,
      ...(sha256 !== undefined && { hash: { sha256 } }),
    },
    ...(DestinationIp !== undefined && { destination: { ip: DestinationIp } }),
    ...(QueryName !== undefined && { dns: { question: { name: QueryName } } }),
  };
}

/** Yields documents as an index has them: fields of Sysmon and of ECS, about 1.2 kB, without the message. */
export function* ecsDocuments(events: number): Generator<string, void> {
  const random = createRandom("bench");
  const from = pools(random);
  for (let i = 0; i < events; i++) {
    const {
      message: _,
      winlog,
      ...rest
    } = JSON.parse(line(i, random, from)) as {
      message: string;
      winlog: { event_data: Record<string, string | number> };
    };
    yield JSON.stringify({ ...rest, winlog, ...ecsOf(winlog.event_data) });
  }
}

/** One winlogbeat document, about 2.4 kB, as a line of JSON. */
function line(i: number, random: Random, from: Pools): string {
  const id = idFor(i, random);
  const fields = fieldsOf(id, i, random, from);
  const time = `${String(fields["UtcTime"]).replace(" ", "T")}Z`;
  const host = `ws-${random.between(1, 300)}.corp.example`;
  const message = Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
  return JSON.stringify({
    "@timestamp": time,
    ecs: { version: "8.0.0" },
    host: {
      name: host,
      hostname: host,
      architecture: "x86_64",
      id: random.hex(32),
      ip: ["10.2.3.4", "fe80::1"],
      mac: ["00-15-5D-01-02-03"],
      os: {
        name: "Windows 10 Enterprise",
        version: "10.0",
        kernel: "10.0.19041.1",
        family: "windows",
      },
    },
    agent: {
      type: "winlogbeat",
      version: "8.11.1",
      ephemeral_id: random.hex(32),
      id: random.hex(32),
    },
    event: { provider: "Microsoft-Windows-Sysmon", code: String(id), created: time, kind: "event" },
    log: { level: "information" },
    message,
    winlog: {
      api: "wineventlog",
      channel: "Microsoft-Windows-Sysmon/Operational",
      computer_name: host,
      event_id: String(id),
      provider_name: "Microsoft-Windows-Sysmon",
      provider_guid: "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}",
      record_id: i + 1,
      version: 5,
      opcode: "Info",
      process: { pid: 2960, thread: { id: 4012 } },
      user: { identifier: "S-1-5-18", name: "SYSTEM", domain: "NT AUTHORITY", type: "User" },
      event_data: fields,
    },
  });
}

/** Writes a log of so many events; returns its size in bytes. */
export async function writeLog(file: string, events: number): Promise<number> {
  const random = createRandom("bench");
  const from = pools(random);
  const out = createWriteStream(file);
  let bytes = 0;
  for (let i = 0; i < events; i++) {
    const text = `${line(i, random, from)}\n`;
    bytes += Buffer.byteLength(text);
    if (!out.write(text)) {
      await once(out, "drain");
    }
  }
  out.end();
  await once(out, "finish");
  return bytes;
}
