import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { RUN_FOLDER, RUN_OWNER } from "./shared-server.ts";

/** Makes the folder of this run; no server is started before a test asks for one. */
export default function globalSetup(): void {
  process.env[RUN_FOLDER] = mkdtempSync(path.join(tmpdir(), "stixsweep-test-"));
  process.env[RUN_OWNER] = `${process.pid}`;
}
