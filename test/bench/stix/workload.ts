/** Patterns and observations of the STIX bench: the same at every run, on every machine. */
import type { CyberObservable, Observation } from "stix2-ts";
import { createRandom, stableUuid, type Random } from "../../../services/sample/random.ts";

export type Kind = "equals" | "range" | "LIKE" | "MATCHES" | "composite";

const SHARE = { hash: 45, address: 60, range: 63, domain: 83, url: 85, like: 88, matches: 90 };

/** What the n-th pattern of the mix is: 82 % equalities, 3 % ranges, 5 % LIKE and MATCHES, 10 % composite. */
export function kindOf(i: number): Kind {
  const slot = i % 100;
  if (slot >= SHARE.matches) return "composite";
  if (slot >= SHARE.like) return "MATCHES";
  if (slot >= SHARE.url) return "LIKE";
  return slot >= SHARE.address && slot < SHARE.range ? "range" : "equals";
}

// Malicious digests begin with f, ordinary ones with 0; addresses and names differ too: nothing hits by accident.
const hash = (i: number): string => `f${createRandom(`hash ${i}`).hex(63)}`;
const address = (i: number): string => `203.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
const range = (i: number): string => `198.${(i >> 12) & 255}.${(i >> 4) & 255}.${(i & 15) * 16}/28`;
const domain = (i: number): string => `c2-${i}.bad${i % 977}.example`;
const url = (i: number): string => `https://drop${i}.example/gate-${i}.php`;
const tool = (i: number): string => `tool-${i}.exe`;
const flag = (i: number): string => `--key ${i * 7}-${i}`;
const entry = (i: number): string => `implant-${i}`;

/** The n-th pattern of the mix that one observation decides. */
export function singlePattern(i: number): string {
  const slot = i % 100;
  if (slot < SHARE.hash) return `[file:hashes.'SHA-256' = '${hash(i)}']`;
  if (slot < SHARE.address) return `[ipv4-addr:value = '${address(i)}']`;
  if (slot < SHARE.range) return `[ipv4-addr:value ISSUBSET '${range(i)}']`;
  if (slot < SHARE.domain) return `[domain-name:value = '${domain(i)}']`;
  if (slot < SHARE.url) return `[url:value = '${url(i)}']`;
  if (slot < SHARE.like) return `[process:command_line LIKE '%${flag(i)}%']`;
  if (slot < SHARE.matches)
    return `[process:command_line MATCHES '${tool(i).replace(".", "\\\\.")}.* --key [0-9]+-${i}$']`;
  switch (slot % 5) {
    case 0:
      return `[file:name = '${tool(i)}' AND file:hashes.'SHA-256' != '${hash(i)}']`;
    case 1:
      return `[process:image_ref.name = '${tool(i)}' AND process:command_line LIKE '%${flag(i)}%']`;
    case 2:
      return `[domain-name:value IN ('${domain(i)}', 'www.${domain(i)}')]`;
    case 3:
      return `[ipv4-addr:value = '${address(i)}'] OR [domain-name:value = '${domain(i)}']`;
    default:
      return `[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\\\Software\\\\Run' AND windows-registry-key:values[*].name = '${entry(i)}']`;
  }
}

/** The n-th pattern of the mix for parsers: half of the composite ones then speak of several observations. */
export function anyPattern(i: number): string {
  if (kindOf(i) !== "composite" || i % 2 === 0) return singlePattern(i);
  const [a, b] = [singlePattern(i * 10), singlePattern(i * 10 + 70)];
  return i % 4 === 1
    ? `(${a} FOLLOWEDBY ${b}) WITHIN 300 SECONDS`
    : `(${a} AND ${b}) START t'2024-01-01T00:00:00Z' STOP t'2024-06-01T00:00:00.5Z'`;
}

type Objects = Record<string, CyberObservable>;

/** The pattern that an observation is made to satisfy; -1: none. */
function plantedIn(i: number, patterns: number): number {
  return i % 20 === 3 ? ((i - 3) / 20) % patterns : -1;
}

