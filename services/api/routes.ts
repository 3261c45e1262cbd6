/** Every endpoint; to add one, add its line. */
import { getAlert, listAlerts } from "./alerts.ts";
import { getCoverage } from "./coverage.ts";
import type { Endpoint } from "./endpoint.ts";
import { postEvents } from "./event-intake.ts";
import { getHealth, getReadiness } from "./health.ts";
import { getImport, listImports, postImport } from "./imports.ts";
import { listIndicators } from "./indicators.ts";

export const routes: readonly Endpoint[] = [
  listAlerts,
  getAlert,
  listIndicators,
  listImports,
  postImport,
  getImport,
  postEvents,
  getCoverage,
  getHealth,
  getReadiness,
];
