import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { mappingDoc } from "../../../services/core/schema/mapping-doc.ts";

test("docs/mapping.md is what the tables say (rewrite it with test/tools/write-mapping-doc.ts)", () => {
  const file = join(import.meta.dirname, "../../../docs/mapping.md");
  expect(readFileSync(file, "utf8")).toBe(mappingDoc());
});
