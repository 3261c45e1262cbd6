import type { Take } from "./ecs-parts.ts";
import { ecsFile, ecsNetwork, ecsProcess, ecsRegistry } from "./ecs-parts.ts";
import { winlogbeatAgent, winlogbeatRecord } from "./layout-raw.ts";
import type { SampleEvent, Shipping } from "./sample-event.ts";
import { PROVIDER, taskName } from "./sysmon-channel.ts";

const CATEGORIES: Readonly<Record<number, readonly [category: string, type: string]>> = {
  1: ["process", "start"],
  2: ["file", "change"],
  3: ["network", "connection"],
  5: ["process", "end"],
  6: ["driver", "start"],
  7: ["process", "change"],
  8: ["process", "change"],
  9: ["process", "access"],
  10: ["process", "access"],
  11: ["file", "creation"],
  12: ["registry", "change"],
  13: ["registry", "change"],
  15: ["file", "access"],
  17: ["file", "creation"],
  18: ["file", "access"],
  22: ["network", "connection"],
  23: ["file", "deletion"],
  25: ["process", "change"],
  26: ["file", "deletion"],
};

function userParts(user: string | undefined): Record<string, unknown> {
  if (user === undefined) return {};
  const slash = user.indexOf("\\");
  return { user: { domain: user.slice(0, slash), id: "S-1-5-18", name: user.slice(slash + 1) } };
}

/**
 * Writes an event as Winlogbeat 8 ships it with its Sysmon module: fields renamed to ECS, `@timestamp` is UtcTime, and
 * what has no ECS name stays in `winlog.event_data`.
 */
export function writeEcs(event: SampleEvent, shipping: Shipping): Record<string, unknown> {
  const rest: Record<string, string> = {};
  for (const [name, value] of Object.entries(event.fields)) if (value !== "-") rest[name] = value;
  const take: Take = (name) => {
    const value = rest[name];
    delete rest[name];
    return value;
  };
  take("UtcTime");
  const { eventId } = event;
  const [category, type] = CATEGORIES[eventId] ?? ["host", "info"];
  const parts = {
    ...ecsProcess(eventId, take),
    ...ecsFile(eventId, take),
    ...ecsNetwork(eventId, take),
    ...ecsRegistry(eventId, rest),
    ...userParts(take("User")),
  };
  return {
    "@timestamp": new Date(event.time).toISOString(),
    ...winlogbeatAgent(shipping),
    event: {
      action: taskName(eventId),
      category: [category],
      code: String(eventId),
      created: new Date(event.time + 1_400).toISOString(),
      kind: eventId === 255 ? "error" : "event",
      module: "sysmon",
      provider: PROVIDER,
      type: [type],
    },
    ...parts,
    winlog: winlogbeatRecord(event, rest),
  };
}
