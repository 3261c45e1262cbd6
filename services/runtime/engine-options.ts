import type { EngineOptions } from "../adapters/elasticsearch/client.ts";
import { ServiceError } from "../core/errors.ts";
import type { Config } from "./config.ts";
import type { Secrets } from "./secrets.ts";

/** How the engine is reached, by the settings. Throws `config/invalid` where they don't go together. */
export function engineOptions(config: Config, secrets: Secrets): EngineOptions {
  const { ELASTICSEARCH_URL: nodes, ELASTICSEARCH_CLOUD_ID: cloudId } = config;
  const { ELASTICSEARCH_USERNAME: username, ELASTICSEARCH_CA_FILE: caFile } = config;
  const { ELASTICSEARCH_PASSWORD: password, ELASTICSEARCH_API_KEY: apiKey } = secrets;
  const problems = [
    ...(nodes.length > 0 && cloudId !== ""
      ? ["ELASTICSEARCH_URL and ELASTICSEARCH_CLOUD_ID are both set"]
      : []),
    ...((username === "") === (password === undefined)
      ? []
      : ["of ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD one alone is set"]),
    ...(username !== "" && apiKey !== undefined
      ? ["ELASTICSEARCH_USERNAME and ELASTICSEARCH_API_KEY are both set"]
      : []),
  ];
  if (problems.length > 0) {
    throw new ServiceError("config/invalid", problems.join("\n"));
  }
  return {
    ...(cloudId === "" ? { nodes } : { cloudId }),
    ...(username !== "" && { username }),
    ...(password !== undefined && { password }),
    ...(apiKey !== undefined && { apiKey }),
    ...(caFile !== "" && { caFile }),
  };
}
