/**
 * Old months of alerts go. The engines that tests can start have neither ILM nor ISM (their vendors' modules are not
 * published), so a proxy plays their endpoints as documented; deletion by ourselves is real.
 */
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { connectEngine, type EngineClient } from "../../services/adapters/elasticsearch/client.ts";
import { retainAlerts } from "../../services/adapters/elasticsearch/state/alert-retention.ts";
import { describeEngines } from "../engines/describe-engines.ts";
import { EngineApi } from "../engines/engine-api.ts";
import { startProxy, type EngineProxy } from "../support/engine-proxy.ts";

jest.setTimeout(120_000);

const MONTHS = ["2026.01", "2026.07", "2026.08", "2026.11"];
const now = () => Date.UTC(2026, 10, 25);
const alerts = "retained-alerts";

describeEngines("retention", (engine) => {
  let api: EngineApi;
  let proxy: EngineProxy;
  let client: EngineClient;
  beforeEach(async () => {
    api = new EngineApi(engine.url);
    for (const month of MONTHS) await api.call("PUT", `/${alerts}-${month}`);
    await api.call("PUT", `/${alerts}-other`);
    proxy = await startProxy(engine.url);
    client = connectEngine({ nodes: [proxy.url], deadlineMs: 20_000 });
  });
  afterEach(async () => {
    await client.close();
    await proxy.close();
    await api.removeAll("retained-");
  });

  const left = async () => {
    const found = await api.call("GET", `/_resolve/index/${alerts}-*`);
    return (found["indices"] as { name: string }[]).map(({ name }) =>
      name.slice(alerts.length + 1),
    );
  };
  const retain = async (days: number) => retainAlerts(client, { alerts, days, now });
  const writes = () => proxy.calls.filter((call) => !call.startsWith("GET "));

  test("without lifecycle management, months go when their last day is too old", async () => {
    expect(await retain(400)).toBe("ourselves");
    expect(await left()).toEqual([...MONTHS, "other"]);
    // Of August the last day is 85 days ago.
    expect(await retain(86)).toBe("ourselves");
    expect(await left()).toEqual(["2026.08", "2026.11", "other"]);
    expect(await retain(85)).toBe("ourselves");
    expect(await left()).toEqual(["2026.11", "other"]);
    proxy.calls.length = 0;
    expect(await retain(85)).toBe("ourselves");
    expect(writes()).toEqual([]);
  });

  describe("with ILM", () => {
    let policy: object | undefined;
    let mode = "RUNNING";
    let mayPut = true;
    const named = new Set<string>();
    const settled = new Set<string>();
    beforeEach(() => {
      [policy, mode, mayPut] = [undefined, "RUNNING", true];
      named.clear();
      settled.clear();
      proxy.rule = ({ method, path, body }) => {
        if (path === "/_ilm/status") return { status: 200, body: { operation_mode: mode } };
        if (path === `/_ilm/policy/${alerts}-retention`) {
          if (method === "GET" && policy === undefined) return { status: 404 };
          if (method === "GET") return { status: 200, body: { [`${alerts}-retention`]: policy } };
          if (!mayPut) return { status: 403 };
          policy = JSON.parse(body) as object;
          return { status: 200, body: { acknowledged: true } };
        }
        if (method === "PUT" && path.endsWith("/_settings")) {
          settled.add(body);
          named.add(path.split("/")[1] ?? "");
          return { status: 200, body: { acknowledged: true } };
        }
        if (method === "GET" && path.endsWith("/_settings") && named.size > 0) {
          const settings = { "index.lifecycle.name": `${alerts}-retention` };
          const all = [...named].map((index) => [index, { settings }] as const);
          return { status: 200, body: Object.fromEntries(all) };
        }
        return undefined;
      };
    });

    test("a policy is installed once, the indices are put under it, and nothing is deleted here", async () => {
      expect(await retain(90)).toBe("ilm");
      expect(policy).toEqual({
        policy: {
          phases: {
            hot: { min_age: "0ms", actions: {} },
            delete: { min_age: "121d", actions: { delete: {} } },
          },
        },
      });
      expect(named.size).toBe(5);
      expect([...settled]).toEqual([`{"index.lifecycle.name":"${alerts}-retention"}`]);
      proxy.calls.length = 0;
      expect(await retain(90)).toBe("ilm");
      expect(writes()).toEqual([]);
      expect(await retain(30)).toBe("ilm");
      expect(writes()).toEqual([`PUT /_ilm/policy/${alerts}-retention`]);
      expect(await left()).toEqual([...MONTHS, "other"]);
    });

    test("that is stopped, or not for us, months are deleted here", async () => {
      mayPut = false;
      expect(await retain(90)).toBe("ourselves");
      expect(await left()).toEqual(["2026.08", "2026.11", "other"]);
      mode = "STOPPED";
      expect(await retain(85)).toBe("ourselves");
      expect(await left()).toEqual(["2026.11", "other"]);
    });
  });

  test("with ISM a policy is installed once, and changed where it must", async () => {
    let policy: { readonly policy: object } | undefined;
    let version = 0;
    proxy.rule = ({ method, path, body }) => {
      if (path === "/_plugins/_ism/policies") {
        return { status: 200, body: { policies: [], total_policies: 0 } };
      }
      if (path === `/_plugins/_ism/policies/${alerts}-retention`) {
        if (method === "GET" && policy === undefined) return { status: 404 };
        const numbers = { _seq_no: version, _primary_term: 1 };
        if (method === "GET") return { status: 200, body: { ...numbers, ...policy } };
        policy = JSON.parse(body) as { readonly policy: object };
        version += 1;
        return { status: 200, body: { acknowledged: true } };
      }
      const isManaged = path.startsWith("/_plugins/_ism/");
      return isManaged ? { status: 200, body: { updated_indices: 0, failures: true } } : undefined;
    };
    const add = `POST /_plugins/_ism/add/${alerts}-*`;
    const put = `PUT /_plugins/_ism/policies/${alerts}-retention`;
    expect(await retain(90)).toBe("ism");
    expect(writes()).toEqual([put, add]);
    expect(JSON.stringify(policy)).toContain('"min_index_age":"121d"');
    proxy.calls.length = 0;
    expect(await retain(90)).toBe("ism");
    expect(writes()).toEqual([add]);
    proxy.calls.length = 0;
    expect(await retain(30)).toBe("ism");
    expect(writes()).toEqual([put, add, `POST /_plugins/_ism/change_policy/${alerts}-*`]);
    expect(await left()).toEqual([...MONTHS, "other"]);
  });
});
