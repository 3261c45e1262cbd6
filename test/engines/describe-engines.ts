import { beforeAll, describe, test } from "@jest/globals";
import { ENGINES, engineProblem, type EngineName } from "./engine.ts";
import { sharedEngine } from "./shared-server.ts";

/** `npm test` runs these two; `npm run test:engines` names all five. */
const DEFAULT = "es8 opensearch2";

/** The engines of this run. */
export const runEngines: readonly EngineName[] = ENGINES.filter((name) =>
  (process.env["STIXSWEEP_ENGINES"] ?? DEFAULT).split(/[ ,]+/).includes(name),
);

export interface EngineUnderTest {
  readonly name: EngineName;
  /** The shared engine's address; there once the tests run. */
  readonly url: string;
}

/** Makes the same tests for each engine of this run; one that can't run here is skipped and says why. */
export function describeEngines(
  title: string,
  body: (engine: EngineUnderTest) => void,
  engines: readonly EngineName[] = runEngines,
): void {
  for (const name of engines) {
    const problem = engineProblem(name);
    if (problem !== undefined && process.env["CI"] !== undefined) {
      throw new Error(problem);
    }
    if (problem !== undefined) {
      test.skip(`${title} (${problem})`, () => undefined);
      continue;
    }
    describe(`${title}: ${name}`, () => {
      const engine = { name, url: "" };
      beforeAll(async () => {
        engine.url = await sharedEngine(name);
      }, 300_000);
      body(engine);
    });
  }
}
