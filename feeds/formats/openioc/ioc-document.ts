/** An OpenIOC file as a tree, before any meaning is given to its terms. */

export interface IocItem {
  readonly kind: "item";
  /** `IndicatorItem/@id`; some files have none. */
  readonly id: string | undefined;
  readonly where: string;
  /** `is`, `contains`, …, in lower case, as written otherwise. */
  readonly condition: string;
  readonly negate: boolean;
  readonly preserveCase: boolean;
  /** `Context/@search`, for instance `FileItem/Md5sum`. */
  readonly term: string;
  readonly contentType: string;
  readonly value: string;
}

export interface IocGroup {
  readonly kind: "group";
  readonly id: string | undefined;
  readonly where: string;
  readonly operator: "and" | "or";
  readonly negate: boolean;
  readonly children: readonly IocNode[];
}

export type IocNode = IocItem | IocGroup;

export interface IocDocument {
  readonly version: "1.0" | "1.1";
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly description: string | undefined;
  /** `authored_date`. */
  readonly authored: string | undefined;
  /** `@last-modified`. */
  readonly modified: string | undefined;
  /** Keywords, and links as `rel: text`. */
  readonly labels: readonly string[];
  /** The Indicators of `definition` (1.0) or `criteria` (1.1): alternatives where there are several. */
  readonly criteria: readonly IocNode[];
  /** Elements that say something about the criteria and are not read: name → count. */
  readonly unread: Readonly<Record<string, number>>;
}

/** Counts the IndicatorItems of a tree. */
export function countItems(nodes: readonly IocNode[]): number {
  return nodes.reduce(
    (sum, node) => sum + (node.kind === "item" ? 1 : countItems(node.children)),
    0,
  );
}

/** Takes negated groups apart by De Morgan's laws, so that only items are negated; the meaning stays. */
export function pushNegation(node: IocNode, negated = false): IocNode {
  if (node.kind === "item") return negated ? { ...node, negate: !node.negate } : node;
  const inverted = negated !== node.negate;
  const flipped = node.operator === "and" ? "or" : "and";
  return {
    ...node,
    negate: false,
    operator: inverted ? flipped : node.operator,
    children: node.children.map((child) => pushNegation(child, inverted)),
  };
}
