// Writes docs/mapping.md: node --conditions=@stix2-ts/source test/tools/write-mapping-doc.ts
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { mappingDoc } from "../../services/core/schema/mapping-doc.ts";

writeFileSync(join(import.meta.dirname, "../../docs/mapping.md"), mappingDoc());
