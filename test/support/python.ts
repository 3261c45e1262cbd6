/** Tests beside peers that are Python packages. */
import { spawnSync } from "node:child_process";
import { test } from "@jest/globals";

export { askPython, pythonPackages } from "./python-packages.ts";

/** Whether there is a Python with pip to fetch peers with. */
const hasPython = spawnSync("python3", ["-m", "pip", "--version"]).status === 0;

/** A test that needs Python 3 with pip: without it, skipped, and failed in CI. */
export const pythonTest: typeof test | typeof test.skip =
  hasPython || process.env["CI"] !== undefined ? test : test.skip;
