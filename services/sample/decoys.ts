import type { DraftEvent, HostActivity } from "./host-activity.ts";
import { Infection, tool } from "./infection.ts";
import { createRandom } from "./random.ts";
import type { SampleSettings } from "./sample-event.ts";
import { HOUR_MS } from "./sample-event.ts";
import { DECOY_HOSTS } from "./sample-host.ts";
import * as sysmon from "./sysmon-fields.ts";
import { KILL_SWITCH, MSSECSVC } from "./wannacry.ts";

/** The kill-switch domain with its last letter changed. */
export const NEAR_DOMAIN = KILL_SWITCH.replace("wea.com", "web.com");

/** The dropper's SHA-256 with its last digit changed. */
export const NEAR_SHA256 = `${MSSECSVC.sha256.slice(0, -1)}d`;

/** Addresses on both sides of the Tor range. */
export const NEAR_ADDRESSES: readonly string[] = ["203.0.112.254", "203.0.114.1"];

/** File names that only resemble those of WannaCry. */
export const NEAR_FILES: readonly string[] = [
  "C:\\Quarantine\\tasksche.exe.bak",
  "C:\\Quarantine\\mssecsvc.exe.zip",
  "C:\\Users\\Public\\taskdl.exe.config",
  "C:\\IT\\how-to-find.WNCRY.txt",
  "C:\\IT\\notes-WNCRY",
  "C:\\IT\\Please_Read_Me.txt",
];

/** Plants look-alikes that must not hit, and the everyday use of icacls that made its indicator a false one. */
function plant(activity: HostActivity, seed: number, start: number): readonly DraftEvent[] {
  const random = createRandom(`${seed}:decoys:${activity.host.name}`);
  const story = new Infection(activity, random, start);
  const explorer = story.resident("explorer.exe");
  const shell = story.start(
    explorer,
    tool("WindowsPowerShell\\v1.0\\powershell.exe", "powershell.exe"),
  );
  for (const file of NEAR_FILES) story.create(shell, file);
  story.end(story.start(shell, tool("vssadmin.exe", "vssadmin list shadows")));
  story.end(story.start(shell, tool("schtasks.exe", "schtasks /i")));
  story.act(shell, 22, (time) => sysmon.dnsQuery(shell, time, NEAR_DOMAIN, undefined));
  for (const address of NEAR_ADDRESSES) story.connect(shell, address, 443);
  const key = "HKLM\\SOFTWARE\\WanaCrypt0r-Vaccine";
  story.act(shell, 12, (time) => sysmon.registryChange(shell, time, "CreateKey", key));
  const value = `C:\\Tools\\tasksched.exe`;
  const run = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\Scheduler";
  story.act(shell, 13, (time) => sysmon.registryChange(shell, time, "SetValue", run, value));
  const other = tool("C:\\Tools\\scanner.exe", "C:\\Tools\\scanner.exe -v");
  const hashes = other.hashes.replace(/SHA256=[0-9A-F]+/, `SHA256=${NEAR_SHA256.toUpperCase()}`);
  story.end(story.start(shell, { ...other, hashes }));
  const grant = tool("icacls.exe", "icacls D:\\Shares /grant Staff:R", ["icacls-name"]);
  story.end(story.start(shell, grant));
  story.end(shell);
  return story.drafts;
}

/** Plans the look-alikes: on day 1 in the afternoon, on hosts that stay healthy. */
export function planDecoys(
  activities: readonly HostActivity[],
  settings: SampleSettings,
): ReadonlyMap<HostActivity, readonly DraftEvent[]> {
  const plans = new Map<HostActivity, readonly DraftEvent[]>();
  for (const [order, index] of DECOY_HOSTS.entries()) {
    const activity = activities[index];
    if (activity === undefined) continue;
    plans.set(activity, plant(activity, settings.seed, settings.start + (14 + order) * HOUR_MS));
  }
  return plans;
}
