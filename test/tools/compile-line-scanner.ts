import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const SOURCE = "services/adapters/json-lines/assembly/scan-lines.ts";

/** Compiles the line scanner from its AssemblyScript; gives the text of the file that holds the code. */
export function lineScannerFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "stixsweep-scanner-"));
  try {
    const out = join(folder, "scan-lines.wasm");
    const compiler = join(root, "node_modules/assemblyscript/bin/asc.js");
    const options = "-O3 --noAssert --runtime stub --enable simd --disable bulk-memory".split(" ");
    const memory = ["--initialMemory", "160", "--maximumMemory", "160"];
    execFileSync(process.execPath, [compiler, SOURCE, ...options, ...memory, "--outFile", out], {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const lines =
      readFileSync(out)
        .toString("base64")
        .match(/.{1,96}/g) ?? [];
    return [
      "// Generated from assembly/scan-lines.ts by `npm run build:scanner`; do not edit.",
      "",
      "/** A WebAssembly module, in base64. */",
      "export const scanLinesCode =",
      `${lines.map((line) => `  "${line}"`).join(" +\n")};`,
      "",
    ].join("\n");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
