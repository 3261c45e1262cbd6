import { uuidV5 } from "stix2-ts";
import type {
  EntryReport,
  FeedContent,
  FeedIndicator,
} from "../../services/core/ingest/feed-content.ts";
import { patternProblem } from "./checked-pattern.ts";
import { FEED_NAMESPACE } from "./feed-namespace.ts";
import { repairValue, type ValueRepair } from "./repair-value.ts";
import { textTest } from "./terms/condition.ts";
import { any, printComparisons } from "./terms/expression.ts";
import { fileNameTerm, pathTerm } from "./terms/path-term.ts";
import type { Undecidable } from "./terms/term.ts";
import {
  address,
  byTerm,
  digests,
  domain,
  is,
  isMeaningless,
  type Meaning,
  type ReadValue,
  url,
} from "./terms/values.ts";

/** Lines that are looked at to tell a list from another text, and the share of them that must be values. */
const LOOKED_AT = 200;
const SHARE = 0.8;

const HASHES: Readonly<Record<number, string>> = { 32: "md5", 40: "sha1", 64: "sha256" };
const IPV4 =
  /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\/(?:3[0-2]|[12]?\d))?$/;
const IPV6 = /^(?=[^/]*:[^/]*:)[0-9a-f:]+(?:(?:\d{1,3}\.){3}\d{1,3})?(?:\/\d{1,3})?$/i;
const DOMAIN =
  /^(?=.{4,253}$)(?:[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?\.)+(?:xn--[a-z0-9-]+|\p{L}{2,63})\.?$/iu;
const URL = /^[a-z][a-z0-9+.-]{1,20}:\/\/\S+$/i;
/** What would be a name with a dot, but no top level domain is called so. */
const FILE =
  /^[^\\/:*?"<>|]+\.(?:exe|dll|sys|scr|bat|ps1|vbs|vbe|jse|wsf|hta|lnk|msi|jar|docx?|docm|xlsx?|xlsm|pptx?|pdf|rar|tmp|dat|txt|html?)$/i;
const PATH = /^(?:[a-z]:|%\w+%|\\)\\/i;
/** A line of a hosts file: what names are sent to is no indicator. */
const HOSTS = /^(?:0\.0\.0\.0|127\.0\.0\.1|::1?)\s+(\S+)$/;
/** As md5sum and its like write it. */
const SUM = /^([0-9a-f]{32,64})\s+\*?\S/i;
const MOST_LETTERS = 4096;

interface Line {
  readonly number: number;
  /** Without comments. */
  readonly text: string;
}

/** Whether a text is a list of values, one a line: most lines are hashes, addresses, ranges, names or URLs. */
export function isPlainList(text: string): boolean {
  const lines = linesOf(text.slice(0, 1 << 18)).slice(0, LOOKED_AT);
  const values = lines.filter((line) => readerOfValue(valueOf(line.text).value) !== undefined);
  return values.length > 0 && values.length >= lines.length * SHARE;
}

/**
 * Reads a list: a value a line, `#`, `;` and `//` begin comments, lines of hosts files give their names. Values that were made
 * harmless are repaired, and the report says so.
 */
export function readPlainList(text: string): FeedContent {
  const indicators: FeedIndicator[] = [];
  const entries: EntryReport[] = [];
  const taken = new Map<string, string>();
  for (const { number, text: given } of linesOf(text)) {
    const where = `line ${number}`;
    const { value, repairs } = valueOf(given);
    const isRepaired = repairs.length > 0;
    const meaning = readerOfValue(value)?.(value);
    if (meaning === undefined || isMeaningless(meaning)) {
      const shown = JSON.stringify(given.slice(0, 100));
      const reason = `${shown} is no hash, address, range, name, URL or path.`;
      entries.push({ status: "rejected", where, code: "feed/value-unknown", reason });
      continue;
    }
    const pattern = `[${printComparisons(meaning.expression)}]`;
    const id = `indicator--${uuidV5(FEED_NAMESPACE, `list|${pattern}`)}`;
    const same = taken.get(id);
    const problem = patternProblem(pattern);
    if (same !== undefined) {
      const reason = `The same value stands at ${same} already.`;
      entries.push({ status: "ignored", id, where, code: "feed/duplicate-id", reason });
      continue;
    }
    taken.set(id, where);
    if (problem !== undefined) {
      entries.push({ status: "rejected", id, where, code: "feed/pattern-syntax", reason: problem.message }); // prettier-ignore
      continue;
    }
    entries.push({
      status: isRepaired || meaning.lost !== undefined ? "partly" : "accepted",
      id,
      where,
      ...(meaning.lost !== undefined && { code: "feed/partly-visible", lost: [meaning.lost] }),
      ...(isRepaired && {
        code: "feed/value-repaired",
        reason: `${JSON.stringify(given)} was read as ${JSON.stringify(value)}.`,
        repaired: repairs,
      }),
    });
    indicators.push({
      id,
      pattern,
      patternType: "stix",
      revoked: false,
      labels: [],
      markings: [],
      killChain: [],
      context: [],
      original: { format: "list", id: where, text: given },
    });
  }
  return { format: "list", version: "1", indicators, entries, ignored: {} };
}

/** Lines that hold something beside comments. */
function linesOf(text: string): readonly Line[] {
  return text.split(/\r\n|\n|\r/).flatMap((line, i) => {
    // A `#` inside a URL is no comment: one begins a line or stands behind white space.
    const bare = line.replace(/(?:^|\s)(?:#|;|\/\/).*$/, "").trim();
    return bare === "" ? [] : [{ number: i + 1, text: bare.replace(/^"(.*)"$/, "$1") }];
  });
}

/** The value of a line, and how it was repaired. */
function valueOf(line: string): ValueRepair {
  const text = line.slice(0, MOST_LETTERS + 1);
  const written = HOSTS.exec(text)?.[1] ?? SUM.exec(text)?.[1] ?? text;
  return repairValue(written);
}

/** How a value is read; undefined where it is of none of the kinds that a list may have. */
export function readerOfValue(value: string): ReadValue | undefined {
  if (value.length > MOST_LETTERS) return undefined;
  const hash = /^[0-9a-f]+$/i.test(value) ? HASHES[value.length] : undefined;
  if (hash !== undefined) return digests[hash];
  if (IPV4.test(value) || IPV6.test(value)) return address;
  if (URL.test(value)) return url;
  if (PATH.test(value)) return path;
  if (FILE.test(value)) return fileName;
  if (value.startsWith("*.") && DOMAIN.test(value.slice(2))) return below;
  return DOMAIN.test(value) ? domain : undefined;
}

const fileName = byTerm(fileNameTerm("list"));
const path = byTerm(pathTerm("list", "file:x_path"));

/** `*.evil.example`: the name and all names below it. */
function below(value: string): Meaning | Undecidable {
  const name = value.slice(2);
  const self = domain(name);
  const ends = { ...is(value.slice(1)), verb: "ends-with" } as const;
  const under = textTest("domain-name:value", ends);
  return isMeaningless(self) || under === undefined
    ? self
    : { expression: any([self.expression, under]) };
}
