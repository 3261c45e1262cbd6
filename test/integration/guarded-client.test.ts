/** Requests to hosts that strangers name, over real HTTP. */
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { FindAddresses } from "../../services/adapters/http/address-guard.ts";
import type { ServiceError } from "../../services/core/errors.ts";
import {
  GuardedClient,
  type GuardedClientOptions,
} from "../../services/adapters/http/guarded-client.ts";

const open: (Server | GuardedClient)[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) {
    if (one instanceof GuardedClient) {
      await one.close();
    } else {
      one.closeAllConnections();
      one.close();
    }
  }
});

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  open.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function client(options: Partial<GuardedClientOptions> = {}): GuardedClient {
  const made = new GuardedClient({
    allowPrivate: true,
    allowHosts: [],
    pauseMs: 1000,
    maxBytes: 100_000,
    ...options,
  });
  open.push(made);
  return made;
}

const finding =
  (...addresses: readonly string[]): FindAddresses =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

describe("addresses that are not public are refused", () => {
  const literal = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://0.0.0.0/",
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://user@127.0.0.1/",
    "http://127.0.0.1./",
  ];
  test.each(literal)("%s", async (url) => {
    await expect(client({ allowPrivate: false }).request(url)).rejects.toMatchObject({
      code: "http/address-refused",
    });
  });

  test.each([
    { name: "a name of a private address", addresses: ["10.0.0.5"] },
    { name: "a name of one public address and one that is not", addresses: ["93.184.215.14", "127.0.0.1"] }, // prettier-ignore
    { name: "a name of a mapped address", addresses: ["::ffff:192.168.0.1"] },
    { name: "a name of a link-local address with a zone", addresses: ["fe80::1%eth0"] },
  ])("$name", async ({ addresses }) => {
    const guarded = client({ allowPrivate: false, find: finding(...addresses) });
    await expect(guarded.request("http://feeds.example/")).rejects.toMatchObject({
      code: "http/address-refused",
    });
  });

  test("a name that answers otherwise when asked again is connected where it was looked at", async () => {
    const url = new URL(await serving((_, response) => response.end("inner")));
    const answers = [["127.0.0.1"], ["10.0.0.1"]];
    let asked = 0;
    const guarded = client({
      find: async (host) => {
        asked += 1;
        return finding(...(answers.shift() ?? []))(host);
      },
    });
    const answer = await guarded.request(`http://rebinding.example:${url.port}/`);
    expect(Buffer.from(await answer.bytes()).toString()).toBe("inner");
    expect(asked).toBe(1);
  });

  test("a redirection away from the hosts that are allowed", async () => {
    const url = await serving((_, response) =>
      response.writeHead(302, { location: "http://10.0.0.1/" }).end(),
    );
    const { port } = new URL(url);
    const guarded = client({ allowHosts: ["127.0.0.1"] });
    await expect(guarded.request(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({
      code: "http/address-refused",
    });
  });

  test.each([
    { host: "feeds.example", allowed: [".example"], passes: true },
    { host: "feeds.example", allowed: ["FEEDS.example"], passes: true },
    { host: "feeds.example.", allowed: ["feeds.example"], passes: true },
    { host: "example", allowed: [".example"], passes: false },
    { host: "evil-feeds.example", allowed: ["feeds.example"], passes: false },
    { host: "feeds.example.evil", allowed: [".example"], passes: false },
  ])("$host where $allowed may be asked: $passes", async ({ host, allowed, passes }) => {
    const url = new URL(await serving((_, response) => response.end()));
    const asked = client({ allowHosts: allowed, find: finding("127.0.0.1") }).request(
      `http://${host}:${url.port}/`,
    );
    const outcome = await asked.then(
      ({ status }) => status,
      (error: ServiceError) => error.code,
    );
    expect(outcome).toBe(passes ? 200 : "http/address-refused");
  });
});

describe("redirections", () => {
  test("keep secrets from another host", async () => {
    const seen: (string | undefined)[] = [];
    const other = await serving((request, response) => {
      seen.push(request.headers.authorization);
      response.end("there");
    });
    const first = await serving((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(302, { location: `${other}/x` }).end();
    });
    const answer = await client().request(first, { secretHeaders: { authorization: "Bearer s" } });
    expect(Buffer.from(await answer.bytes()).toString()).toBe("there");
    expect(seen).toEqual(["Bearer s", undefined]);
  });

  test("end where there are too many", async () => {
    const url = await serving((_, response) =>
      response.writeHead(307, { location: "/again" }).end(),
    );
    await expect(client().request(url)).rejects.toMatchObject({ code: "http/redirect-refused" });
  });

  test("to another kind of address are refused", async () => {
    const url = await serving((_, response) =>
      response.writeHead(302, { location: "file:///etc/passwd" }).end(),
    );
    await expect(client().request(url)).rejects.toMatchObject({ code: "http/redirect-refused" });
  });
});

describe("bodies", () => {
  test.each([
    { coding: "gzip", body: gzipSync("text") },
    { coding: "br", body: brotliCompressSync("text") },
    { coding: undefined, body: Buffer.from("text") },
  ])("are decompressed: $coding", async ({ coding, body }) => {
    const url = await serving((_, response) => {
      if (coding !== undefined) response.setHeader("content-encoding", coding);
      response.end(body);
    });
    const answer = await client().request(url);
    expect(Buffer.from(await answer.bytes()).toString()).toBe("text");
  });

  test("are limited in what they grow to", async () => {
    const url = await serving((_, response) => {
      response.setHeader("content-encoding", "gzip");
      response.end(gzipSync(Buffer.alloc(50_000_000)));
    });
    const answer = await client().request(url);
    await expect(answer.bytes()).rejects.toMatchObject({ code: "http/too-large" });
  });

  test("without end are limited", async () => {
    const url = await serving((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on("drain", more);
      more();
    });
    const answer = await client().request(url);
    await expect(answer.bytes()).rejects.toMatchObject({ code: "http/too-large" });
  });

  test("that break off are a failure", async () => {
    const url = await serving((request, response) => {
      response.setHeader("content-length", "100");
      response.write("part");
      setTimeout(() => request.socket.destroy(), 20);
    });
    const answer = await client().request(url);
    await expect(answer.bytes()).rejects.toMatchObject({
      code: "http/unreachable",
      retryable: true,
    });
  });

  test("broken gzip is a failure", async () => {
    const url = await serving((_, response) => {
      response.setHeader("content-encoding", "gzip");
      response.end("no gzip");
    });
    const answer = await client().request(url);
    await expect(answer.bytes()).rejects.toMatchObject({ code: "http/unreachable" });
  });
});

describe("hosts that do not answer", () => {
  test.each([
    { name: "no head", hang: () => undefined },
    { name: "no end of the body", hang: (response: { write: (text: string) => boolean }) => void response.write("x") }, // prettier-ignore
  ])("are given up: $name", async ({ hang }) => {
    const url = await serving((_, response) => hang(response));
    const asked = client({ pauseMs: 100 })
      .request(url)
      .then(async (answer) => answer.bytes());
    await expect(asked).rejects.toMatchObject({ code: "http/timeout", retryable: true });
  });

  test("a signal ends a request", async () => {
    const url = await serving(() => undefined);
    const asked = client().request(url, { signal: AbortSignal.timeout(50) });
    await expect(asked).rejects.toMatchObject({ code: "http/timeout" });
  });

  test("an unreachable port is a failure that may pass", async () => {
    const asked = client().request("http://127.0.0.1:1/secret?key=abc");
    await expect(asked).rejects.toMatchObject({ code: "http/unreachable", retryable: true });
    await expect(asked).rejects.not.toThrow(/abc/);
  });
});
