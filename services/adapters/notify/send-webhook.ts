/** Sends what a webhook is told, signed as Standard Webhooks has it (standardwebhooks.com). */
import { createHmac } from "node:crypto";
import { ServiceError } from "../../core/errors.ts";
import { DeliveryError, type Delivery } from "../../core/notify/deliver.ts";
import { GuardedClient } from "../http/guarded-client.ts";

export interface WebhookSenderOptions {
  /** The secret that `WEBHOOK_SECRET_<NAME>` holds; undefined where it is not set. */
  readonly secretOf: (name: string) => string | undefined;
  /** Hosts that may have private addresses. */
  readonly privateHosts: readonly string[];
}

const PAUSE_MS = 15_000;
const MAX_ANSWER = 65_536;
/** Refusals of these kinds may pass. */
const PASSING = new Set([408, 425, 429]);

export class WebhookSender {
  readonly #secretOf: WebhookSenderOptions["secretOf"];
  readonly #privateHosts: readonly string[];
  readonly #public: GuardedClient;
  readonly #inner: GuardedClient;

  constructor({ secretOf, privateHosts }: WebhookSenderOptions) {
    const limits = { pauseMs: PAUSE_MS, maxBytes: MAX_ANSWER };
    this.#secretOf = secretOf;
    this.#privateHosts = privateHosts;
    this.#public = new GuardedClient({ ...limits, allowPrivate: false, allowHosts: [] });
    this.#inner = new GuardedClient({ ...limits, allowPrivate: true, allowHosts: privateHosts });
  }

  /** Sends; throws DeliveryError where it was refused, ServiceError where nobody answered. */
  async send({ webhook: { url, secret }, id, at, body }: Delivery): Promise<void> {
    const timestamp = String(Math.floor(at / 1000));
    const signature = this.#sign(secret, `${id}.${timestamp}.${body}`);
    const isInner = this.#privateHosts.includes(new URL(url).hostname.toLowerCase());
    const answer = await (isInner ? this.#inner : this.#public).request(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        ...(signature !== undefined && { "webhook-signature": signature }),
      },
      body,
      signal: AbortSignal.timeout(2 * PAUSE_MS),
    });
    answer.discard();
    const { status, headers } = answer;
    if (status >= 200 && status < 300) {
      return;
    }
    const seconds = Number(headers["retry-after"] ?? 0);
    throw new DeliveryError(
      `answered ${status}`,
      status < 500 && !PASSING.has(status),
      Number.isFinite(seconds) ? seconds * 1000 : 0,
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.#public.close(), this.#inner.close()]);
  }

  #sign(name: string | undefined, text: string): string | undefined {
    if (name === undefined) {
      return undefined;
    }
    const secret = this.#secretOf(name);
    if (secret === undefined) {
      throw new ServiceError("webhook/secret-missing", `WEBHOOK_SECRET_${name} is not set`);
    }
    // `whsec_…` holds the key in base64; any other text is the key as it is.
    const key = secret.startsWith("whsec_")
      ? Buffer.from(secret.slice("whsec_".length), "base64")
      : Buffer.from(secret);
    return `v1,${createHmac("sha256", key).update(text).digest("base64")}`;
  }
}
