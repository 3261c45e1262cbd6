import { normalisePattern, type Pattern } from "stix2-ts";
import type { Hash } from "./ports.ts";
import type { GroupKey, PatternOptions } from "./records.ts";
import { canonicalContent, type SysmonEvent } from "./schema/index.ts";

/** Makes a pattern's key: equal for two texts that mean the same under the same options. */
export function patternKey(pattern: Pattern, options: PatternOptions, hash: Hash): string {
  return hash(JSON.stringify([normalisePattern(pattern), options.mode, options.subdomains]));
}

/**
 * Makes an event's key from what Windows itself says of it, so that the same event in two indices,
 * or shipped twice, is one event. Where the record names no host, channel, record or time, the
 * locator stands in for them.
 */
export function eventKey(event: SysmonEvent, locator: string, hash: Hash): string {
  const { host, channel, recordId, time } = event;
  const whole = host !== undefined && channel !== undefined && recordId !== undefined && time > 0;
  const identity = whole ? [host, channel.toLowerCase(), recordId, time] : ["", locator];
  return hash(JSON.stringify([...identity, event.eventId, canonicalContent(event)]));
}

/** Makes a match's id. */
export function matchId(pattern: string, event: string, hash: Hash): string {
  return hash(`${pattern} ${event}`);
}

/** Makes the id of an event's hit of one operand of a pattern. */
export function operandHitId(pattern: string, event: string, operand: number, hash: Hash): string {
  return hash(`${pattern} ${event} ${operand}`);
}

/** Makes an alert's id: pattern × host × observed value × generation. */
export function alertId(group: GroupKey, generation: number, hash: Hash): string {
  return hash(JSON.stringify([group.patternKey, group.host, group.value, generation]));
}
