import type { SampleEvent, Shipping } from "./sample-event.ts";
import { CHANNEL, eventVersion, PROVIDER, PROVIDER_GUID, taskName } from "./sysmon-channel.ts";

/** What Winlogbeat 8 writes around the event data. */
export function winlogbeatRecord(
  event: SampleEvent,
  eventData: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return {
    api: "wineventlog",
    channel: CHANNEL,
    computer_name: event.computer,
    event_data: eventData,
    event_id: String(event.eventId),
    opcode: "Info",
    process: { pid: 3172, thread: { id: 4048 } },
    provider_guid: PROVIDER_GUID,
    provider_name: PROVIDER,
    record_id: event.recordId,
    task: taskName(event.eventId),
    user: { domain: "NT AUTHORITY", identifier: "S-1-5-18", name: "SYSTEM", type: "User" },
    version: eventVersion(event.eventId),
  };
}

/** The agent's own fields. */
export function winlogbeatAgent(shipping: Shipping): Record<string, unknown> {
  return {
    "@metadata": { beat: "winlogbeat", type: "_doc", version: "8.13.4" },
    agent: { name: shipping.collector, type: "winlogbeat", version: "8.13.4" },
    ecs: { version: "8.0.0" },
    host: { name: shipping.collector },
    log: { level: "information" },
  };
}

/** Writes an event as Winlogbeat 8 ships it without its Sysmon module: `winlog.event_data.*` as Sysmon names the fields. */
export function writeRaw(event: SampleEvent, shipping: Shipping): Record<string, unknown> {
  const recorded = new Date(event.time + 3).toISOString();
  return {
    "@timestamp": recorded,
    ...winlogbeatAgent(shipping),
    event: {
      action: taskName(event.eventId),
      code: String(event.eventId),
      created: new Date(event.time + 1_400).toISOString(),
      kind: "event",
      provider: PROVIDER,
    },
    winlog: winlogbeatRecord(event, event.fields),
  };
}
