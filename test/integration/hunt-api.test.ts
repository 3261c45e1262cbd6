/** Hunts through the API, over real HTTP. */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ingestEvents } from "../../services/core/ingest/ingest-events.ts";
import { ApiServer } from "../support/api-server.ts";
import { sampleDocuments } from "../support/role-cluster.ts";

const lines = sampleDocuments(800).map(({ source }, i) => ({ line: i + 1, text: source }));

let api: ApiServer;
beforeEach(async () => {
  api = new ApiServer();
  api.maxBodyBytes = 100_000;
  await ingestEvents(api.events, "log", "log", [lines]);
  await api.listen();
});
afterEach(async () => api.close());

async function search(body: unknown) {
  return api.ask("POST", "/api/v1/events/search", {
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

test("events are searched, page by page, and each is given by its name", async () => {
  const where = { all: [{ field: "EventId", op: "is", value: "1" }, { not: { field: "Image", op: "endsWith", value: "\\svchost.exe" } }] }; // prettier-ignore
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const answer = await search({ where, limit: 7, ...(cursor !== undefined && { cursor }) });
    expect(answer).toMatchObject({ status: 200, body: { complete: true, stoppedBy: null } });
    ids.push(...answer.body.events.map(({ id }: { id: string }) => id));
    expect(answer.body.total).toBeGreaterThanOrEqual(ids.length);
    cursor = answer.body.next ?? undefined;
    if (cursor === undefined) expect(answer.body.total).toBe(ids.length);
  } while (cursor !== undefined);
  expect(new Set(ids).size).toBe(ids.length);
  const one = await api.ask("GET", `/api/v1/events/${ids[0]}`);
  expect(one).toMatchObject({ status: 200, body: { id: ids[0], eventId: 1, eventName: "Process creation" } }); // prettier-ignore
  expect(one.body.document).toBeDefined();
  const [guid = ""] = one.body.fields.ProcessGuid;
  const tree = await api.ask("GET", `/api/v1/process-tree?host=${one.body.host}&process=${encodeURIComponent(guid)}`); // prettier-ignore
  expect(tree).toMatchObject({ status: 200, body: { complete: true } });
});

describe("what is wrong with a hunt is told", () => {
  let deep: object = { field: "Image", op: "exists" };
  for (let i = 0; i < 100; i++) deep = { not: deep };
  const many = { any: Array.from({ length: 26 }, () => ({ any: Array.from({ length: 20 }, () => ({ field: "Image", op: "exists" })) })) }; // prettier-ignore
  test.each([
    { name: "no criteria", body: {} },
    { name: "a field that is none", body: { where: { field: "Imgae", op: "is", value: "x" } } },
    { name: "an operator that is none", body: { where: { field: "Image", op: "like", value: "x" } } }, // prettier-ignore
    { name: "a pattern that is none", body: { where: { pattern: "[process:name = " } } },
    { name: "a pattern over several events", body: { where: { pattern: "[process:name = 'a'] AND [process:name = 'b']" } } }, // prettier-ignore
    {
      name: "a regex that is none",
      body: { where: { field: "Image", op: "matches", value: "(" } },
    },
    { name: "a regex with look-ahead", body: { where: { field: "Image", op: "matches", value: "(?=a)" } } }, // prettier-ignore
    { name: "a range that is none", body: { where: { field: "SourceIp", op: "cidr", value: "ten/8" } } }, // prettier-ignore
    { name: "a number that is none", body: { where: { field: "EventId", op: "lt", value: "three" } } }, // prettier-ignore
    { name: "an operator without value", body: { where: { field: "EventId", op: "is" } } },
    { name: "criteria without end", body: { where: deep } },
    { name: "too many conditions", body: { where: many } },
    {
      name: "a cursor that is none",
      body: { where: { field: "Image", op: "exists" }, cursor: "7" },
    },
  ])("$name", async ({ body }) => {
    expect((await search(body)).status).toBe(400);
  });

  test.each([
    "/api/v1/events/nonsense",
    `/api/v1/events/${Buffer.from("1 nowhere").toString("base64url")}`,
    `/api/v1/events/${Buffer.from("999999 x").toString("base64url")}`,
    "/api/v1/process-tree?host=h&process=none",
  ])("%s is not there", async (path) => {
    expect((await api.ask("GET", path)).status).toBe(404);
  });
});
