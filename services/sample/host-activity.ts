import type { Program } from "./programs.ts";
import { baseName, EVERYDAY_PROGRAMS, RESIDENT_PROGRAMS } from "./programs.ts";
import { ACCESS_MASKS, DOMAINS, FILES, LIBRARIES, PORTS, REGISTRY } from "./ordinary-values.ts";
import { rareEvent } from "./rare-events.ts";
import { stableHex } from "./random.ts";
import { DAY_MS } from "./sample-event.ts";
import type { SampleHost } from "./sample-host.ts";
import { accountOf, fillTemplate } from "./sample-host.ts";
import type { Fields, SampleProcess, VersionInfo } from "./sysmon-fields.ts";
import * as sysmon from "./sysmon-fields.ts";

/** An event before it has a record id. The hits are keys of `SAMPLE_INDICATORS`; ordinary events have none. */
export interface DraftEvent {
  readonly eventId: number;
  readonly time: number;
  readonly fields: Fields;
  /** What the event's own fields meet. */
  readonly hits?: readonly string[];
  /** What the creation of the acting process met. */
  readonly processHits?: readonly string[];
}

/** Shares of event ids in ten thousand, close to what busy Sysmon logs show. */
const MIX: readonly (readonly [eventId: number, share: number])[] = [
  [7, 3050], [10, 1850], [12, 950], [13, 920], [11, 900], [3, 820], [22, 620], [1, 310], [5, 290],
  [23, 70], [18, 50], [17, 40], [15, 30], [2, 25], [26, 25], [9, 15], [6, 10], [8, 8], [24, 5],
  [25, 4], [4, 2], [19, 2], [20, 2], [21, 2], [255, 2],
]; // prettier-ignore
const MIX_TOTAL = MIX.reduce((sum, [, share]) => sum + share, 0);

const LIBRARY_INFO: Omit<VersionInfo, "originalFileName"> = {
  version: "10.0.19041.3996 (WinBuild.160101.0800)",
  description: "Windows system library",
  product: "Microsoft® Windows® Operating System",
  company: "Microsoft Corporation",
};

/** The invented address a name resolves to: the servers' own, else of the range for benchmarks (RFC 2544). */
export function addressOf(domain: string): string {
  if (domain.endsWith(".corp.example"))
    return `10.20.1.${10 + (parseInt(stableHex(domain, 2), 16) % 6)}`;
  const hex = stableHex(`address:${domain}`, 4);
  return `198.18.${parseInt(hex.slice(0, 2), 16)}.${parseInt(hex.slice(2), 16)}`;
}

/** The ordinary life of one host: resident processes, programs that come and go, and what they do. */
export class HostActivity {
  readonly host: SampleHost;
  readonly #residents: SampleProcess[] = [];
  #running: SampleProcess[] = [];

  constructor(host: SampleHost, start: number) {
    this.host = host;
    const boot = start - host.random.between(1, 18) * DAY_MS - host.random.between(0, DAY_MS);
    for (const program of RESIDENT_PROGRAMS) {
      const later = this.#residents.length * 700;
      for (const line of program.commandLines) {
        const user = accountOf(host, program.account);
        this.#residents.push(host.start(program.image, line, user, boot + later));
      }
    }
  }

  /** Finds a process that has run since boot, by base name. */
  resident(name: string): SampleProcess {
    const found = this.#residents.find((process) => baseName(process.image) === name);
    if (found === undefined) throw new RangeError(`no resident process ${name}`);
    return found;
  }

