import { uuidV5 } from "stix2-ts";
import { patternProblem } from "./checked-pattern.ts";
import type {
  EntryReport,
  FeedContent,
  FeedIndicator,
} from "../../services/core/ingest/feed-content.ts";
import { convertCriteria, printCriteria } from "./openioc/convert-criteria.ts";
import {
  type IocDocument,
  type IocNode,
  countItems,
  pushNegation,
} from "./openioc/ioc-document.ts";
import { readIocDocument } from "./openioc/read-ioc-document.ts";
import { FEED_NAMESPACE } from "./feed-namespace.ts";

const CANNOT_DECIDE =
  "Sysmon can't decide all of it; leaving out what is lost would find more than was meant.";

/**
 * Reads OpenIOC 1.0 or 1.1 text. Each alternative at the top of the criteria (OR, also in OR) becomes an indicator of its own,
 * so that a hit names it; ORs below an AND stay in the pattern. Ids are derived from the ids of the file, so a second reading
 * gives the same.
 */
export function readOpenIoc(text: string): FeedContent {
  const document = readIocDocument(text);
  const indicators: FeedIndicator[] = [];
  const entries: EntryReport[] = [];
  const taken = new Map<string, Taken>();
  const common = commonOf(document);
  for (const branch of document.criteria.flatMap((node) => alternatives(pushNegation(node)))) {
    const criteria = printCriteria(branch);
    const id = idOf(document, branch, criteria, taken);
    const where = branch.id === undefined ? branch.where : `${branch.where}, ${branch.id}`;
    const entry = { id, where, items: countItems([branch]) };
    const same = taken.get(id);
    if (same !== undefined) {
      entries.push({
        ...entry,
        status: "ignored",
        code: "feed/duplicate-id",
        reason: `The same criteria stand at ${same.where} already.`,
      });
      continue;
    }
    taken.set(id, { where, criteria });
    const { pattern, lost } = convertCriteria(branch);
    const losses = lost.length === 0 ? {} : { lost: lost.map((item) => item.text) };
    const code = lost.every((item) => item.code === lost[0]?.code)
      ? lost[0]?.code
      : "feed/term-unknown";
    const problem = pattern === undefined ? undefined : patternProblem(pattern);
    if (pattern === undefined || problem !== undefined) {
      const reason =
        problem?.message ?? (entry.items === 1 ? "Sysmon can't decide it." : CANNOT_DECIDE);
      entries.push({
        ...entry,
        status: "rejected",
        code: problem === undefined ? (code ?? "feed/term-unknown") : "feed/pattern-syntax",
        reason,
        ...losses,
      });
      continue;
    }
    entries.push({
      ...entry,
      status: lost.length === 0 ? "accepted" : "partly",
      ...(code === undefined ? {} : { code, reason: "It finds less than was meant." }),
      ...losses,
    });
    indicators.push({
      ...common,
      id,
      pattern,
      original: { format: "openioc", id: branch.id ?? document.id ?? id, text: criteria },
    });
  }
  return {
    format: "openioc",
    version: document.version,
    indicators,
    entries,
    ignored: document.unread,
  };
}

function alternatives(node: IocNode): readonly IocNode[] {
  if (node.kind === "item") return [node];
  const children = node.children.filter((child) => countItems([child]) > 0);
  return node.operator === "or" || children.length < 2 ? children.flatMap(alternatives) : [node];
}

interface Taken {
  readonly where: string;
  readonly criteria: string;
}

/** Derives an id. Some files repeat an id for different criteria; then the criteria tell them apart. */
function idOf(
  document: IocDocument,
  branch: IocNode,
  criteria: string,
  taken: ReadonlyMap<string, Taken>,
): string {
  const ioc = document.id ?? document.name ?? "";
  const make = (key: string) => `indicator--${uuidV5(FEED_NAMESPACE, `openioc|${ioc}|${key}`)}`;
  const own = make(branch.id ?? criteria);
  const other = taken.get(own);
  return other === undefined || other.criteria === criteria
    ? own
    : make(`${branch.id ?? ""}|${criteria}`);
}

function commonOf(document: IocDocument): Omit<FeedIndicator, "id" | "pattern" | "original"> {
  const { name, description } = document;
  const created = timestamp(document.authored);
  const modified = timestamp(document.modified) ?? created;
  return {
    patternType: "stix",
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(created === undefined ? {} : { created }),
    ...(modified === undefined ? {} : { modified }),
    revoked: false,
    labels: document.labels,
    markings: [],
    killChain: [],
    context: [],
  };
}

/** Makes a STIX timestamp. OpenIOC times without a zone are UTC; the year 1 is how its editors write "none". */
function timestamp(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text) || !text.includes("T") ? text : `${text}Z`;
  const time = Date.parse(zoned);
  return Number.isNaN(time) || time <= 0 ? undefined : new Date(time).toISOString();
}
