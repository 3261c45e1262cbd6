/** All alerts that a filter lets through, as a file: read page by page, so that it may be long. */
import { stringify } from "csv-stringify/sync";
import { z } from "zod";
import type { AlertFilter } from "../core/records.ts";
import { alertFilter, describeAlerts, toAlertFilter, type AlertAnswer } from "./alerts.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { Endpoint } from "./endpoint.ts";
import { readQuery, word } from "./query.ts";

const PAGE = 500;

const exportQuery = z.strictObject({ ...alertFilter, format: word("ndjson", "csv").optional() });

/** What a spreadsheet shows of an alert; evidence and history are in NDJSON alone. */
const COLUMNS: Readonly<Record<string, (alert: AlertAnswer) => string | number | null>> = {
  id: ({ id }) => id,
  status: ({ status }) => status,
  resolution: ({ resolution }) => resolution,
  assignee: ({ assignee }) => assignee,
  tags: ({ tags }) => tags.join(" "),
  severity: ({ severity }) => severity,
  host: ({ host }) => host,
  value: ({ value }) => value,
  count: ({ count }) => count,
  firstSeen: ({ firstSeen }) => firstSeen,
  lastSeen: ({ lastSeen }) => lastSeen,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
  pattern: ({ pattern }) => pattern,
  indicators: ({ indicators }) => indicators.map(({ id }) => id).join(" "),
};

interface Format {
  readonly type: string;
  readonly head: string;
  readonly write: (alerts: readonly AlertAnswer[]) => string;
}

const FORMATS: Readonly<Record<"ndjson" | "csv", Format>> = {
  ndjson: {
    type: "application/x-ndjson",
    head: "",
    write: (alerts) => alerts.map((alert) => `${JSON.stringify(alert)}\n`).join(""),
  },
  csv: {
    type: "text/csv; charset=utf-8; header=present",
    head: toCsv([Object.keys(COLUMNS)]),
    write: (alerts) =>
      toCsv(alerts.map((alert) => Object.values(COLUMNS).map((cell) => cell(alert)))),
  },
};

/** RFC 4180. A value that a spreadsheet would take for a formula gets an apostrophe before it. */
function toCsv(rows: readonly (readonly (string | number | null)[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    {
      escape_formulas: true,
      record_delimiter: "windows",
    },
  );
}

/** The newest first; what comes while it is read is not in it. */
export const exportAlerts: Endpoint = {
  method: "get",
  path: "/api/v1/alerts/export",
  summary: "Gives all alerts of a filter as a file, the newest first.",
  query: exportQuery,
  status: 200,
  answers: { mediaTypes: ["application/x-ndjson", "text/csv"] },
  answer: async (deps, request) => {
    const { format = "ndjson", ...given } = readQuery(exportQuery, request.query);
    const { type, head, write } = FORMATS[format];
    const pages = readPages(deps, toAlertFilter(given));
    // The first page is read before anything is sent: what is wrong is then still told as a problem.
    const first = await pages.next();
    const body = async function* (): AsyncGenerator<string> {
      yield head;
      if (first.done !== true) yield write(first.value);
      for await (const page of pages) yield write(page);
    };
    return { status: 200, body: body(), type, filename: `alerts.${format}` };
  },
};

async function* readPages(
  deps: ApiDeps,
  filter: AlertFilter,
): AsyncGenerator<readonly AlertAnswer[], void> {
  for (let after = 0; ;) {
    const page = await deps.state.alerts.list(filter, after, PAGE, true);
    yield await describeAlerts(deps, page);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.number;
  }
}
