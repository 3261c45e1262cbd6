#!/usr/bin/env node
// Starts the command line on the Node that comes with the project, with the flags that it needs.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const isNewEnough = Number(process.versions.node.split(".")[0]) >= 24;
const node = isNewEnough
  ? process.execPath
  : path.join(
      path.dirname(createRequire(import.meta.url).resolve("node/package.json")),
      "bin",
      "node",
    );
const child = spawn(
  node,
  [
    "--conditions=@stix2-ts/source",
    "--disable-warning=ExperimentalWarning",
    path.join(root, "services", "stixsweep", "main.ts"),
    ...process.argv.slice(2),
  ],
  { stdio: "inherit" },
);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`stixsweep: ${node}: ${error.message}`);
  process.exitCode = 2;
});
child.on("exit", (code, signal) => {
  process.exitCode = code ?? (signal === null ? 2 : 128);
});
