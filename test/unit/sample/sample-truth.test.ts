import { describe, expect, test } from "@jest/globals";
import {
  NEAR_ADDRESSES,
  NEAR_DOMAIN,
  NEAR_FILES,
  NEAR_SHA256,
} from "../../../services/sample/decoys.ts";
import type { SampleDocument, SampleOptions } from "../../../services/sample/index.ts";
import { SAMPLE_TRUTH, sampleEvents, sampleTruth } from "../../../services/sample/index.ts";
import type { WannaCryFile } from "../../../services/sample/wannacry.ts";
import * as wannacry from "../../../services/sample/wannacry.ts";
import { eventIdOf, textsOf } from "./document-values.ts";

/** An event as these tests read it: texts in lower case, without the generator's knowledge. */
interface Read {
  readonly id: string;
  readonly texts: readonly (readonly [name: string, text: string])[];
  readonly eventId: number;
}

const read: readonly Read[] = [...sampleEvents()].map(({ _id, _source }: SampleDocument) => ({
  id: _id,
  texts: textsOf(_source),
  eventId: eventIdOf(_source),
}));

const PATHS = /(?:image|imageloaded|targetfilename|executable|file\.path|dll\.path)$/;
const LINES = /(?:commandline|command_line)$/;

const some = (event: Read, name: RegExp, is: (text: string) => boolean): boolean =>
  event.texts.some(([field, text]) => name.test(field) && is(text));
const named = (event: Read, names: readonly string[]): boolean =>
  some(event, PATHS, (text) => names.includes(text.slice(text.lastIndexOf("\\") + 1)));
const hashed = (file: WannaCryFile) => (event: Read) =>
  some(event, /hash/, (text) => text.toLowerCase().includes(file.sha256));

const deletesShadows = (event: Read): boolean =>
  some(event, LINES, (text) => /vssadmin.*delete.*shadows/.test(text));
const target = (event: Read, is: (text: string) => boolean): boolean =>
  some(event, /(?:targetobject|registry\.path)$/, is);
const keyUpToValue = (event: Read, text: string): string =>
  event.eventId === 13 ? text.slice(0, text.lastIndexOf("\\")) : text;

/** What each indicator says, checked on the documents alone. */
const CHECKS: Readonly<Record<string, (event: Read) => boolean>> = {
  "hash-mssecsvc": hashed(wannacry.MSSECSVC),
  "hash-tasksche": hashed(wannacry.TASKSCHE),
  "hash-decryptor": hashed(wannacry.DECRYPTOR),
  "hash-taskdl": hashed(wannacry.TASKDL),
  "hash-taskse": hashed(wannacry.TASKSE),
  "kill-switch": (event) => some(event, /./, (text) => text === wannacry.KILL_SWITCH),
  "file-names": (event) => named(event, wannacry.WANNACRY_FILE_NAMES),
  "wncry-files": (event) => some(event, PATHS, (text) => text.endsWith(".WNCRY")),
  "shadow-copies": deletesShadows,
  "run-key": (event) =>
    target(event, (text) => keyUpToValue(event, text).endsWith("CurrentVersion\\Run")) &&
    some(event, /details$/, (text) => text.includes("tasksche.exe")),
  "wanacrypt0r-key": (event) =>
    target(event, (text) => keyUpToValue(event, text).endsWith("\\WanaCrypt0r")),
  "tasksche-install": (event) =>
    named(event, ["tasksche.exe"]) && some(event, LINES, (text) => text.endsWith(" /i")),
  "tor-range": (event) => some(event, /ip$/, (text) => text.startsWith("203.0.113.")),
  "ransom-note": (event) => named(event, [wannacry.RANSOM_NOTE]),
  "icacls-name": (event) => named(event, ["icacls.exe"]),
};

const truth = new Map(sampleTruth().map((entry) => [entry.key, entry]));

describe("what the sample indicators hit", () => {
  test.each(Object.keys(CHECKS))("%s: the planted events and no others", (key) => {
    const found = read.filter((event) => CHECKS[key]?.(event)).map(({ id }) => id);
    expect(found.length).toBeGreaterThan(0);
    expect(found).toEqual(truth.get(key)?.events);
  });

  test("the OpenIOC document: everything that one of its items meets", () => {
    const { "hash-mssecsvc": a, "file-names": b, "kill-switch": c } = CHECKS;
    const found = read.filter(
      (event) =>
        a?.(event) ||
        b?.(event) ||
        c?.(event) ||
        (event.eventId === 1 &&
          named(event, ["vssadmin.exe"]) &&
          some(event, LINES, (text) => text === "vssadmin delete shadows /all /quiet")),
    );
    expect(found.map(({ id }) => id)).toEqual(truth.get("openioc")?.events);
  });

  test("the sequence: dropper and shadow copies on each of the four hosts", () => {
    const a = truth.get("hash-mssecsvc")?.events ?? [];
    const b = truth.get("shadow-copies")?.events ?? [];
    expect(new Set(truth.get("sequence")?.events)).toEqual(new Set([...a, ...b]));
    const hosts = new Set(a.map((id) => id.slice(0, id.lastIndexOf("-"))));
    expect(hosts).toEqual(new Set(["fs01", "ws-0101", "ws-0102", "ws-0103"]));
  });

  test("a process carries what its creation met to its other events", () => {
    for (const { events, withProcess } of truth.values()) {
      const all = new Set(withProcess);
      expect(events.filter((id) => !all.has(id))).toEqual([]);
    }
  });

  test.each<{ name: string; options: SampleOptions }>([
    { name: "the defaults", options: {} },
    { name: "another seed", options: { seed: 42 } },
    { name: "the smallest network", options: { hosts: 9, days: 2, scale: 0 } },
    { name: "more activity", options: { hosts: 12, days: 2, scale: 3 } },
    { name: "another year", options: { start: Date.UTC(2026, 0, 5) } },
  ])("the counts hold for $name", ({ options }) => {
    const counted = sampleTruth(options).map(({ id, key, events, withProcess }) => ({
      id,
      key,
      events: events.length,
      withProcess: withProcess.length,
    }));
    expect(counted).toEqual(SAMPLE_TRUTH);
  });
});

describe("look-alikes", () => {
  const planted = [
    ...NEAR_FILES,
    ...NEAR_ADDRESSES,
    NEAR_DOMAIN,
    "vssadmin list shadows",
    "HKLM\\SOFTWARE\\WanaCrypt0r-Vaccine",
  ];
  const hit = new Set([...truth.values()].flatMap(({ events }) => events));

  test.each(planted)("%s is there, and hits nothing", (text) => {
    const events = read.filter(({ texts }) => texts.some(([, value]) => value === text));
    expect(events.length).toBeGreaterThanOrEqual(3);
    for (const { id } of events) expect(hit.has(id)).toBe(false);
  });

  test("a hash that differs in one digit is there", () => {
    const near = (event: Read): boolean =>
      some(event, /hash/, (text) => text.toLowerCase().includes(NEAR_SHA256));
    expect(read.filter(near)).toHaveLength(3);
  });
});
