import type { SampleEvent, Shipping } from "./sample-event.ts";
import { utcTime } from "./sample-event.ts";
import { CHANNEL, eventVersion, PROVIDER, PROVIDER_GUID, taskName } from "./sysmon-channel.ts";

/** Writes an event as NXLog does: record and event fields side by side at the top, process GUIDs in lower case. */
export function writeFlat(event: SampleEvent, shipping: Shipping): Record<string, unknown> {
  const fields = Object.fromEntries(
    Object.entries(event.fields).map(([name, value]) => [
      name,
      /guid$/i.test(name) ? value.toLowerCase() : value,
    ]),
  );
  return {
    EventTime: utcTime(event.time + 3).slice(0, 19),
    Hostname: event.computer,
    Keywords: "9223372036854775808",
    SeverityValue: 2,
    Severity: "INFO",
    EventID: event.eventId,
    SourceName: PROVIDER,
    ProviderGuid: PROVIDER_GUID,
    Version: eventVersion(event.eventId),
    TaskValue: event.eventId,
    OpcodeValue: 0,
    RecordNumber: event.recordId,
    ExecutionProcessID: 3172,
    ExecutionThreadID: 4048,
    Channel: CHANNEL,
    Domain: "NT AUTHORITY",
    AccountName: "SYSTEM",
    UserID: "S-1-5-18",
    AccountType: "User",
    Category: taskName(event.eventId),
    Opcode: "Info",
    ...fields,
    EventReceivedTime: utcTime(event.time + 1_400).slice(0, 19),
    SourceModuleName: "eventlog",
    SourceModuleType: "im_msvistalog",
    host: shipping.ip,
    "@timestamp": new Date(event.time + 3).toISOString(),
  };
}
