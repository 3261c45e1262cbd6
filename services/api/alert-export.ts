/** All alerts that a filter lets through, as a file: read page by page, so that it may be long. */
import { stringify } from "csv-stringify/sync";
import { z } from "zod";
import type { AlertFilter, AlertRecord } from "../core/records.ts";
import { stixId } from "../core/stix-report/stix-objects.ts";
import { sightingObjects } from "./alert-sightings.ts";
import { alertFilter, describeAlerts, toAlertFilter, type AlertAnswer } from "./alerts.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { Endpoint } from "./endpoint.ts";
import { readQuery, word } from "./query.ts";

const PAGE = 500;

const exportQuery = z.strictObject({
  ...alertFilter,
  format: word("ndjson", "csv", "stix").optional(),
});

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

interface Frame {
  readonly head: (deps: ApiDeps) => string;
  /** What comes before the first page that is not empty, and between two such. */
  readonly first: string;
  readonly between: string;
  readonly tail: (isEmpty: boolean) => string;
}

const NO_FRAME: Frame = { head: () => "", first: "", between: "", tail: () => "" };

interface Format {
  readonly type: string;
  readonly ending: string;
  /** What stands around the pages, where they are not all there is. */
  readonly frame?: Partial<Frame>;
  /** Makes the writer of one export. */
  readonly writer: (deps: ApiDeps) => (alerts: readonly AlertRecord[]) => Promise<string>;
}

const FORMATS: Readonly<Record<"ndjson" | "csv" | "stix", Format>> = {
  ndjson: {
    type: "application/x-ndjson",
    ending: "ndjson",
    writer: (deps) => async (alerts) => {
      const described = await describeAlerts(deps, alerts);
      return described.map((alert) => `${JSON.stringify(alert)}\n`).join("");
    },
  },
  csv: {
    type: "text/csv; charset=utf-8; header=present",
    ending: "csv",
    frame: { head: () => toCsv([Object.keys(COLUMNS)]) },
    writer: (deps) => async (alerts) => {
      const described = await describeAlerts(deps, alerts);
      return toCsv(described.map((alert) => Object.values(COLUMNS).map((cell) => cell(alert))));
    },
  },
  stix: {
    type: "application/stix+json;version=2.1",
    ending: "json",
    frame: {
      head: ({ now }) => `{"type":"bundle","id":"${stixId("bundle", String(now()))}"`,
      // A list of objects that is empty may not be there (STIX 2.1 §8).
      first: ',"objects":[\n',
      between: ",\n",
      tail: (isEmpty) => (isEmpty ? "}\n" : "\n]}\n"),
    },
    writer: (deps) => {
      const told = new Set<string>();
      return async (alerts) => {
        const objects = await sightingObjects(deps, alerts);
        const fresh = objects.filter(({ id }) => !told.has(id) && told.add(id));
        return fresh.map((object) => JSON.stringify(object)).join(",\n");
      };
    },
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
  answers: {
    mediaTypes: ["application/x-ndjson", "text/csv", "application/stix+json;version=2.1"],
  },
  answer: async (deps, request) => {
    const { format = "ndjson", ...given } = readQuery(exportQuery, request.query);
    const { type, ending, frame, writer } = FORMATS[format];
    const { head, first, between, tail } = { ...NO_FRAME, ...frame };
    const pages = written(deps, toAlertFilter(given), writer(deps));
    // The first page is read before anything is sent: what is wrong is then still told as a problem.
    const begun = await pages.next();
    const body = async function* (): AsyncGenerator<string> {
      yield head(deps);
      let isEmpty = true;
      for (let page = begun; page.done !== true; page = await pages.next()) {
        if (page.value === "") continue;
        yield (isEmpty ? first : between) + page.value;
        isEmpty = false;
      }
      yield tail(isEmpty);
    };
    return { status: 200, body: body(), type, filename: `alerts.${ending}` };
  },
};

async function* written(
  deps: ApiDeps,
  filter: AlertFilter,
  write: (alerts: readonly AlertRecord[]) => Promise<string>,
): AsyncGenerator<string, void> {
  for (let after = 0; ;) {
    const page = await deps.state.alerts.list(filter, after, PAGE, true);
    yield await write(page);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.number;
  }
}
