import { describe, expect, test } from "@jest/globals";
import type { State } from "../../services/core/ports.ts";
import { ACCESS_CASES } from "./state-access-cases.ts";
import { AUDIT_CASES } from "./state-audit-cases.ts";
import { AXIS_CASES } from "./state-axis-cases.ts";
import { LOG_CASES } from "./state-log-cases.ts";
import { RECORD_CASES } from "./state-record-cases.ts";
import { SHARED_CASES } from "./state-shared-cases.ts";

export type ClosableState = State & { readonly close: () => void | Promise<void> };

export interface StateUnderTest {
  readonly name: string;
  /** Opens a state that is empty; `again` opens the same a second time, as another process does. */
  readonly make: () => Promise<Opened> | Opened;
}

export interface Opened {
  readonly state: ClosableState;
  readonly again?: () => Promise<ClosableState> | ClosableState;
}

/** The suite every implementation of `State` passes: the core relies on each line of it. */
export function runStateSuite({ name, make }: StateUnderTest): void {
  describe(`state: ${name}`, () => {
    test.each([...AXIS_CASES, ...LOG_CASES, ...ACCESS_CASES, ...RECORD_CASES, ...AUDIT_CASES])(
      "$name",
      async ({ run, want }) => {
        const { state } = await make();
        try {
          expect(await run(state)).toEqual(want);
        } finally {
          await state.close();
        }
      },
    );

    test.each(SHARED_CASES)("$name", async ({ run, want }) => {
      const { state, again } = await make();
      try {
        const other = await again?.();
        try {
          expect(await run(state, other ?? state)).toEqual(want);
        } finally {
          await other?.close();
        }
      } finally {
        await state.close();
      }
    });
  });
}
