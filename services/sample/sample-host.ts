import type { Random } from "./random.ts";
import { createRandom, stableHex } from "./random.ts";
import { FAMILY_NAMES, GIVEN_NAMES } from "./ordinary-values.ts";
import type { SampleLayout, SampleSettings, Shipping } from "./sample-event.ts";
import type { SampleProcess } from "./sysmon-fields.ts";

export const DOMAIN = "corp.example";
const SERVERS = ["DC01", "FS01", "APP01", "SQL01", "PRINT01", "MAIL01"];
const ACCOUNTS = {
  system: "NT AUTHORITY\\SYSTEM",
  network: "NT AUTHORITY\\NETWORK SERVICE",
  local: "NT AUTHORITY\\LOCAL SERVICE",
};

/** A computer of the sample network, with the counters its events draw on. */
export interface SampleHost extends Shipping {
  readonly name: string;
  readonly computer: string;
  readonly role: "server" | "workstation";
  /** `CORP\name`. */
  readonly user: string;
  readonly account: string;
  readonly sid: string;
  readonly random: Random;
  /** Creates a process with the next process id and GUID. */
  start(image: string, commandLine: string, user: string, time: number): SampleProcess;
}

/** The account that a program runs under on this host. */
export function accountOf(host: SampleHost, account: keyof typeof ACCOUNTS | "user"): string {
  return account === "user" ? host.user : ACCOUNTS[account];
}

/** Fills a template of `ordinary-values.ts` for a host. */
export function fillTemplate(host: SampleHost, template: string, random: Random): string {
  return template.replace(/%U%|%S%|[#@]/g, (mark) => {
    if (mark === "%U%") return host.account;
    if (mark === "%S%") return host.sid;
    return mark === "#" ? String(random.between(0, 9)) : random.hex(1).toUpperCase();
  });
}

/** Places 2 Wazuh, 2 NXLog and 6 ECS hosts; index 1 is FS01, indexes 6 to 8 are infected workstations. */
function layoutOf(index: number): SampleLayout {
  if (index === 1 || index === 9) return "wazuh";
  if (index === 8 || index === 12) return "flat";
  return index === 7 || (index > 12 && index % 4 === 0) ? "ecs" : "raw";
}

/** Hosts where WannaCry runs, patient zero first: one in each layout. */
export const INFECTED_HOSTS: readonly number[] = [6, 1, 7, 8];

/** Hosts with harmless look-alikes. */
export const DECOY_HOSTS: readonly number[] = [0, 2, 3];

function createHost(index: number, settings: SampleSettings): SampleHost {
  const server = SERVERS[index];
  const name = server ?? `WS-${String(101 + index - SERVERS.length).padStart(4, "0")}`;
  const computer = `${name}.${DOMAIN}`;
  const random = createRandom(`${settings.seed}:host:${name}`);
  const person = index - SERVERS.length;
  const given = GIVEN_NAMES[Math.abs(person) % GIVEN_NAMES.length] ?? "anna";
  const family = FAMILY_NAMES[Math.abs(person) % FAMILY_NAMES.length] ?? "adler";
  const account = server === undefined ? `${given}.${family}` : "adm.server";
  const machine = stableHex(`machine:${name}`, 8).toUpperCase();
  const layout = layoutOf(index);
  let processes = 0;
  return {
    name,
    computer,
    role: server === undefined ? "workstation" : "server",
    layout,
    collector: layout === "raw" && index % 2 === 1 ? `WEC01.${DOMAIN}` : computer,
    ip:
      server === undefined
        ? `10.20.${10 + (index >> 6)}.${20 + (index & 63)}`
        : `10.20.1.${10 + index}`,
    user: `CORP\\${account}`,
    account,
    sid: `S-1-5-21-1004336348-1177238915-682003330-${1100 + index}`,
    random,
    start(image, commandLine, user, time) {
      processes += 1;
      const seconds = Math.floor(time / 1000)
        .toString(16)
        .padStart(8, "0")
        .toUpperCase();
      const count = processes.toString(16).padStart(4, "0").toUpperCase();
      const sequence = `${count.slice(2, 4)}${count.slice(0, 2)}`;
      const guid = `{${machine}-${seconds.slice(4)}-${seconds.slice(0, 4)}-${sequence}-00000000${count.length > 4 ? "02" : "01"}00}`;
      const pid = image === "System" ? 4 : random.between(120, 5200) * 4;
      return { guid, pid, image, commandLine, user, started: time };
    },
  };
}

/** Creates the network: six servers, then workstations. */
export function createHosts(settings: SampleSettings): readonly SampleHost[] {
  return Array.from({ length: settings.hosts }, (_, index) => createHost(index, settings));
}
