import { describe, expect, test } from "@jest/globals";
import { ServiceError } from "../../../services/core/errors.ts";
import { makeLogger } from "../../../services/runtime/logger.ts";

function makeRecorder(level: Parameters<typeof makeLogger>[0]) {
  const lines: string[] = [];
  return { lines, logger: makeLogger(level, { write: (line) => void lines.push(line) }) };
}

describe("makeLogger", () => {
  test("writes JSON lines from its level on", () => {
    const { lines, logger } = makeRecorder("warn");
    logger.info("quiet");
    logger.warn({ count: 2 }, "loud");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { level: "warn", time: expect.stringMatching(/^\d{4}-.*Z$/), count: 2, msg: "loud" },
    ]);
  });

  test.each([
    { name: "at the top", given: { password: "s3cret" } },
    { name: "in headers", given: { headers: { authorization: "s3cret", cookie: "s3cret" } } },
    { name: "in a key's header", given: { headers: { "x-api-key": "s3cret" } } },
    { name: "among settings", given: { settings: { ADMIN_API_KEY: "s3cret" } } },
    { name: "in a request", given: { req: { headers: { authorization: "s3cret" } } } },
    { name: "on an error", given: { err: Object.assign(new Error("m"), { request: "s3cret" }) } },
    {
      name: "in an error's facts",
      given: { err: new ServiceError("state/made-up", "m", { facts: { value: "s3cret" } }) },
    },
  ])("writes no secret $name", ({ given }) => {
    const { lines, logger } = makeRecorder("info");
    logger.info(given, "said");
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain("s3cret");
  });

  test("tells an error's code and cause", () => {
    const { lines, logger } = makeRecorder("error");
    const cause = Object.assign(new Error("disk"), { code: "ENOSPC" });
    logger.error({ err: new ServiceError("state/made-up", "m", { cause }) }, "failed");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      err: { code: "state/made-up", message: "m", cause: { code: "ENOSPC", message: "disk" } },
    });
  });
});
