import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";

const bin = path.join(import.meta.dirname, "../../bin/stixsweep.mjs");

test("a role that waits for its engine ends when it is told to", async () => {
  const env = {
    ...process.env,
    ELASTICSEARCH_URL: "http://127.0.0.1:1",
    REDIS_URL: "redis://127.0.0.1:1",
  };
  const child = spawn(process.execPath, [bin, "api"], { env, stdio: "ignore" });
  const ended = once(child, "exit");
  await sleep(4000);
  expect(child.exitCode).toBeNull();
  child.kill("SIGTERM");
  const end = await Promise.race([ended, sleep(5000, undefined, { ref: false })]);
  child.kill("SIGKILL");
  expect(end).toBeDefined();
}, 30_000);
