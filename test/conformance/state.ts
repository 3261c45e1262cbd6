import { describe, expect, test } from "@jest/globals";
import type { State } from "../../services/core/ports.ts";
import { ACCESS_CASES } from "./state-access-cases.ts";
import { AXIS_CASES } from "./state-axis-cases.ts";
import { LOG_CASES } from "./state-log-cases.ts";

type ClosedState = State & { readonly close: () => void | Promise<void> };

export interface StateUnderTest {
  readonly name: string;
  /** Opens a state that is empty and shared with nobody. */
  readonly make: () => ClosedState | Promise<ClosedState>;
}

/** The suite every implementation of `State` passes: the core relies on each line of it. */
export function runStateSuite({ name, make }: StateUnderTest): void {
  describe(`state: ${name}`, () => {
    test.each([...AXIS_CASES, ...LOG_CASES, ...ACCESS_CASES])("$name", async ({ run, want }) => {
      const state = await make();
      try {
        expect(await run(state)).toEqual(want);
      } finally {
        await state.close();
      }
    });
  });
}
