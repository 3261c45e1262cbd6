import { expect, test } from "@jest/globals";
import { Redis } from "ioredis";
import { startEngine, startRedis } from "../engines/engine.ts";
import { describeEngines } from "../engines/describe-engines.ts";

async function json(url: string, init?: RequestInit): Promise<Record<string, unknown>> {
  const answer = await fetch(url, init);
  return (await answer.json()) as Record<string, unknown>;
}

describeEngines("an engine", ({ name }) => {
  test("that was killed and started again has what it acknowledged", async () => {
    const engine = await startEngine(name);
    try {
      const put = { method: "PUT", headers: { "content-type": "application/json" } };
      await json(`${engine.url}/kept/_doc/1`, { ...put, body: '{"a":1}' });
      const pid = engine.pid;
      await engine.kill();
      await expect(fetch(engine.url)).rejects.toThrow("fetch failed");
      await engine.restart();
      expect(engine.pid).not.toBe(pid);
      expect(await json(`${engine.url}/kept/_doc/1`)).toMatchObject({ _source: { a: 1 } });
    } finally {
      await engine.stop();
    }
    await expect(fetch(engine.url)).rejects.toThrow("fetch failed");
  }, 300_000);
});

test("a Redis that was killed and started again has what it acknowledged", async () => {
  const server = await startRedis();
  const redis = new Redis(server.url, { retryStrategy: () => 100 });
  redis.on("error", () => undefined);
  try {
    await redis.set("kept", "1");
    // AOF writes to disk once a second.
    await new Promise((done) => setTimeout(done, 1500));
    await server.kill();
    await server.restart();
    expect(await redis.get("kept")).toBe("1");
  } finally {
    redis.disconnect();
    await server.stop();
  }
}, 60_000);
