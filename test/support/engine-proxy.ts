import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";

/** Answers a call instead of the engine; undefined lets it pass. */
export type Rule = (call: {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}) => { readonly status: number; readonly body?: object } | undefined;

export interface EngineProxy {
  readonly url: string;
  /** Calls that came, as `METHOD path`, without their query. */
  readonly calls: string[];
  rule: Rule;
  readonly close: () => Promise<void>;
}

/** Stands before an engine and answers some calls as a cluster with access rules, or a busy one, would. */
export async function startProxy(engine: string): Promise<EngineProxy> {
  const target = new URL(engine);
  const proxy = { url: "", calls: [] as string[], rule: (() => undefined) as Rule };
  const pass = (from: IncomingMessage, sent: Buffer, to: ServerResponse): void => {
    const { method = "GET", url = "/", headers } = from;
    const path = url.split("?", 1)[0] ?? url;
    proxy.calls.push(`${method} ${path}`);
    const answer = proxy.rule({ method, path, body: sent.toString("utf8") });
    if (answer !== undefined) {
      const type = answer.status === 403 ? "security_exception" : "busy_exception";
      to.writeHead(answer.status, { "content-type": "application/json" });
      to.end(JSON.stringify(answer.body ?? { error: { type, reason: "by the test" } }));
      return;
    }
    const options = { host: target.hostname, port: target.port, method, path: url, headers };
    const on = request(options, (reply) => {
      to.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(to);
    });
    on.on("error", () => to.destroy());
    on.end(sent);
  };
  const server = createServer((from, to) => {
    const chunks: Buffer[] = [];
    from.on("data", (chunk: Buffer) => chunks.push(chunk));
    from.on("end", () => pass(from, Buffer.concat(chunks), to));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  proxy.url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  return Object.assign(proxy, {
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  });
}
