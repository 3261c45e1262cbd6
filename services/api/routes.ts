/** Every endpoint with the scope that it needs; to add one, add its line. */
import type { Scope } from "../core/access/scopes.ts";
import { docsEndpoints } from "./api-docs.ts";
import { exportAlerts } from "./alert-export.ts";
import { streamAlerts } from "./alert-stream.ts";
import { getAlert, listAlerts } from "./alerts.ts";
import { listAudit } from "./audit.ts";
import { getCoverage } from "./coverage.ts";
import { listDeadJobs, replayDeadJob, replayDeadJobs } from "./dead-jobs.ts";
import type { Endpoint } from "./endpoint.ts";
import { postEvents } from "./event-intake.ts";
import { deleteFeed, getFeed, listFeeds, postFeed, runFeed } from "./feeds.ts";
import { getHealth, getReadiness } from "./health.ts";
import { getEvent, searchEvents } from "./hunt/events.ts";
import { getProcessTree } from "./hunt/process-tree.ts";
import { getImport, listImports, postImport } from "./imports.ts";
import { listIndicators } from "./indicators.ts";
import { getMetrics } from "./metrics.ts";
import { getPlan, hastenPlan, pausePlan, resumePlan } from "./plan.ts";
import { deleteSuppression, listSuppressions, postSuppression } from "./suppressions.ts";
import { deleteSession, getSession, postSession } from "./session.ts";
import { triageMany, triageOne } from "./triage.ts";
import {
  deleteWebhook,
  listWebhooks,
  postWebhook,
  replayWebhook,
  testWebhook,
} from "./webhooks.ts";
import { listWarningLists } from "./warning-lists.ts";
import { deleteKey, listKeys, postKey } from "./keys.ts";

/** An endpoint and who may ask it; "open" means everybody, without a key. */
export interface Route extends Endpoint {
  readonly scope: Scope | "open";
}

const table: readonly (readonly [scope: Route["scope"], endpoint: Endpoint])[] = [
  ["read", listAlerts],
  ["read", exportAlerts],
  ["read", streamAlerts],
  ["triage", triageMany],
  ["read", getAlert],
  ["triage", triageOne],
  ["read", listSuppressions],
  ["triage", postSuppression],
  ["triage", deleteSuppression],
  ["read", listWarningLists],
  ["read", listIndicators],
  ["read", listFeeds],
  ["admin", postFeed],
  ["read", getFeed],
  ["admin", deleteFeed],
  ["feeds", runFeed],
  ["admin", listWebhooks],
  ["admin", postWebhook],
  ["admin", deleteWebhook],
  ["admin", testWebhook],
  ["admin", replayWebhook],
  ["read", listImports],
  ["feeds", postImport],
  ["read", getImport],
  ["feeds", postEvents],
  ["read", searchEvents],
  ["read", getEvent],
  ["read", getProcessTree],
  ["read", getCoverage],
  ["admin", listAudit],
  ["admin", listKeys],
  ["admin", postKey],
  ["admin", deleteKey],
  ["read", getPlan],
  ["feeds", hastenPlan],
  ["admin", pausePlan],
  ["admin", resumePlan],
  ["admin", listDeadJobs],
  ["admin", replayDeadJobs],
  ["admin", replayDeadJob],
  ["read", postSession],
  ["read", getSession],
  ["read", deleteSession],
  ["read", getMetrics],
  ["open", getHealth],
  ["open", getReadiness],
];

export const routes: readonly Route[] = [
  ...table.map(([scope, endpoint]): Route => ({ ...endpoint, scope })),
  ...docsEndpoints(() => routes).map((endpoint): Route => ({ ...endpoint, scope: "open" })),
];

/** What a role without the API answers. */
export const healthRoutes: readonly Route[] = [getHealth, getReadiness].map((endpoint) => ({
  ...endpoint,
  scope: "open",
}));
