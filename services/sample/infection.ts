import type { DraftEvent, HostActivity } from "./host-activity.ts";
import { baseName, windowsProgram } from "./programs.ts";
import type { Random } from "./random.ts";
import { stableHex } from "./random.ts";
import type { SampleHost } from "./sample-host.ts";
import type { Fields, SampleProcess, VersionInfo } from "./sysmon-fields.ts";
import * as sysmon from "./sysmon-fields.ts";
import type { WannaCryFile } from "./wannacry.ts";

/** A process of the planted story, with the indicators that its values meet. */
export interface PlantedProcess extends SampleProcess {
  /** Met by the name of its image, in every event that names it. */
  readonly nameHits: readonly string[];
  /** Met by its command line, in its own creation and in its children's. */
  readonly lineHits: readonly string[];
  /** Everything that its creation met. */
  readonly createdHits: readonly string[];
}

/** What to start. */
export interface Program {
  readonly image: string;
  readonly commandLine: string;
  readonly info: VersionInfo;
  readonly hashes: string;
  readonly user?: string;
  readonly nameHits?: readonly string[];
  readonly lineHits?: readonly string[];
  /** Met by its hashes, or by several of its values together. */
  readonly createHits?: readonly string[];
}

/** Describes a component of WannaCry; its hashes are the published ones, only the import hash is invented. */
export function component(
  file: WannaCryFile,
  image: string,
  commandLine: string,
  createHits: readonly string[],
): Program {
  const { name, md5, sha256, originalFileName } = file;
  const imphash = stableHex(`imphash:${name}`, 32);
  const hashes = `MD5=${md5},SHA256=${sha256},IMPHASH=${imphash}`.replace(/[a-f0-9]{32,}/g, (hex) =>
    hex.toUpperCase(),
  );
  const product = "Microsoft® Windows® Operating System";
  const made = { product, company: "Microsoft Corporation", originalFileName };
  const info = { ...made, version: "6.1.7601.17514 (win7sp1_rtm.101119-1850)", description: "-" };
  return { image, commandLine, info, hashes, nameHits: ["file-names"], createHits };
}

/** A tool of Windows, as the story calls it. */
export function tool(path: string, commandLine: string, nameHits: readonly string[] = []): Program {
  const image = path.startsWith("C:") ? path : `C:\\Windows\\System32\\${path}`;
  const info = windowsProgram(image, baseName(image), "user", "", []);
  return { image, commandLine, info, hashes: sysmon.inventedHashes(image, info.version), nameHits };
}

function union(...lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())];
}

/** Writes planted events on one host, its clock going forward, and counts while planting. */
export class Infection {
  readonly host: SampleHost;
  readonly random: Random;
  readonly drafts: DraftEvent[] = [];
  readonly #activity: HostActivity;
  now: number;

  constructor(activity: HostActivity, random: Random, start: number) {
    this.host = activity.host;
    this.#activity = activity;
    this.random = random;
    this.now = start;
  }

  /** Moves the clock, by an uneven step of up to the given milliseconds. */
  wait(atMostMs: number): number {
    this.now += this.random.between(Math.ceil(atMostMs / 3), atMostMs);
    return this.now;
  }

  /** A process of Windows that has run since boot. */
  resident(name: string): PlantedProcess {
    return { ...this.#activity.resident(name), nameHits: [], lineHits: [], createdHits: [] };
  }

  /** Starts a program: event 1. */
  start(parent: PlantedProcess, program: Program): PlantedProcess {
    const time = this.wait(400);
    const { nameHits = [], lineHits = [], createHits = [] } = program;
    const user = program.user ?? parent.user;
    const process = this.host.start(program.image, program.commandLine, user, time);
    const parentHits = union(parent.nameHits, parent.lineHits);
    const hits = union(createHits, nameHits, lineHits, parentHits);
    const fields = sysmon.processCreate(process, parent, program.info, program.hashes);
    this.drafts.push({ eventId: 1, time, fields, hits, processHits: hits });
    return { ...process, nameHits, lineHits, createdHits: hits };
  }

  /** Lets a process do something: any event that names its image; `hits` are met by the rest of it. */
  act(
    process: PlantedProcess,
    eventId: number,
    fields: (time: number) => Fields,
    hits: readonly string[] = [],
  ): void {
    const time = this.wait(300);
    const own = union(process.nameHits, hits);
    this.drafts.push({
      eventId,
      time,
      fields: fields(time),
      hits: own,
      processHits: union(own, process.createdHits),
    });
  }

  /** Ends a process: event 5. */
  end(process: PlantedProcess): void {
    this.act(process, 5, (time) => sysmon.processTerminate(process, time));
  }

  /** Loads a program's own image: event 7, which carries the same hashes as its creation. */
  loadSelf(process: PlantedProcess, program: Program, hits: readonly string[]): void {
    const { info, hashes } = program;
    this.act(
      process,
      7,
      (t) => sysmon.imageLoad(process, t, process.image, info, hashes, false),
      hits,
    );
  }

  create(process: PlantedProcess, file: string, hits: readonly string[] = []): void {
    this.act(process, 11, (time) => sysmon.fileCreate(process, time, file), hits);
  }

  connect(
    process: PlantedProcess,
    destinationIp: string,
    destinationPort: number,
    hits: readonly string[] = [],
  ): void {
    const sourceIp = destinationIp.startsWith("127.") ? "127.0.0.1" : this.host.ip;
    const sourcePort = this.random.between(49_152, 65_535);
    const link = { sourceIp, sourcePort, destinationIp, destinationPort };
    this.act(process, 3, (time) => sysmon.networkConnect(process, time, link), hits);
  }
}
