import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { foldAlerts } from "../../services/core/alert/fold.ts";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { MOST_REGEXES } from "../../services/core/suppress/entries.ts";
import { WarningLists } from "../../services/core/suppress/warning-lists.ts";
import { indicator, match } from "../conformance/state-records.ts";
import { ApiServer, HOUR, NOON } from "../support/api-server.ts";

let api: ApiServer;

beforeEach(async () => {
  api = new ApiServer();
  await api.listen();
});
afterEach(async () => api.close());

const post = async (body: unknown) =>
  api.ask("POST", "/api/v1/suppressions", { body: JSON.stringify(body) });
const fold = async () => {
  const { state, warningLists } = api;
  await foldAlerts({ state, hash: sha256Hash, regex: re2, now: () => api.now, warningLists: async () => warningLists }); // prettier-ignore
};

test("a suppression is added with reason and author, counts what it holds back, and is lifted", async () => {
  await api.state.indicators.upsert([indicator("i")]);
  const added = await post({
    kind: "value",
    value: "V",
    scope: { feed: "f", host: "h*", from: "1969-01-01T00:00:00Z", until: "2024-01-01T00:00:00Z" },
    reason: " our scanner ",
    expiresAt: "2024-05-01T13:00:00Z",
  });
  const { id } = added.body;
  const want = {
    id,
    kind: "value",
    value: "V",
    scope: {
      feed: "f",
      host: "h*",
      from: "1969-01-01T00:00:00.000Z",
      until: "2024-01-01T00:00:00.000Z",
    },
    reason: "our scanner",
    by: "local",
    at: "2024-05-01T12:00:00.000Z",
    expiresAt: "2024-05-01T13:00:00.000Z",
    state: "standing",
    lifted: null,
    heldBack: 0,
  };
  expect(added).toMatchObject({ status: 201, body: want });
  await api.state.matches.add([match("m1", 1), match("m2", 2, {}, "other")]);
  await fold();
  const listed = await api.ask("GET", "/api/v1/suppressions");
  expect(listed.body).toEqual({ suppressions: [{ ...want, heldBack: 1 }] });
  const alerts = await api.ask("GET", "/api/v1/alerts");
  expect(alerts.body.alerts).toMatchObject([{ count: 1 }]);

  api.now = NOON + HOUR;
  expect((await api.ask("GET", "/api/v1/suppressions?state=expired")).body.suppressions).toHaveLength(1); // prettier-ignore
  const lifted = { by: "local", at: "2024-05-01T13:00:00.000Z" };
  const after = { ...want, state: "lifted", lifted, heldBack: 1 };
  expect((await api.ask("DELETE", `/api/v1/suppressions/${id}`)).body).toEqual(after);
  api.now += HOUR;
  expect((await api.ask("DELETE", `/api/v1/suppressions/${id}`)).body).toEqual(after);
  expect((await api.ask("GET", "/api/v1/suppressions?state=standing")).body.suppressions).toEqual([]); // prettier-ignore
  expect(api.logged.join("")).not.toContain("scanner");
});

test("there is nothing to lift", async () => {
  const answer = await api.ask("DELETE", "/api/v1/suppressions/none");
  expect(answer).toMatchObject({ status: 404, body: { code: "api/not-found" } });
});

const good = { kind: "value", value: "v", reason: "r" };

describe("a suppression is refused, and nothing is kept,", () => {
  test.each([
    ["without a reason", { ...good, reason: undefined }, "reason"],
    ["with an empty reason", { ...good, reason: " \n" }, "reason"],
    ["with an author who is somebody else", { ...good, by: "boss" }, "by"],
    ["of no kind", { ...good, kind: "all" }, "kind"],
    ["without a value", { ...good, value: "" }, "value"],
    ["of no range", { ...good, kind: "cidr", value: "10.0.0.0/33" }, "value"],
    ["of no domain", { ...good, kind: "domain", value: "http://a.example/" }, "value"],
    ["of a regex that is none", { ...good, kind: "regex", value: "(" }, "value"],
    ["of a regex that looks around", { ...good, kind: "regex", value: "(?=a)" }, "value"],
    ["of a regex that is too long", { ...good, kind: "regex", value: "a".repeat(501) }, "value"],
    ["that has expired", { ...good, expiresAt: "2024-05-01T12:00:00Z" }, "expiresAt"],
    ["of a scope that is unknown", { ...good, scope: { sensor: "x" } }, "sensor"],
    ["of no time", { ...good, scope: { from: "2024-02-02T00:00:00Z", until: "2024-02-02T00:00:00Z" } }, "scope.until"], // prettier-ignore
  ])("%s", async (_name, body, parameter) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body.errors)).toContain(parameter);
    expect(await api.state.records.list("suppression")).toEqual([]);
  });
});

test("regexes are few: each is tried on each match", async () => {
  const statuses = new Set<number>();
  for (let n = 0; n < MOST_REGEXES; n++) {
    statuses.add((await post({ ...good, kind: "regex", value: `v${n}` })).status);
  }
  expect([...statuses]).toEqual([201]);
  const refused = await post({ ...good, kind: "regex", value: "one more" });
  expect(refused).toMatchObject({ status: 409, body: { code: "suppression/too-many" } });
  expect((await post(good)).status).toBe(201);
});

test("warning lists are listed with what they do and hold back; measures count both", async () => {
  api.warningLists = new WarningLists(
    [
      { id: "a", name: "A", version: 3, type: "string", sorts: new Set(), entries: ["v", "w"] },
      { id: "b", name: "B", version: 1, type: "cidr", sorts: new Set(["ip"]), entries: ["x"] },
    ],
    { regex: re2, holding: new Set(["a"]) },
  );
  await api.state.indicators.upsert([indicator("i")]);
  await api.state.matches.add([match("m1", 1), match("m2", 2, {}, "other")]);
  await fold();
  const { body } = await api.ask("GET", "/api/v1/warning-lists");
  expect(body).toEqual({
    warningLists: [
      { id: "a", name: "A", version: 3, type: "string", sorts: [], entries: 2, unusable: 0, holds: true, heldBack: 1 }, // prettier-ignore
      { id: "b", name: "B", version: 1, type: "cidr", sorts: ["ip"], entries: 1, unusable: 1, holds: false, heldBack: 0 }, // prettier-ignore
    ],
  });
  // One that only names a value of an alert.
  api.warningLists = new WarningLists(
    [{ id: "c", name: "C", version: 1, type: "string", sorts: new Set(), entries: ["other"] }],
    { regex: re2, holding: new Set() },
  );
  const { alerts } = (await api.ask("GET", "/api/v1/alerts")).body;
  expect(alerts).toMatchObject([{ value: "other", warningLists: ["c"] }]);
  const metrics = await fetch(`${api.url}/metrics`).then(async (answer) => answer.text());
  expect(metrics).toContain("stixsweep_matches_held_back 1\n");
  expect(metrics).toContain("stixsweep_matches_suppressed 0\n");
  expect(metrics).toContain("stixsweep_matches_warning_listed 1\n");
});
