import { describe, expect, test } from "@jest/globals";
import { ServiceError } from "../../../services/core/errors.ts";
import { readConfig, settings, type Config } from "../../../services/runtime/config.ts";

function failure(env: Readonly<Record<string, string>>): ServiceError {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ServiceError) {
      return error;
    }
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("readConfig", () => {
  test("has a default for everything, and ignores what is not ours", () => {
    expect(readConfig({ PATH: "/bin" })).toEqual({
      PORT: 8080,
      HOST: "127.0.0.1",
      ALERT_RETENTION_DAYS: 0,
      COLD_SWEEP_MINUTES: 60,
      REQUESTS_PER_MINUTE: 60_000,
      ELASTICSEARCH_CA_FILE: "",
      ELASTICSEARCH_CLOUD_ID: "",
      ELASTICSEARCH_URL: [],
      ELASTICSEARCH_USERNAME: "",
      EVENT_INDICES: ["winlogbeat-*"],
      FEED_SCHEDULE: "*/5 * * * * *",
      STATE_PREFIX: "stixsweep",
      SWEEP_SCHEDULE: "*/2 * * * * *",
      WORKER_JOBS: 2,
      DATA_DIR: "data",
      INBOX_DIR: "feeds/inbox",
      FEEDS_DIR: "feeds/sources",
      WEBHOOK_PRIVATE_HOSTS: [],
      WARNINGLISTS_DIR: "",
      WARNINGLISTS_HOLD: expect.arrayContaining(["empty-hashes", "rfc1918", "tlds"]),
      LOG_LEVEL: "info",
      MATCH_MODE: "observable",
      SUBDOMAINS: false,
      TICK_MS: 1000,
      SEGMENT_EVENTS: 50_000,
      JOB_EVENTS: 20_000,
      MAX_BODY_BYTES: 33_554_432,
    });
  });

  const good: readonly { name: keyof Config; given: string; want: unknown }[] = [
    { name: "PORT", given: "0", want: 0 },
    { name: "PORT", given: "65535", want: 65_535 },
    { name: "HOST", given: "127.9.8.7", want: "127.9.8.7" },
    { name: "HOST", given: "::1", want: "::1" },
    { name: "HOST", given: "localhost", want: "localhost" },
    { name: "HOST", given: "0.0.0.0", want: "0.0.0.0" },
    { name: "HOST", given: "::", want: "::" },
    { name: "HOST", given: "192.168.1.1", want: "192.168.1.1" },
    { name: "LOG_LEVEL", given: "silent", want: "silent" },
    { name: "MATCH_MODE", given: "spec", want: "spec" },
    { name: "SUBDOMAINS", given: "true", want: true },
    { name: "DATA_DIR", given: "a b", want: "a b" },
  ];
  test.each(good)("takes $name=$given", ({ name, given, want }) => {
    expect(readConfig({ [name]: given })[name]).toBe(want);
  });

  const bad: readonly { name: keyof Config; given: string }[] = [
    { name: "PORT", given: "65536" },
    { name: "PORT", given: "-1" },
    { name: "PORT", given: "80.5" },
    { name: "PORT", given: "0x50" },
    { name: "PORT", given: " 80" },
    { name: "PORT", given: "" },
    { name: "ELASTICSEARCH_URL", given: "elastic:9200/x" },
    { name: "ELASTICSEARCH_URL", given: "elastic" },
    { name: "HOST", given: "" },
    { name: "HOST", given: "0" },
    { name: "HOST", given: "*" },
    { name: "HOST", given: "[::1]" },
    { name: "HOST", given: "127.example.com" },
    { name: "HOST", given: "127.0.0.256" },
    { name: "DATA_DIR", given: " " },
    { name: "INBOX_DIR", given: "a\0b" },
    { name: "LOG_LEVEL", given: "loud" },
    { name: "MATCH_MODE", given: "Spec" },
    { name: "SUBDOMAINS", given: "yes" },
    { name: "TICK_MS", given: "0" },
    { name: "SEGMENT_EVENTS", given: "1e3" },
    { name: "JOB_EVENTS", given: "0" },
    { name: "MAX_BODY_BYTES", given: "99999999999" },
  ];
  test.each(bad)("refuses $name=$given", ({ name, given }) => {
    const error = failure({ [name]: given });
    expect(error.code).toBe("config/invalid");
    expect(error.facts).toEqual({ [name]: given });
    expect(error.message).toBe(
      `${name} is ${JSON.stringify(given)}; allowed: ${settings[name].allowed}`,
    );
  });

  test("names all that is wrong at once", () => {
    const { message } = failure({ PORT: "x", HOST: "all", MATCH_MODE: "both", TICK_MS: "5" });
    expect(message.split("\n").map((line) => line.split(" ")[0])).toEqual([
      "PORT",
      "HOST",
      "MATCH_MODE",
    ]);
  });

  test("cuts a long value", () => {
    expect(failure({ PORT: "9".repeat(5000) }).message.length).toBeLessThan(250);
  });
});
