import { WebhookSender } from "../adapters/notify/send-webhook.ts";
import { deliver, dueWebhooks, type DeliverDeps } from "../core/notify/deliver.ts";
import { messageOf } from "../core/errors.ts";
import type { State } from "../core/ports.ts";
import type { Config } from "./config.ts";
import { coreDeps } from "./core-deps.ts";
import type { Logger } from "./logger.ts";

/** Tells webhooks of alerts, each by itself: one that hangs holds up no other. */
export class Notifier {
  readonly #deps: DeliverDeps;
  readonly #sender: WebhookSender;
  readonly #logger: Pick<Logger, "warn">;
  readonly #running = new Map<string, Promise<void>>();

  constructor(
    state: State,
    config: Config,
    secretOf: (name: string) => string | undefined,
    logger: Pick<Logger, "warn">,
  ) {
    this.#sender = new WebhookSender({ secretOf, privateHosts: config.WEBHOOK_PRIVATE_HOSTS });
    this.#deps = { state, now: coreDeps.now, send: async (one) => this.#sender.send(one) };
    this.#logger = logger;
  }

  /** Begins to tell those that are due. */
  async look(): Promise<void> {
    for (const id of await dueWebhooks(this.#deps)) {
      if (!this.#running.has(id)) {
        const run = this.#deliver(id).finally(() => this.#running.delete(id));
        this.#running.set(id, run);
      }
    }
  }

  /** Waits for what is being sent; at most as long as a host may be silent. */
  async close(): Promise<void> {
    await this.#sender.close();
    await Promise.all(this.#running.values());
  }

  async #deliver(id: string): Promise<void> {
    try {
      await deliver(this.#deps, id);
    } catch (error) {
      this.#logger.warn({ webhook: id, reason: messageOf(error) }, "a webhook could not be served");
    }
  }
}
