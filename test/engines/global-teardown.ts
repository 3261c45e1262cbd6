import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { stopIn } from "./engine.ts";
import { RUN_FOLDER } from "./shared-server.ts";

/** Stops every server that the run's tests started. */
export default async function globalTeardown(): Promise<void> {
  const folder = process.env[RUN_FOLDER];
  if (folder === undefined) {
    return;
  }
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      await stopIn(path.join(folder, entry.name));
    }
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
