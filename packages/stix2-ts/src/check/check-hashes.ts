import type { Kind } from "../model/kind.ts";
import {
  type CheckContext,
  invalid,
  isDictionary,
  typeSection,
  wrongType,
} from "./check-context.ts";
import { DICTIONARY_KEY, HASHES, HASHES_20 } from "./check-text.ts";
import { shown } from "./report.ts";

/** Checks hashes: their names and what they look like (STIX 2.1 §2.7). */
export function checkHashes(value: unknown, kind: Kind, context: CheckContext): void {
  const { report, version } = context;
  if (!isDictionary(value, kind, context)) return;
  for (const [name, hash] of Object.entries(value)) {
    report.enter(name);
    const form = HASHES.get(name);
    if (name.length < 3 || !DICTIONARY_KEY.test(name)) {
      invalid("stix/dictionary-key", `${shown(name)} is no name of a hash: 3 to 250 of a-z, A-Z, 0-9, - and _.`, kind, context); // prettier-ignore
    } else if (typeof hash !== "string") wrongType(hash, "a hash", kind, context);
    else if (form !== undefined && !form.test(hash)) {
      report.warn("stix/hash-value", typeSection("hashes", context), `${shown(hash)} is no ${name}.`); // prettier-ignore
    } else if (form === undefined && !(version === "2.0" && HASHES_20.has(name))) {
      report.warn("stix/hash-name", typeSection("hashes", context), `${shown(name)} is not in hash-algorithm-ov.`); // prettier-ignore
    }
    report.leave();
  }
}
