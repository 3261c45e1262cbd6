/** Where alerts are told to as they are raised: what the API is given of a webhook, and what becomes of it. */
import { z } from "zod";
import { SEVERITIES } from "../records.ts";

export const WEBHOOK_FORMATS = ["json", "text"] as const;

const name = z.string().min(1).max(200);

export const webhookSchema = z.strictObject({
  title: name.optional(),
  enabled: z.boolean().default(true),
  url: z.url({ protocol: /^https?$/ }).refine((url) => {
    const { username = "", password = "" } = URL.parse(url) ?? {};
    return username + password === "";
  }, "must have no user and password"),
  /** Names the secret that requests are signed with: `WEBHOOK_SECRET_<NAME>`. */
  secret: z
    .string()
    .regex(
      /^[A-Z0-9_]{1,100}$/,
      "must be the capital letters, digits and `_` after WEBHOOK_SECRET_",
    )
    .optional(),
  /** `json`: the alert; `text`: one line under `text`, as Slack, Mattermost and Teams take it. */
  format: z.enum(WEBHOOK_FORMATS).default("json"),
  /** JSON instead of that, in whose texts `{{alert.host}}` and the like are filled in. */
  template: z.string().max(20_000).refine(isJson, "must be JSON").optional(),
  minSeverity: z.enum(SEVERITIES).default("low"),
  /** Only alerts of indicators of one of these feeds. */
  feeds: z.array(name).max(100).readonly().default([]),
});
export type Webhook = z.output<typeof webhookSchema>;

export interface WebhookRecord {
  readonly webhook: Webhook;
  /** Id of the API key, or `local`. */
  readonly by: string;
  readonly at: number;
}

/** An alert that was given up. */
export interface DeadDelivery {
  readonly alert: string;
  readonly at: number;
  readonly reason: string;
}

export interface WebhookState {
  /** The number of the last alert that was told, or is none of this webhook's business. */
  readonly after: number;
  /** Alerts to be told once more, by id; and `test`, for a trial. */
  readonly again: readonly string[];
  readonly delivered: number;
  readonly deliveredAt: number | undefined;
  /** Failures in a row, since when, and why the last. */
  readonly failures: number;
  /** How many of them in a row said that the alert is refused as such. */
  readonly refusals: number;
  readonly failingSince: number | undefined;
  readonly error: string | undefined;
  readonly nextAt: number;
  /** The last ones that were given up. */
  readonly dead: readonly DeadDelivery[];
}

export function newWebhookState(after: number): WebhookState {
  return {
    after,
    again: [],
    delivered: 0,
    deliveredAt: undefined,
    failures: 0,
    refusals: 0,
    failingSince: undefined,
    error: undefined,
    nextAt: 0,
    dead: [],
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
