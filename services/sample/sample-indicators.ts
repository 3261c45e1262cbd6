import { stableUuid } from "./random.ts";
import type { WannaCryFile } from "./wannacry.ts";
import * as wannacry from "./wannacry.ts";

/** An indicator of the sample bundle, before STIX wraps it. */
export interface SampleIndicator {
  /** Names the indicator in the generator's counts. */
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly pattern: string;
  readonly patternType: "stix" | "yara";
  readonly confidence: number;
  readonly validUntil?: string;
  readonly revoked?: true;
}

type Given = Pick<SampleIndicator, "key" | "name" | "description" | "pattern"> &
  Partial<Pick<SampleIndicator, "patternType" | "confidence" | "validUntil" | "revoked">>;

function indicator(given: Given): SampleIndicator {
  const id = `indicator--${stableUuid(`indicator:${given.key}`)}`;
  return { patternType: "stix", confidence: 85, ...given, id };
}

/** Writes a text as a STIX pattern string: backslash and quote are escaped. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

function fileHash(key: string, file: WannaCryFile, what: string): SampleIndicator {
  return indicator({
    key,
    name: `WannaCry ${file.name}`,
    description: `${what}, by its MD5 or SHA-256.`,
    pattern: `[file:hashes.MD5 = '${file.md5}' OR file:hashes.'SHA-256' = '${file.sha256}']`,
    confidence: 95,
  });
}

const DELETES_SHADOWS = "process:command_line LIKE '%vssadmin%delete%shadows%'";
const RUN_KEY = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run";

const YARA = `rule wannacry_strings {
  strings:
    $switch = "${wannacry.KILL_SWITCH}"
    $note = "${wannacry.RANSOM_NOTE}" wide ascii
  condition:
    uint16(0) == 0x5a4d and any of them
}`;

/** Every indicator of the bundle, one for each outcome that a report can show. */
export const SAMPLE_INDICATORS: readonly SampleIndicator[] = [
  fileHash("hash-mssecsvc", wannacry.MSSECSVC, "The dropper and worm"),
  fileHash("hash-tasksche", wannacry.TASKSCHE, "The ransomware"),
  fileHash("hash-decryptor", wannacry.DECRYPTOR, "The window that asks for the ransom"),
  fileHash("hash-taskdl", wannacry.TASKDL, "The tool that removes temporary files"),
  fileHash("hash-taskse", wannacry.TASKSE, "The tool that shows the window in every session"),
  indicator({
    key: "kill-switch",
    name: "WannaCry kill-switch domain",
    description: "The worm stops where this name answers.",
    pattern: `[domain-name:value = '${wannacry.KILL_SWITCH}']`,
    confidence: 95,
  }),
  indicator({
    key: "file-names",
    name: "WannaCry file names",
    description: "Names under which the components run.",
    pattern: `[file:name IN (${wannacry.WANNACRY_FILE_NAMES.map(quoted).join(", ")})]`,
    confidence: 70,
  }),
  indicator({
    key: "wncry-files",
    name: "Files encrypted by WannaCry",
    description: "Encrypted files get the extension .WNCRY.",
    pattern: "[file:name LIKE '%.WNCRY']",
  }),
  indicator({
    key: "shadow-copies",
    name: "Deletion of shadow copies",
    description: "vssadmin deletes every shadow copy, so that nothing can be restored.",
    pattern: `[${DELETES_SHADOWS}]`,
    confidence: 75,
  }),
  indicator({
    key: "run-key",
    name: "WannaCry Run key",
    description: "tasksche.exe starts again at the next logon.",
    pattern: `[windows-registry-key:key = ${quoted(RUN_KEY)} AND windows-registry-key:values[*].data LIKE '%tasksche.exe%']`,
  }),
  indicator({
    key: "wanacrypt0r-key",
    name: "WanaCrypt0r registry key",
    description: "Where the ransomware notes its working directory.",
    pattern: `[windows-registry-key:key LIKE ${quoted("%\\WanaCrypt0r")}]`,
  }),
  indicator({
    key: "tasksche-install",
    name: "tasksche.exe installs itself",
    description: "Two comparisons on one process: its name and its argument.",
    pattern: "[process:image_ref.name = 'tasksche.exe' AND process:command_line LIKE '% /i']",
    confidence: 90,
  }),
  indicator({
    key: "tor-range",
    name: "Tor relays of the sample",
    description: "A documentation range that stands for the relays WannaCry talks to.",
    pattern: `[ipv4-addr:value ISSUBSET '${wannacry.TOR_RANGE}']`,
    confidence: 60,
  }),
  indicator({
    key: "sequence",
    name: "WannaCry dropper, then deletion of shadow copies",
    description: "Two observations in this order within an hour.",
    pattern: `([file:hashes.'SHA-256' = '${wannacry.MSSECSVC.sha256}'] FOLLOWEDBY [${DELETES_SHADOWS}]) WITHIN 3600 SECONDS`,
    confidence: 95,
  }),
  indicator({
    key: "ransom-note",
    name: "WannaCry ransom note (no longer valid)",
    description: "Its validity ended with the year of the outbreak.",
    pattern: `[file:name = '${wannacry.RANSOM_NOTE}']`,
    validUntil: "2018-01-01T00:00:00.000Z",
  }),
  indicator({
    key: "icacls-name",
    name: "icacls.exe (revoked)",
    description: "WannaCry calls it, and so do administrators: withdrawn as a false positive.",
    pattern: "[file:name = 'icacls.exe']",
    confidence: 10,
    revoked: true,
  }),
  indicator({
    key: "mutex",
    name: "WannaCry mutex",
    description: "No Sysmon event names a mutex: this one can be imported and never be met.",
    pattern: "[mutex:name = 'Global\\\\MsWinZonesCacheCounterMutexA']",
  }),
  indicator({
    key: "yara",
    name: "WannaCry strings (YARA)",
    description: "A pattern for files, not for events.",
    pattern: YARA,
    patternType: "yara",
  }),
];
