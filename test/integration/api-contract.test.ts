/**
 * Requests made from the description of the API, against the embedded service with its sample: no failure of the server, no
 * answer that is not described, no request taken that is not, and none refused that is.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { pythonPackages, runPython } from "../support/python-packages.ts";
import { until } from "../support/role-cluster.ts";
import { start } from "../support/stixsweep-process.ts";

const PACKAGES = [
  "anyio==4.16.0", "certifi==2026.10.19.post1", "charset-normalizer==3.5.3", "click==8.5.1", "graphql-core==3.3.2",
  "harfile==0.6.0", "hypothesis==6.170.17", "hypothesis-graphql==0.13.5", "idna==3.20", "iniconfig==2.3.1",
  "jsonschema_rs==0.60.3", "markdown-it-py==4.3.0", "MarkupSafe==3.0.4", "mdurl==0.1.2", "packaging==26.4",
  "pluggy==1.7.0", "Pygments==2.21.0", "pyrate-limiter==4.5.1", "pytest==9.2.0", "PyYAML==6.0.4", "requests==2.34.2",
  "rich==15.0.0", "schemathesis==4.32.5", "sortedcontainers==2.4.0", "typing_extensions==4.16.0", "urllib3==2.8.0",
  "Werkzeug==3.1.9",
]; // prettier-ignore

/** Given by the settings, so that none of the requests can revoke it: from then on none would be answered. */
const TOKEN = `stixsweep_${randomBytes(8).toString("hex")}_${randomBytes(32).toString("hex")}`;

let folder = "";
let server: ReturnType<typeof start>;
let url = "";
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "stixsweep-contract-"));
  server = start(["serve", "--sample"], {
    ADMIN_API_KEY: TOKEN,
    PORT: "0",
    DATA_DIR: path.join(folder, "data"),
    INBOX_DIR: path.join(folder, "inbox"),
    LOG_LEVEL: "error",
  });
  await until(() => {
    url = /http:\/\/127\.0\.0\.1:\d+/.exec(server.out())?.[0] ?? "";
    return url !== "";
  }, 60);
  if (url === "") throw new Error(server.err());
}, 90_000);
afterAll(async () => {
  server.child.kill();
  await server.ended;
  rmSync(folder, { recursive: true });
});

test("schemathesis finds nothing", () => {
  const settings = `
seed = 1
[checks]
# Refused, as it must be, but after so many from one address by 429: test/integration/access-matrix.test.ts has it whole.
ignored_auth.enabled = false
[auth.openapi.bearer]
bearer = "${TOKEN}"
[auth.openapi.key]
api_key = "${TOKEN}"
[[operations]]
# No schema can say that a time is in the future.
include-name = "POST /api/v1/keys"
checks.positive_data_acceptance.enabled = false
[[operations]]
# Nor that only a closed alert has a resolution.
include-name = "POST /api/v1/alerts/{id}/triage"
checks.positive_data_acceptance.enabled = false
[[operations]]
# Nor what a value of each kind is, and times as above.
include-name = "POST /api/v1/suppressions"
checks.positive_data_acceptance.enabled = false
[[operations]]
# Nor what a cron expression is, and which time zones there are.
include-name = "POST /api/v1/feeds"
checks.positive_data_acceptance.enabled = false
[[operations]]
# Nor what a STIX pattern, a regular expression or an address is.
include-name = "POST /api/v1/events/search"
checks.positive_data_acceptance.enabled = false
[[operations]]
# Nor that a text must be JSON.
include-name = "POST /api/v1/webhooks"
checks.positive_data_acceptance.enabled = false
[[operations]]
# It lasts an hour otherwise.
include-name = "GET /api/v1/alerts/stream"
parameters = { seconds = "1" }
checks.negative_data_rejection.enabled = false
[[operations]]
# Headers that nobody knows are passed over (RFC 9110 §5.1); of other operations a body was wrong as well.
include-name = "POST /api/v1/events"
checks.negative_data_rejection.enabled = false
`;
  writeFileSync(path.join(folder, "schemathesis.toml"), settings);
  const packages = pythonPackages("schemathesis-4.32.5", PACKAGES);
  const how = ["--max-examples", "20", "--phases", "coverage,fuzzing", "--generation-database", "none"]; // prettier-ignore
  const command = ["-m", "schemathesis.cli", "run", `${url}/openapi.json`, ...how];
  const { code, out } = runPython(command, packages, folder);
  expect({ code, out: code === 0 ? "" : out }).toEqual({ code: 0, out: "" });
  expect(out).toMatch(/Operations:\s+(\d+) selected \/ \1 total/);
  // Then most of what was sent would have met the gate alone.
  expect(out).not.toMatch(/Rate limited/);
  expect(server.err()).toBe("");
}, 300_000);