function processStart(objects: Put, random: Random, bad: number): void {
  const image = bad < 0 ? `component-${random.between(1, 400)}.exe` : tool(bad);
  const digest = kindOf(bad) === "equals" ? hash(bad) : `0${random.hex(63)}`;
  const options =
    bad < 0 ? `--session ${random.hex(8)} --level ${random.between(1, 9)}` : flag(bad);
  const file = objects("file", { name: image, hashes: { "SHA-256": digest } });
  objects("process", {
    pid: random.between(400, 20_000),
    command_line: `"C:\\Program Files\\Vendor ${random.between(1, 37)}\\${image}" ${options}`,
    cwd: "C:\\Windows\\system32\\",
    image_ref: file,
  });
  objects("user-account", { user_id: `S-1-5-21-${random.between(1, 300)}`, account_login: "user" });
}

function connection(objects: Put, random: Random, bad: number): void {
  const source = objects("ipv4-addr", {
    value: `10.1.${random.between(0, 9)}.${random.between(1, 250)}`,
  });
  const ordinary = `10.${random.between(2, 200)}.${random.between(0, 9)}.${random.between(1, 250)}`;
  const malicious =
    kindOf(bad) === "range"
      ? range(bad).replace(/\d+\/28/, (end) => String(Number.parseInt(end, 10) + 9))
      : address(bad);
  const target = objects("ipv4-addr", { value: bad < 0 ? ordinary : malicious });
  objects("network-traffic", {
    src_ref: source,
    dst_ref: target,
    src_port: random.between(49_152, 65_000),
    dst_port: 443,
    protocols: ["tcp"],
  });
}

function lookUp(objects: Put, random: Random, bad: number): void {
  const ordinary = `host${random.between(1, 2000)}.service${random.between(1, 91)}.example.net`;
  objects("domain-name", { value: bad < 0 ? ordinary : domain(bad) });
  objects("ipv4-addr", { value: `10.9.${random.between(0, 9)}.${random.between(1, 250)}` });
}

function download(objects: Put, random: Random, bad: number): void {
  objects("url", { value: bad < 0 ? `https://cdn.example.net/${random.hex(8)}` : url(bad) });
}

function registryWrite(objects: Put, random: Random, bad: number): void {
  const name = bad < 0 ? `value-${random.between(1, 500)}` : entry(bad);
  objects("windows-registry-key", {
    key: "HKEY_LOCAL_MACHINE\\Software\\Run",
    values: [{ name, data: random.hex(8), data_type: "REG_SZ" }],
  });
}

type Put = (type: string, properties: object) => string;
const EVENTS = [
  processStart,
  connection,
  processStart,
  lookUp,
  connection,
  registryWrite,
  processStart,
  download,
] as const;

/** The event that can show a pattern's value. */
function eventFor(pattern: number): (typeof EVENTS)[number] {
  const text = singlePattern(pattern);
  if (text.startsWith("[ipv4")) return connection;
  if (text.startsWith("[domain")) return lookUp;
  if (text.startsWith("[url")) return download;
  return text.startsWith("[windows") ? registryWrite : processStart;
}

/** Observations as a host's log would give them; one in twenty satisfies a pattern, the first ones first. */
export function makeObservations(
  count: number,
  patterns: number,
  seed = "stix bench",
): readonly Observation[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const objects: Objects = {};
    const put: Put = (type, properties) => {
      const id = `${type}--${stableUuid(`${i} ${type} ${Object.keys(objects).length}`)}`;
      objects[id] = { type, ...properties };
      return id;
    };
    const bad = plantedIn(i, patterns);
    const event = bad < 0 ? (EVENTS[i % EVENTS.length] ?? download) : eventFor(bad);
    event(put, random, bad);
    const at = 1_700_000_000_000 + i * 800;
    return { objects, firstObserved: at, lastObserved: at, numberObserved: 1 };
  });
}
