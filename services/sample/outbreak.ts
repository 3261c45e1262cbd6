import type { DraftEvent, HostActivity } from "./host-activity.ts";
import { Infection } from "./infection.ts";
import { createRandom } from "./random.ts";
import { demandRansom, encrypt } from "./ransomware.ts";
import type { SampleSettings } from "./sample-event.ts";
import { DAY_MS, HOUR_MS } from "./sample-event.ts";
import { INFECTED_HOSTS } from "./sample-host.ts";
import { dropWorm, scan } from "./worm.ts";

/** Where patient zero was attacked from: the benchmark range stands for the internet. */
const OUTSIDE_ATTACKER = "198.19.77.21";
const MINUTES_AFTER_FIRST = [0, 11, 19, 34];

/** Infects one host from an address; the events are in time order. */
function infect(
  activity: HostActivity,
  seed: number,
  start: number,
  fromIp: string,
): readonly DraftEvent[] {
  const random = createRandom(`${seed}:outbreak:${activity.host.name}`);
  const story = new Infection(activity, random, start);
  const { worm, folder } = dropWorm(story, fromIp);
  story.wait(60_000);
  const main = encrypt(story, folder);
  story.wait(240_000);
  demandRansom(story, main, folder);
  scan(story, worm);
  return story.drafts;
}

/** Plans the outbreak: on the morning of day 2 patient zero is attacked from outside, then infects three others. */
export function planOutbreak(
  activities: readonly HostActivity[],
  settings: SampleSettings,
): ReadonlyMap<HostActivity, readonly DraftEvent[]> {
  const plans = new Map<HostActivity, readonly DraftEvent[]>();
  const start = settings.start + DAY_MS + 9 * HOUR_MS + 47 * 60_000;
  let fromIp = OUTSIDE_ATTACKER;
  for (const [order, index] of INFECTED_HOSTS.entries()) {
    const activity = activities[index];
    if (activity === undefined) throw new RangeError("the network is too small for the outbreak");
    const at = start + (MINUTES_AFTER_FIRST[order] ?? 0) * 60_000;
    plans.set(activity, infect(activity, settings.seed, at, fromIp));
    if (order === 0) fromIp = activity.host.ip;
  }
  return plans;
}
