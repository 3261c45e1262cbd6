// Compiles the line scanner: npm run build:scanner
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { lineScannerFile } from "./compile-line-scanner.ts";

writeFileSync(
  join(import.meta.dirname, "../../services/adapters/json-lines/scan-lines-code.ts"),
  lineScannerFile(),
);
