import { spawnSync } from "node:child_process";
import path from "node:path";

const BUILD = path.join(import.meta.dirname, "../../services/console/build.ts");

/** Builds the console where it is not built; in a process of its own, since Vite does not run in jest's. */
export function buildConsole(): void {
  const args = ["--disable-warning=ExperimentalWarning", BUILD, "--if-changed"];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) {
    throw new Error(`the console was not built: ${stderr}`);
  }
}
