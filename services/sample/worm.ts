import type { Infection, PlantedProcess } from "./infection.ts";
import { component } from "./infection.ts";
import * as sysmon from "./sysmon-fields.ts";
import * as wannacry from "./wannacry.ts";

const SERVICES = "HKLM\\System\\CurrentControlSet\\Services";

/** What the dropper leaves behind. */
export interface Dropped {
  /** The service that goes on scanning. */
  readonly worm: PlantedProcess;
  /** Name of the hidden folder under `C:\\ProgramData`. */
  readonly folder: string;
}

/** The worm: dropped by SMB, asks for the kill switch, becomes a service, writes the ransomware. */
export function dropWorm(story: Infection, fromIp: string): Dropped {
  const system = story.resident("System");
  const destinationIp = story.host.ip;
  const link = {
    sourceIp: fromIp,
    sourcePort: story.random.between(49_152, 65_535),
    destinationIp,
  };
  const inbound = { ...link, destinationPort: 445, initiated: false };
  story.act(system, 3, (time) => sysmon.networkConnect(system, time, inbound));
  const lsass = story.resident("lsass.exe");
  story.create(lsass, "C:\\Windows\\mssecsvc.exe", ["file-names"]);

  const path = "C:\\Windows\\mssecsvc.exe";
  const runWorm = (parent: PlantedProcess, commandLine: string): PlantedProcess => {
    const program = component(wannacry.MSSECSVC, path, commandLine, ["hash-mssecsvc"]);
    const process = story.start(parent, program);
    story.loadSelf(process, program, ["hash-mssecsvc"]);
    const ask = (time: number): sysmon.Fields =>
      sysmon.dnsQuery(process, time, wannacry.KILL_SWITCH, undefined);
    story.act(process, 22, ask, ["kill-switch"]);
    return process;
  };
  const dropper = runWorm(lsass, "C:\\WINDOWS\\mssecsvc.exe");
  const services = story.resident("services.exe");
  const command = "C:\\WINDOWS\\mssecsvc.exe -m security";
  for (const [value, details] of [
    ["ImagePath", command],
    ["Start", "DWORD (0x00000002)"],
  ] as const) {
    const target = `${SERVICES}\\mssecsvc2.0\\${value}`;
    story.act(services, 13, (t) => sysmon.registryChange(services, t, "SetValue", target, details));
  }
  const worm = runWorm(services, command);
  story.create(dropper, "C:\\Windows\\tasksche.exe", ["file-names"]);
  const install = "C:\\WINDOWS\\tasksche.exe /i";
  const hits = ["hash-tasksche", "tasksche-install"];
  const installer = story.start(
    dropper,
    component(wannacry.TASKSCHE, "C:\\Windows\\tasksche.exe", install, hits),
  );
  story.end(dropper);
  return { worm, folder: installRansomware(story, installer) };
}

/** The installer copies itself to a hidden folder with a random name and registers a service of that name. */
function installRansomware(story: Infection, installer: PlantedProcess): string {
  const letters = Array.from({ length: 12 }, () =>
    String.fromCharCode(story.random.between(97, 122)),
  );
  const name = `${letters.join("")}${story.random.between(100, 999)}`;
  story.create(installer, `C:\\ProgramData\\${name}\\tasksche.exe`, ["file-names"]);
  const services = story.resident("services.exe");
  const command = `cmd.exe /c "C:\\ProgramData\\${name}\\tasksche.exe"`;
  const target = `${SERVICES}\\${name}\\ImagePath`;
  story.act(services, 13, (t) => sysmon.registryChange(services, t, "SetValue", target, command));
  story.end(installer);
  return name;
}

/** The worm looks for more computers: inside the network and at random outside. */
export function scan(story: Infection, worm: PlantedProcess): void {
  for (let i = 0; i < 90; i++) {
    story.wait(45_000);
    const outside = `198.19.${story.random.between(0, 255)}.${story.random.between(1, 254)}`;
    const inside = `10.20.${i % 2 === 0 ? 1 : 10}.${story.random.between(10, 99)}`;
    story.connect(worm, i % 3 === 0 ? inside : outside, 445);
  }
}
