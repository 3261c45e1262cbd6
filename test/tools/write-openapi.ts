/** Writes docs/openapi.json from the route table: `npm run openapi`. */
import { writeFileSync } from "node:fs";
import { describeApi } from "../../services/api/openapi.ts";
import { routes } from "../../services/api/routes.ts";

writeFileSync("docs/openapi.json", `${JSON.stringify(describeApi(routes), undefined, 2)}\n`);
