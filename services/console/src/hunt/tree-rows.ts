/** A tree of processes as rows to be shown. Pure. */
import type { ProcessNode, ProcessTree } from "./answers.ts";

export interface TreeRow {
  readonly node: ProcessNode;
  readonly depth: number;
  /** Children that are not among the rows below: folded, or not given. */
  readonly hidden: number;
  readonly isFolded: boolean;
}

/** Children of one node that are shown before it is unfolded. */
export const SHOWN_CHILDREN = 30;

/**
 * Rows from the root down. `unfolded` names nodes whose children are all shown; `folded` those whose children are not. A node
 * stands once, wherever a circle would lead.
 */
export function treeRows(
  tree: ProcessTree,
  folded: ReadonlySet<string>,
  unfolded: ReadonlySet<string>,
): readonly TreeRow[] {
  const nodes = new Map(tree.nodes.map((node) => [node.process, node] as const));
  const rows: TreeRow[] = [];
  const seen = new Set<string>();
  const todo: { readonly process: string; readonly depth: number }[] = [
    { process: tree.root, depth: 0 },
  ];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { process, depth } = next;
    const node = nodes.get(process);
    if (node === undefined || seen.has(process)) continue;
    seen.add(process);
    const isFolded = folded.has(process);
    const most = unfolded.has(process) ? node.children.length : SHOWN_CHILDREN;
    const children = isFolded ? [] : node.children.slice(0, most);
    rows.push({ node, depth, isFolded, hidden: Math.max(0, node.childCount - children.length) });
    for (const child of children.toReversed()) todo.push({ process: child, depth: depth + 1 });
  }
  return rows;
}

/** The file name of an image. */
export function baseName(image: string): string {
  return image.split(/[\\/]/).findLast((part) => part !== "") ?? image;
}
