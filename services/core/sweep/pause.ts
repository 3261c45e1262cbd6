import type { Bookmarks } from "../ports.ts";

const NAME = "sweeps-paused";

/** Whether sweeps rest: nothing is planned, and no job that waits is begun. What comes meanwhile is swept later. */
export async function isPaused(bookmarks: Bookmarks): Promise<boolean> {
  return (await bookmarks.get(NAME)) !== 0;
}

export async function setPaused(bookmarks: Bookmarks, paused: boolean): Promise<void> {
  await bookmarks.set(NAME, paused ? 1 : 0);
}
