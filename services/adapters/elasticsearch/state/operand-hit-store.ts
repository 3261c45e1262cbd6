import type { OperandHitStore } from "../../../core/ports.ts";
import type { LoggedHit, OperandHit } from "../../../core/records.ts";
import { documentId, fromText, toText, type Document } from "./document.ts";
import { readTail } from "./log-tail.ts";
import { NumberedLog } from "./numbered-log.ts";
import type { StateIndex } from "./state-index.ts";

/** Operand hits as an append-only log, as the matches are; `group` is one word for pattern and scope. */
export class ElasticsearchOperandHitStore implements OperandHitStore {
  readonly #index: StateIndex;
  readonly #log: NumberedLog;

  constructor(index: StateIndex, registry: StateIndex) {
    this.#index = index;
    this.#log = new NumberedLog(index, registry, "operand-hits");
  }

  async add(hits: readonly OperandHit[]): Promise<number> {
    const written = await this.#index.write(
      hits.map((hit) => ({
        id: hit.id,
        action: "create",
        source: {
          group: groupWord(hit.patternKey, hit.scope),
          operand: String(hit.operand),
          time: hit.time,
          record: toText(hit),
        },
      })),
    );
    return written.filter(({ outcome }) => outcome === "written").length;
  }

  async tail(after: number, limit: number): Promise<readonly LoggedHit[]> {
    const { documents, base } = await readTail(this.#index, this.#log, after, limit);
    return documents.map((document) => toLogged(document, base));
  }

  async operands(pattern: string, scope: string): Promise<readonly number[]> {
    await this.#index.refresh();
    const query = { term: { group: groupWord(pattern, scope) } };
    const found = await this.#index.valuesOf("operand", query);
    return found.map(Number).toSorted((a, b) => a - b);
  }

  async of(
    pattern: string,
    scope: string,
    from: number,
    to: number,
    limit: number,
  ): Promise<readonly LoggedHit[]> {
    const base = await this.#log.base();
    await this.#index.refresh();
    const range = {
      ...(Number.isFinite(from) && { gte: from }),
      ...(Number.isFinite(to) && { lte: to }),
    };
    const filter: object[] = [{ term: { group: groupWord(pattern, scope) } }];
    if (Object.keys(range).length > 0) {
      filter.push({ range: { time: range } });
    }
    const found = new Map<string, LoggedHit>();
    for await (const page of this.#index.pages({ bool: { filter } })) {
      for (const document of page) {
        found.set(document.id, toLogged(document, base));
      }
      if (found.size >= limit) {
        break;
      }
    }
    return [...found.values()].slice(0, limit);
  }
}

/** A hit is written once, so its number is that of its only write. */
function toLogged(document: Document, base: number): LoggedHit {
  return { ...fromText<OperandHit>(document), number: base + document.seqNo + 1 };
}

function groupWord(pattern: string, scope: string): string {
  return documentId(pattern, scope);
}
