import { quote } from "../terms/condition.ts";
import { type Scoped, printScoped, scopedAnd, scopedOr } from "../terms/expression.ts";
import { isUndecidable } from "../terms/term.ts";
import { conditionOf } from "./condition-of.ts";
import { type IocItem, type IocNode, countItems } from "./ioc-document.ts";
import { TERMS } from "./terms.ts";

/** An item that has no meaning in Sysmon, and the stable code of the reason. */
export interface LostItem {
  readonly code:
    | "feed/term-unknown"
    | "feed/condition-unsupported"
    | "feed/value-missing"
    | "feed/partly-visible"
    | "feed/too-complex";
  readonly text: string;
}

export interface Conversion {
  /** STIX pattern; undefined where the criteria can't be decided. */
  readonly pattern: string | undefined;
  readonly lost: readonly LostItem[];
}

/**
 * Converts one alternative of an IOC into one pattern. An alternative of an OR that can't be decided is left out (the pattern
 * finds less, and `lost` says so); an AND with such a part can't be decided at all, for without it it would find more than was
 * meant. Groups must not be negated (`pushNegation`).
 */
export function convertCriteria(node: IocNode): Conversion {
  const lost: LostItem[] = [];
  const scoped = convert(node, lost);
  return { pattern: scoped === undefined ? undefined : printScoped(scoped), lost };
}

function convert(node: IocNode, lost: LostItem[]): Scoped | undefined {
  if (node.kind === "item") return convertItem(node, lost);
  const children = node.children.filter((child) => countItems([child]) > 0);
  const parts = children.map((child) => convert(child, lost));
  const known = parts.filter((part) => part !== undefined);
  if (node.operator === "or") return known.length === 0 ? undefined : scopedOr(known);
  if (known.length < parts.length) return undefined;
  const joined = scopedAnd(known);
  if (joined === undefined) {
    lost.push({
      code: "feed/too-complex",
      text: `${at(node)}: too many alternatives when multiplied out`,
    });
  }
  return joined;
}

function convertItem(item: IocItem, lost: LostItem[]): Scoped | undefined {
  const lose = (code: LostItem["code"], reason: string): undefined => {
    lost.push({
      code,
      text: `${item.term || "a term without name"} ${item.condition} (${at(item)}): ${reason}`,
    });
    return undefined;
  };
  const term = TERMS.get(item.term.toLowerCase());
  if (term === undefined) return lose("feed/term-unknown", "no Sysmon event shows it");
  const condition = conditionOf(item);
  if (condition === undefined)
    return lose("feed/condition-unsupported", "this condition is not known");
  if (item.value === "") return lose("feed/value-missing", "it has no content");
  const expression = term.compare(condition);
  if (isUndecidable(expression)) return lose(expression.code, expression.reason);
  if (term.limit !== undefined) lose("feed/partly-visible", term.limit);
  return { kind: "scope", scope: term.scope, expression };
}

function at({ id, where }: IocNode): string {
  return id === undefined ? where : `${where}, ${id}`;
}

/** Writes criteria as one line, for people and as identity where a file gives no ids. */
export function printCriteria(node: IocNode): string {
  if (node.kind === "item") {
    const flags = `${node.negate ? "NOT " : ""}${node.preserveCase ? "CASE " : ""}`;
    return `${flags}${node.term} ${node.condition} ${quote(node.value)}`;
  }
  const inner = node.children.map((child) =>
    child.kind === "group" ? `(${printCriteria(child)})` : printCriteria(child),
  );
  return `${node.negate ? "NOT " : ""}${inner.join(node.operator === "and" ? " AND " : " OR ")}`;
}
