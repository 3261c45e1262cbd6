import { existsSync } from "node:fs";
import { describe, test } from "@jest/globals";

const folder = process.env["STIXSWEEP_CORPUS"];
const isThere = folder !== undefined && existsSync(folder);
if (process.env["CI"] !== undefined && !isThere) {
  throw new Error("STIXSWEEP_CORPUS must name the corpus folder when CI is set");
}

/** The folder of the shared corpus; "" where there is none. */
export const CORPUS = isThere ? folder : "";

/** A test that needs the corpus; without it, it is skipped and says why. */
export function corpusTest(name: string, body: () => Promise<void> | void): void {
  if (isThere) {
    test(name, body, 600_000);
  } else {
    test.skip(`${name} (STIXSWEEP_CORPUS is not set)`, body);
  }
}

/** Tests that need the corpus, made only where it is; elsewhere one skipped test says why. */
export function describeCorpus(name: string, body: () => void): void {
  if (isThere) {
    describe(name, () => {
      body();
    });
  } else {
    test.skip(`${name} (STIXSWEEP_CORPUS is not set)`, body);
  }
}
