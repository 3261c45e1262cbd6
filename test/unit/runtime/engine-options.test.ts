import { describe, expect, test } from "@jest/globals";
import { readConfig } from "../../../services/runtime/config.ts";
import { engineOptions } from "../../../services/runtime/engine-options.ts";
import { readSecrets } from "../../../services/runtime/secrets.ts";

const read = (env: Readonly<Record<string, string>>) =>
  engineOptions(readConfig(env), readSecrets(env));

const URL = { ELASTICSEARCH_URL: "https://engine:9200" };

describe("engineOptions", () => {
  test.each([
    { env: URL, want: { nodes: ["https://engine:9200"] } },
    { env: { ELASTICSEARCH_CLOUD_ID: "a:b" }, want: { cloudId: "a:b" } },
    {
      env: { ...URL, ELASTICSEARCH_USERNAME: "u", ELASTICSEARCH_PASSWORD: "p" },
      want: { nodes: ["https://engine:9200"], username: "u", password: "p" },
    },
    {
      env: { ...URL, ELASTICSEARCH_API_KEY: "k", ELASTICSEARCH_CA_FILE: "/ca.pem" },
      want: { nodes: ["https://engine:9200"], apiKey: "k", caFile: "/ca.pem" },
    },
  ])("takes $env", ({ env, want }) => expect(read(env)).toEqual(want));

  test.each([
    { env: { ...URL, ELASTICSEARCH_CLOUD_ID: "a:b" }, want: /URL and ELASTICSEARCH_CLOUD_ID/ },
    { env: { ...URL, ELASTICSEARCH_USERNAME: "u" }, want: /one alone/ },
    { env: { ...URL, ELASTICSEARCH_PASSWORD: "hidden" }, want: /one alone/ },
    {
      env: {
        ...URL,
        ELASTICSEARCH_USERNAME: "u",
        ELASTICSEARCH_PASSWORD: "hidden",
        ELASTICSEARCH_API_KEY: "hidden",
      },
      want: /USERNAME and ELASTICSEARCH_API_KEY/,
    },
    { env: { ELASTICSEARCH_URL: "https://u:hidden@engine:9200" }, want: /without user and/ },
    { env: { ELASTICSEARCH_URL: "https://e:1,https://u:hid@den@e:2" }, want: /without user and/ },
  ])("refuses $env without telling a secret", ({ env, want }) => {
    expect(() => read(env)).toThrow(want);
    expect(() => read(env)).toThrow(expect.objectContaining({ code: "config/invalid" }));
    expect(() => read(env)).not.toThrow(/hid|den/);
  });
});
