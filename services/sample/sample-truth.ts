import type { PlannedEvent } from "./planned-stream.ts";
import { plannedStream } from "./planned-stream.ts";
import type { SampleOptions } from "./sample-event.ts";
import { HOUR_MS, sampleSettings } from "./sample-event.ts";
import { SAMPLE_INDICATORS } from "./sample-indicators.ts";
import { SAMPLE_OPEN_IOC_ID, SAMPLE_OPEN_IOC_KEYS } from "./sample-open-ioc.ts";

/** The events that one indicator meets, known because they were planted so; before validity and revocation. */
export interface IndicatorTruth {
  /** STIX id, or the id of the OpenIOC document. */
  readonly id: string;
  readonly key: string;
  /** `_id` of each event whose own fields meet the pattern, in order of arrival. */
  readonly events: readonly string[];
  /** The same, and the other events of each process whose creation (event 1) meets it. */
  readonly withProcess: readonly string[];
}

type Met = (keys: readonly string[]) => boolean;

/** An event that takes part in a sequence. */
interface Step {
  readonly id: string;
  readonly time: number;
  readonly first: boolean;
  readonly second: boolean;
}

/** Ids of the events in a pair `first` FOLLOWEDBY `second` within an hour, on one host. */
function inSequence(steps: readonly Step[]): ReadonlySet<string> {
  const met = new Set<string>();
  for (const a of steps.filter((step) => step.first)) {
    for (const b of steps) {
      if (!b.second || b.time < a.time || b.time - a.time > HOUR_MS) continue;
      met.add(a.id);
      met.add(b.id);
    }
  }
  return met;
}

/** Runs the generator and says what each sample indicator hits. */
export function sampleTruth(options?: SampleOptions): readonly IndicatorTruth[] {
  const wanted: readonly { readonly id: string; readonly key: string; readonly met: Met }[] = [
    ...SAMPLE_INDICATORS.map(({ id, key }) => ({
      id,
      key,
      met: (keys: readonly string[]) => keys.includes(key),
    })),
    {
      id: SAMPLE_OPEN_IOC_ID,
      key: "openioc",
      met: (keys) => SAMPLE_OPEN_IOC_KEYS.some((key) => keys.includes(key)),
    },
  ];
  const planted: PlannedEvent[] = [];
  for (const planned of plannedStream(sampleSettings(options))) {
    if (planned.processHits.length > 0) planted.push(planned);
  }
  const sequence = (hits: "hits" | "processHits"): ReadonlySet<string> => {
    const byHost = Map.groupBy(planted, ({ host }) => host.name);
    const ids = [...byHost.values()].flatMap((events) => {
      const steps = events.map((planned) => ({
        id: planned.id,
        time: planned.event.time,
        first: planned[hits].includes("hash-mssecsvc"),
        second: planned[hits].includes("shadow-copies"),
      }));
      return [...inSequence(steps)];
    });
    return new Set(ids);
  };
  const [own, enriched] = [sequence("hits"), sequence("processHits")];
  return wanted.map(({ id, key, met }) => {
    const isSequence = key === "sequence";
    const chosen = (hits: "hits" | "processHits", inOrder: ReadonlySet<string>): string[] =>
      planted
        .filter((planned) => (isSequence ? inOrder.has(planned.id) : met(planned[hits])))
        .map((planned) => planned.id);
    return { id, key, events: chosen("hits", own), withProcess: chosen("processHits", enriched) };
  });
}

const COUNTS: Readonly<Record<string, readonly [events: number, withProcess: number]>> = {
  "hash-mssecsvc": [16, 392],
  "hash-tasksche": [12, 456],
  "hash-decryptor": [12, 28],
  "hash-taskdl": [4, 20],
  "hash-taskse": [4, 8],
  "kill-switch": [8, 8],
  "file-names": [960, 988],
  "wncry-files": [288, 288],
  "shadow-copies": [24, 48],
  "run-key": [4, 4],
  "wanacrypt0r-key": [8, 8],
  "tasksche-install": [4, 12],
  "tor-range": [24, 24],
  sequence: [40, 80],
  "ransom-note": [12, 12],
  "icacls-name": [14, 14],
  mutex: [0, 0],
  yara: [0, 0],
  openioc: [964, 996],
};

/** How many events an indicator meets: by their own fields, and with what is known of the acting process. */
export interface TruthCount {
  readonly id: string;
  readonly key: string;
  readonly events: number;
  readonly withProcess: number;
}

/** The counts that `sampleTruth` finds; the same for every seed, size and scale, because planted events do not depend on them. */
export const SAMPLE_TRUTH: readonly TruthCount[] = [
  ...SAMPLE_INDICATORS,
  { id: SAMPLE_OPEN_IOC_ID, key: "openioc" },
].map(({ id, key }) => {
  const [events = 0, withProcess = 0] = COUNTS[key] ?? [];
  return { id, key, events, withProcess };
});
