/** Plain calls to an engine, for tests: what the adapter under test does not do itself. */
export type Json = Record<string, unknown>;

export class EngineApi {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Sends a request; throws what the engine says where it refuses. */
  async call(method: string, path: string, body?: unknown): Promise<Json> {
    const isLines = typeof body === "string";
    const answer = await fetch(this.url + path, {
      method,
      headers: { "content-type": isLines ? "application/x-ndjson" : "application/json" },
      ...(body !== undefined && { body: isLines ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) {
      throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
    }
    return JSON.parse(text) as Json;
  }

  /** Indexes documents in order, and fails if one of them was refused. */
  async index(
    index: string,
    documents: readonly { readonly id?: string; readonly source: string }[],
    query = "",
  ): Promise<void> {
    const lines = documents.map(({ id, source }) => {
      const action = { create: { _index: index, ...(id !== undefined && { _id: id }) } };
      return `${JSON.stringify(action)}\n${source}\n`;
    });
    // Requests well below the engines' limit of 100 MB.
    for (let at = 0; at < lines.length; at += 2000) {
      const part = lines.slice(at, at + 2000);
      const answer = await this.call("POST", `/_bulk${query}`, part.join(""));
      if (answer["errors"] !== false) {
        throw new Error(`bulk: ${JSON.stringify(answer).slice(0, 1000)}`);
      }
    }
  }

  /** Indexes documents in order; returns how many were refused. */
  async indexSome(
    index: string,
    documents: readonly { readonly id: string; readonly source: string }[],
  ): Promise<number> {
    const lines = documents.map(
      ({ id, source }) => `${JSON.stringify({ create: { _index: index, _id: id } })}\n${source}\n`,
    );
    const answer = await this.call("POST", "/_bulk", lines.join(""));
    const items = answer["items"] as { readonly create: { readonly status: number } }[];
    return items.filter(({ create }) => create.status >= 300).length;
  }

  /** Removes every index and data stream whose name begins with a prefix. */
  async removeAll(prefix: string): Promise<void> {
    const found = await this.call("GET", `/_resolve/index/${prefix}*?expand_wildcards=all`);
    for (const { name } of (found["data_streams"] ?? []) as { readonly name: string }[]) {
      await this.call("DELETE", `/_data_stream/${name}`);
    }
    for (const { name } of found["indices"] as { readonly name: string }[]) {
      if (!name.startsWith(".ds-")) {
        await this.call("DELETE", `/${name}`);
      }
    }
  }

  /** Removes the state that stands under a prefix, its templates too. */
  async removeState(prefix: string): Promise<void> {
    const found = await this.call("GET", `/_resolve/index/${prefix}-*?expand_wildcards=all`);
    const names = (found["indices"] as { readonly name: string }[]).map(({ name }) => name);
    if (names.length > 0) {
      await this.call("DELETE", `/${names.join(",")}`);
    }
    await this.call("DELETE", `/_index_template/${prefix}-*`);
  }
}
