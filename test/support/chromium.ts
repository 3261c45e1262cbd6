/** A real browser: Debian's Chromium, without the network, on a profile that goes with it. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium, type BrowserContext, type BrowserContextOptions } from "playwright-core";

export const EXECUTABLE = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Whether the browser is there; where it is not, the tests that need it say so. */
export const hasChromium = existsSync(EXECUTABLE);

const ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface Browser extends AsyncDisposable {
  readonly context: BrowserContext;
}

/** Starts the browser; whoever starts it disposes of it. */
export async function startChromium(options: BrowserContextOptions = {}): Promise<Browser> {
  const profile = await mkdtemp(path.join(tmpdir(), "stixsweep-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: EXECUTABLE,
    args: ARGS,
    viewport: { width: 1360, height: 860 },
    locale: "en-US",
    timezoneId: "UTC",
    colorScheme: "light",
    ...options,
  });
  return {
    context,
    [Symbol.asyncDispose]: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
