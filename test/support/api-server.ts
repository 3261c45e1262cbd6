/** The API over real HTTP on a state in memory, with a clock that stands still and a logger that is kept. */
import { once } from "node:events";
import { request as httpRequest, type Server } from "node:http";
import { sha256Hash } from "../../services/adapters/crypto/hash.ts";
import { keySecrets } from "../../services/adapters/crypto/key-secrets.ts";
import { MemoryEventStore } from "../../services/adapters/memory/event-store.ts";
import { re2 } from "../../services/adapters/regex/re2.ts";
import { openSqliteState } from "../../services/adapters/sqlite/state.ts";
import { makeApi, type ApiDeps } from "../../services/api/api.ts";
import { addKey } from "../../services/core/access/access.ts";
import type { JobQueues } from "../../services/core/pipeline/dead-jobs.ts";
import type { Scope } from "../../services/core/access/scopes.ts";
import { checkAnswer } from "./check-answer.ts";
import { WarningLists } from "../../services/core/suppress/warning-lists.ts";
import { makeHunter } from "../../services/runtime/hunter.ts";
import { times } from "../../services/runtime/feed-sources.ts";
import { makeLogger } from "../../services/runtime/logger.ts";

export const NOON = Date.parse("2024-05-01T12:00:00Z");
export const HOUR = 3_600_000;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of many shapes
  readonly body: any;
}

export interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The address that the request comes from. */
  readonly from?: string;
}

export class ApiServer {
  now = NOON;
  requestsPerMinute = 0;
  maxBodyBytes = 1000;
  /** Why the service is not ready. */
  reasons: readonly string[] = [];
  readonly state = openSqliteState(":memory:");
  readonly events = new MemoryEventStore({ sealEvery: 10 });
  preview: ApiDeps["preview"] = async () => Promise.reject(new Error("no preview in this test"));
  warningLists = new WarningLists([], { regex: re2, holding: new Set() });
  console: ApiDeps["console"];
  /** Lines of the log. */
  readonly logged: string[] = [];
  /** Queues whose dead jobs are shown. */
  queues: Partial<JobQueues> = {};
  /** The hashes that secrets were compared with. */
  readonly compared: string[] = [];
  /** Tells streams that the process is to end. */
  stopping = new AbortController();
  #server: Server | undefined;

  async listen(host = "127.0.0.1"): Promise<void> {
    const app = makeApi({
      ...(this.console !== undefined && { console: this.console }),
      state: this.state,
      events: this.events,
      hunter: makeHunter(this.events),
      now: () => this.now,
      hash: sha256Hash,
      regex: re2,
      warningLists: async () => this.warningLists,
      keySecrets: {
        ...keySecrets,
        matches: (secret, hash) => {
          this.compared.push(hash);
          return keySecrets.matches(secret, hash);
        },
      },
      semantics: 1,
      jobEvents: 1000,
      coldMs: 0,
      ready: async () => this.reasons,
      importFile: async () => Promise.reject(new Error("no import in this test")),
      preview: async (...asked) => this.preview(...asked),
      addEvents: async () => ({ stored: 0, notSysmon: 0, broken: [], brokenCount: 0 }),
      queues: this.queues,
      times,
      maxBodyBytes: this.maxBodyBytes,
      requestsPerMinute: this.requestsPerMinute,
      answerMs: 0,
      stop: this.stopping.signal,
      logger: makeLogger("trace", { write: (line) => void this.logged.push(line) }),
    });
    this.#server = app.listen(0, host);
    await once(this.#server, "listening");
  }

  get url(): string {
    const bound = this.#server?.address();
    return `http://127.0.0.1:${typeof bound === "object" && bound !== null ? bound.port : 0}`;
  }

  /** Stops listening; the state stays. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(0) : server.close(resolve)));
  }

  async close(): Promise<void> {
    await this.stop();
    this.state.close();
  }

  /** Makes a key as the service would; gives id and token. */
  async key(
    scopes: readonly Scope[],
    expiresAt?: number,
  ): Promise<{ readonly id: string; readonly token: string }> {
    const deps = { apiKeys: this.state.apiKeys, secrets: keySecrets, now: () => this.now };
    const { key, token } = await addKey(deps, { name: "test", scopes, expiresAt });
    return { id: key.id, token };
  }

  /** Asks over a plain socket: fetch would not let a test choose its Host. */
  async ask(method: string, path: string, asked: Asked = {}, host = "127.0.0.1"): Promise<Answer> {
    const bound = this.#server?.address();
    const port = typeof bound === "object" && bound !== null ? bound.port : 0;
    const { headers = {}, body = "", from } = asked;
    const way = { port, host, path, method, headers, ...(from && { localAddress: from }) };
    return new Promise((resolve, reject) => {
      const sent = httpRequest(way, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const { statusCode = 0, headers: answered } = response;
          const type = answered["content-type"] ?? "";
          const isJson = /\bjson\b/.test(type);
          const parsed: unknown = isJson && text !== "" ? JSON.parse(text) : undefined;
          try {
            checkAnswer(method, path, { status: statusCode, body: parsed, type });
            resolve({ status: statusCode, headers: answered, body: parsed });
          } catch (error) {
            reject(error);
          }
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }
}

export const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
