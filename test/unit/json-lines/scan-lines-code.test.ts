import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { lineScannerFile } from "../../tools/compile-line-scanner.ts";

test("the code of the line scanner is what its source says (npm run build:scanner writes it)", () => {
  const file = join(
    import.meta.dirname,
    "../../../services/adapters/json-lines/scan-lines-code.ts",
  );
  expect(readFileSync(file, "utf8")).toBe(lineScannerFile());
}, 60_000);
