import { writeEcs } from "./layout-ecs.ts";
import { writeFlat } from "./layout-flat.ts";
import { writeRaw } from "./layout-raw.ts";
import { writeWazuh } from "./layout-wazuh.ts";
import { plannedStream } from "./planned-stream.ts";
import type {
  SampleDocument,
  SampleEvent,
  SampleLayout,
  SampleOptions,
  Shipping,
} from "./sample-event.ts";
import { sampleSettings } from "./sample-event.ts";

/** Writes an event in a layout. */
export type LayoutWriter = (event: SampleEvent, shipping: Shipping) => Record<string, unknown>;

const WRITERS: Readonly<Record<SampleLayout, LayoutWriter>> = {
  raw: writeRaw,
  ecs: writeEcs,
  wazuh: writeWazuh,
  flat: writeFlat,
};

/** Streams the sample documents in the order of their arrival; the same options give the same bytes. */
export function* sampleEvents(options?: SampleOptions): Generator<SampleDocument, void, undefined> {
  for (const { id, host, event } of plannedStream(sampleSettings(options))) {
    yield { _id: id, _source: WRITERS[host.layout](event, host) };
  }
}
