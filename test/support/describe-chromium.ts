import { describe, test } from "@jest/globals";
import { EXECUTABLE, hasChromium } from "./chromium.ts";

/** Tests that need a real browser; elsewhere than in CI one skipped test says how to get it. */
export function describeChromium(name: string, body: () => void): void {
  if (hasChromium || process.env["CI"] !== undefined) {
    describe(name, () => {
      body();
    });
  } else {
    test.skip(`${name} (no ${EXECUTABLE}: apt-get install chromium, or name another in CHROMIUM)`, body); // prettier-ignore
  }
}