  /** Creates so many ordinary events of [from, to), in time order. */
  events(from: number, to: number, count: number): DraftEvent[] {
    const { random } = this.host;
    const times = Array.from({ length: count }, () => random.between(from, to - 1));
    times.sort((a, b) => a - b);
    return times.map((time) => this.#event(time));
  }

  #event(time: number): DraftEvent {
    let rest = this.host.random.next() * MIX_TOTAL;
    const eventId = MIX.find(([, share]) => (rest -= share) < 0)?.[0] ?? 7;
    if (eventId === 5 && this.#running.length > 0) return this.#terminate(time);
    if (eventId === 1 || eventId === 5) {
      return this.#running.length > 30 ? this.#terminate(time) : this.#create(time);
    }
    return { eventId, time, fields: this.#fields(eventId, time) };
  }

  #create(time: number): DraftEvent {
    const { host } = this;
    const program: Program = host.random.skewed(EVERYDAY_PROGRAMS);
    const image = fillTemplate(host, program.image, host.random);
    const line = fillTemplate(host, host.random.skewed(program.commandLines), host.random);
    const process = host.start(image, line, accountOf(host, program.account), time);
    const parent =
      this.#running.find((other) => baseName(other.image) === program.parent) ??
      this.#residents.find((other) => baseName(other.image) === program.parent) ??
      this.resident("explorer.exe");
    this.#running.push(process);
    const hashes = sysmon.inventedHashes(program.image, program.version);
    return { eventId: 1, time, fields: sysmon.processCreate(process, parent, program, hashes) };
  }

  #terminate(time: number): DraftEvent {
    const index = this.host.random.between(0, this.#running.length - 1);
    const process = this.#running[index] ?? this.resident("svchost.exe");
    this.#running = this.#running.filter((_, i) => i !== index);
    return { eventId: 5, time, fields: sysmon.processTerminate(process, time) };
  }

  #someProcess(): SampleProcess {
    const { random } = this.host;
    const busy = this.#running.length > 0 && random.next() < 0.6;
    return random.pick(busy ? this.#running : this.#residents.slice(1));
  }

  #fields(eventId: number, time: number): Fields {
    const { host } = this;
    const { random } = host;
    const process = this.#someProcess();
    const fill = (template: string): string => fillTemplate(host, template, random);
    switch (eventId) {
      case 3:
        return sysmon.networkConnect(process, time, this.#connection());
      case 7: {
        const library = random.skewed(LIBRARIES);
        const info = { ...LIBRARY_INFO, originalFileName: baseName(library) };
        const hashes = sysmon.inventedHashes(library, LIBRARY_INFO.version);
        return sysmon.imageLoad(process, time, `C:\\Windows\\System32\\${library}`, info, hashes);
      }
      case 10: {
        const mask = random.skewed(ACCESS_MASKS);
        return sysmon.processAccess(process, this.#someProcess(), time, mask, random);
      }
      case 11:
        return sysmon.fileCreate(process, time, fill(random.skewed(FILES)));
      case 12: {
        const [target] = random.skewed(REGISTRY);
        const type = random.next() < 0.9 ? "CreateKey" : "DeleteValue";
        return sysmon.registryChange(process, time, type, fill(target));
      }
      case 13: {
        const [target, details] = random.skewed(REGISTRY);
        return sysmon.registryChange(process, time, "SetValue", fill(target), fill(details));
      }
      case 22: {
        const name = random.skewed(DOMAINS);
        const alias = name.startsWith("cdn") ? "type:  5 edge.cdn.example;" : "";
        const unanswered = name.startsWith("wpad.");
        const results = unanswered ? undefined : `${alias}::ffff:${addressOf(name)};`;
        return sysmon.dnsQuery(process, time, name, results);
      }
      case 23:
      case 26:
        return sysmon.fileDelete(process, time, fill(random.skewed(FILES)), eventId === 23);
      default: {
        const file = fill(random.skewed(FILES));
        const other = this.#someProcess();
        const fields = rareEvent(eventId, time, { process, other, file, random, fill });
        if (fields === undefined) throw new RangeError(`no ordinary event ${eventId}`);
        return fields;
      }
    }
  }

  #connection(): sysmon.Connection {
    const { host } = this;
    const { random } = host;
    const port = random.skewed(PORTS);
    const sourcePort = random.between(49_152, 65_535);
    const protocol = port === 53 ? "udp" : "tcp";
    if (host.role === "server" && random.next() < 0.5) {
      const sourceIp = `10.20.10.${random.between(26, 55)}`;
      const link = { sourceIp, sourcePort, destinationIp: host.ip, destinationPort: port };
      return { ...link, protocol, initiated: false };
    }
    const inside = port !== 443 && port !== 80;
    const outsideIp =
      random.next() < 0.06 ? `2001:db8:20::${random.hex(3)}` : addressOf(random.skewed(DOMAINS));
    const destinationIp = inside ? `10.20.1.${random.between(10, 15)}` : outsideIp;
    const sourceIp = destinationIp.includes(":") ? `2001:db8:10::${host.sid.slice(-4)}` : host.ip;
    return { sourceIp, sourcePort, destinationIp, destinationPort: port, protocol };
  }
}
