/** Every change that is made through the API, or to a data folder, is kept with its author. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { routes } from "../../services/api/routes.ts";
import { openApiKeys } from "../../services/runtime/compose.ts";
import { readConfig } from "../../services/runtime/config.ts";
import { FolderKeyDesk } from "../../services/stixsweep/key-desk.ts";
import { alert } from "../conformance/state-records.ts";
import { ApiServer, bearer } from "../support/api-server.ts";

let api: ApiServer;
beforeEach(async () => {
  api = new ApiServer();
  await api.listen();
});
afterEach(async () => api.close());

test("what is asked for, of what, by whom; a refused or failed request is no change", async () => {
  await api.state.alerts.compareAndSet(alert("a"));
  const { token, id } = await api.key(["admin"]);
  const post = async (place: string, body = "") =>
    (await api.ask("POST", `/api/v1/${place}`, { ...bearer(token), body })).status;
  const change = { assignee: "ann", comment: "mine" };
  expect([
    await post("alerts/a/triage", JSON.stringify(change)),
    await post("alerts/none/triage", JSON.stringify(change)),
    await post("alerts/a/triage", "{"),
    (await api.ask("POST", "/api/v1/plan/pause")).status,
    await post("plan/pause"),
    await post("events?source=log", "x".repeat(20)),
    (await api.ask("DELETE", `/api/v1/keys/${id}`, bearer(token))).status,
  ]).toEqual([200, 404, 400, 401, 200, 200, 200]);
  const other = await api.key(["admin"]);
  const { body } = await api.ask("GET", "/api/v1/audit", bearer(other.token));
  const at = "2024-05-01T12:00:00.000Z";
  expect(body.entries).toEqual([
    { at, by: id, action: "DELETE /api/v1/keys/:id", subject: id, detail: {} },
    { at, by: id, action: "POST /api/v1/events", subject: "", detail: { query: { source: "log" }, bytes: 20 } },
    { at, by: id, action: "POST /api/v1/plan/pause", subject: "", detail: {} },
    { at, by: id, action: "POST /api/v1/alerts/:id/triage", subject: "a", detail: { body: change } },
  ]); // prettier-ignore
  const page = await api.ask("GET", "/api/v1/audit?limit=1&action=POST%20/api/v1/plan/pause&since=2024-05-01T12:00:00Z", bearer(other.token)); // prettier-ignore
  expect(page.body).toMatchObject({ entries: [{ action: "POST /api/v1/plan/pause" }], next: null });
});

test("a token that was made is not among what is kept", async () => {
  const body = JSON.stringify({ name: "n", scopes: ["admin"] });
  const { token } = (await api.ask("POST", "/api/v1/keys", { body })).body;
  const entries = await api.state.audit.list({}, 0, 9);
  expect(entries).toMatchObject([{ by: "local", action: "POST /api/v1/keys", detail: { body: { name: "n" } } }]); // prettier-ignore
  expect(JSON.stringify(entries)).not.toContain(String(token).slice(30));
});

test("where it can't be kept, the change is answered, and the log says so", async () => {
  api.state.audit.add = async () => Promise.reject(new Error("the disk is full"));
  expect((await api.ask("POST", "/api/v1/plan/pause")).status).toBe(200);
  expect(api.logged.join("")).toContain("a change could not be kept in the audit log");
});

test("there are no other methods than those that are kept, and GET", () => {
  expect(new Set(routes.map(({ method }) => method))).toEqual(new Set(["get", "post", "delete"]));
});

test("keys that are made and revoked in a data folder are kept too", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "stixsweep-audit-"));
  try {
    const opened = openApiKeys(readConfig({ DATA_DIR: folder }));
    try {
      const desk = new FolderKeyDesk(opened);
      const { id } = await desk.add({ name: "n", scopes: ["read"] });
      await desk.revoke(id);
      expect(await opened.audit.list({}, 0, 9)).toMatchObject([
        { by: "local", action: "keys revoke", subject: id },
        { by: "local", action: "keys add", subject: id, detail: { name: "n", scopes: ["read"] } },
      ]);
    } finally {
      opened.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
