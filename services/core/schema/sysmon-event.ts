import type { Observation } from "stix2-ts";

/** A canonical Sysmon field's value and where it stood in the document. */
export interface FieldValue {
  /** Text as Sysmon writes it; numbers and booleans of JSON become text. */
  readonly value: string;
  /** Dotted name in the document, for instance `winlog.event_data.Image`. */
  readonly name: string;
}

/** One Sysmon event, read from any layout. */
export interface SysmonEvent {
  readonly layout: string;
  readonly eventId: number;
  /** `System.Computer`, lower case; undefined where the document names no host. */
  readonly host: string | undefined;
  readonly channel: string | undefined;
  readonly recordId: string | undefined;
  /** Milliseconds since 1970: UtcTime, else the record's own time. */
  readonly time: number;
  /** Sysmon's own field names (`Image`, `Hashes`, `QueryName`, …); an array in the document gives several values. */
  readonly fields: ReadonlyMap<string, readonly FieldValue[]>;
}

/** An event as cyber-observable objects, each value traceable to the document. */
export interface ObservedEvent {
  readonly event: SysmonEvent;
  readonly observation: Observation;
  /** Document field that gave a value: `object` and `steps` as `Why` names them. */
  readonly fieldOf: (object: string, steps: readonly (string | number)[]) => FieldValue | undefined;
}
