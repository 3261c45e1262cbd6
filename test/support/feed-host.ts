/** A host that serves feeds over real HTTP: what a test says, and a TAXII 2.1 server with one collection. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Serve = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

export class FeedHost {
  serve: Serve;
  /** Paths with queries, as they were asked for. */
  readonly asked: string[] = [];
  readonly #server: Server;
  url = "";

  constructor(serve: Serve) {
    this.serve = serve;
    this.#server = createServer((request, response) => {
      this.asked.push(request.url ?? "");
      this.serve(request, response, new URL(request.url ?? "/", this.url));
    });
  }

  async listen(): Promise<this> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

export function indicator(n: number, more: object = {}): object {
  return {
    type: "indicator",
    spec_version: "2.1",
    id: `indicator--00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
    created: "2024-01-01T00:00:00.000Z",
    modified: "2024-01-01T00:00:00.000Z",
    valid_from: "2024-01-01T00:00:00Z",
    pattern_type: "stix",
    pattern: `[process:name = 'tool-${n}.exe']`,
    ...more,
  };
}

export interface Added {
  readonly at: string;
  readonly object: object;
}

export const TAXII = "application/taxii+json;version=2.1";

/** Serves discovery, an API root and the collection `c1` of what `added` holds, paged by `next`. */
export function taxii(added: readonly Added[], pageSize: number): Serve {
  return (request, response, { pathname, searchParams }) => {
    const answer = (body: object, headers: Record<string, string> = {}): void => {
      response.writeHead(200, { "content-type": TAXII, ...headers }).end(JSON.stringify(body));
    };
    if (request.headers.accept !== TAXII) {
      response.writeHead(406).end();
    } else if (pathname === "/taxii2/") {
      answer({ title: "t", default: "/api/", api_roots: ["/api/"] });
    } else if (pathname === "/api/") {
      answer({ title: "root", versions: [TAXII], max_content_length: 1000 });
    } else if (pathname === "/api/collections/") {
      answer({
        collections: [
          { id: "c1", title: "One", can_read: true, can_write: false },
          { id: "c2", title: "Closed", can_read: false, can_write: true },
        ],
      });
    } else if (pathname === "/api/collections/c1/objects/") {
      const after = searchParams.get("added_after") ?? "";
      const from = Number(searchParams.get("next") ?? 0);
      const all = added.filter(({ at }) => at > after);
      const page = all.slice(from, from + pageSize);
      const more = from + pageSize < all.length;
      const last = page.at(-1)?.at;
      answer(
        { more, ...(more && { next: String(from + pageSize) }), objects: page.map(({ object }) => object) }, // prettier-ignore
        last === undefined ? {} : { "X-TAXII-Date-Added-Last": last },
      );
    } else {
      response.writeHead(404).end();
    }
  };
}
