import type { SampleEvent, Shipping } from "./sample-event.ts";
import { CHANNEL, eventVersion, PROVIDER, PROVIDER_GUID } from "./sysmon-channel.ts";

/** Wazuh escapes values once more than JSON needs: every backslash is doubled, every quote gets one. */
function escapeAgain(value: string): string {
  return value.replace(/["\\]/g, "\\$&");
}

/** Writes an event as Wazuh archives it: `data.win.eventdata.*` with a lower first letter; what Sysmon leaves empty is absent. */
export function writeWazuh(event: SampleEvent, shipping: Shipping): Record<string, unknown> {
  const { eventId, computer, recordId, time, fields } = event;
  const eventdata: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === "-" || value === "") continue;
    const text = /guid$/i.test(name) ? value.toLowerCase() : value;
    eventdata[name.charAt(0).toLowerCase() + name.slice(1)] = escapeAgain(text);
  }
  const recorded = new Date(time + 3).toISOString();
  return {
    timestamp: recorded.replace("Z", "+0000"),
    agent: { id: "014", ip: shipping.ip, name: computer.slice(0, computer.indexOf(".")) },
    manager: { name: "wazuh01" },
    id: `${Math.floor(time / 1000)}.${recordId}`,
    decoder: { name: "windows_eventchannel" },
    data: {
      win: {
        eventdata,
        system: {
          channel: CHANNEL,
          computer,
          eventID: String(eventId),
          eventRecordID: String(recordId),
          keywords: "0x8000000000000000",
          level: "4",
          opcode: "0",
          processID: "3172",
          providerGuid: PROVIDER_GUID.toLowerCase(),
          providerName: PROVIDER,
          severityValue: "INFORMATION",
          systemTime: recorded.replace("Z", "4100Z"),
          task: String(eventId),
          threadID: "4048",
          version: String(eventVersion(eventId)),
        },
      },
    },
    location: "EventChannel",
  };
}
