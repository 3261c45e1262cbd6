/** The processes around one: what started it, what it started, and what each of them did. */
import type { CompiledPattern } from "stix2-ts";
import type { SysmonEvent } from "../schema/index.ts";
import { Hunt, type FoundEvent, type HuntDeps, type HuntLimits } from "./hunt.ts";
import {
  activityOf,
  created,
  guidIn,
  guidOf,
  inferred,
  type Activity,
  type ProcessNode,
} from "./process-node.ts";

export interface TreeQuery {
  /** Lower case. */
  readonly host: string;
  readonly guid: string;
  /** Generations of descendants. */
  readonly depth: number;
  /** Activities of each event id that are given of a process. */
  readonly activities: number;
}

export interface TreeNode extends ProcessNode {
  /** By start; those that are given. */
  readonly children: readonly string[];
  /** How many it started, given or not. */
  readonly childCount: number;
  /** How many activities it has, by event id, and the first of each. */
  readonly counts: Readonly<Record<string, number>>;
  readonly activities: readonly Activity[];
  /** Whether what it did and started was looked for: ancestors and the last generation are named alone. */
  readonly isOpen: boolean;
}

export interface ProcessTree {
  /** The eldest ancestor that is known. */
  readonly root: string;
  readonly focus: string;
  readonly nodes: readonly TreeNode[];
  readonly complete: boolean;
  readonly stoppedBy: Hunt["stoppedBy"];
  readonly problems: readonly string[];
}

export interface TreeDeps extends HuntDeps {
  readonly compile: (pattern: string) => CompiledPattern;
}

/** Ancestors beyond this are no processes, but somebody's joke. */
const MOST_ANCESTORS = 64;
/** Nodes of one tree, and children of one node, that are given. */
const MOST_NODES = 2000;
const MOST_CHILDREN = 200;
/** GUIDs of one look. */
const MOST_GUIDS = 1000;

/** Finds the tree; undefined where no event names the process. */
export async function findProcessTree(
  deps: TreeDeps,
  query: TreeQuery,
  limits: HuntLimits,
): Promise<ProcessTree | undefined> {
  const focus = guidOf(query.guid);
  if (focus === undefined) {
    return undefined;
  }
  const tree = new GrowingTree(deps, query, new Hunt(deps, limits));
  await tree.open([focus]);
  if (!tree.has(focus)) {
    return undefined;
  }
  await tree.openDescendants(focus);
  const root = await tree.findAncestors(focus);
  return tree.finished(root, focus);
}

interface Growing {
  node: ProcessNode;
  readonly children: Map<string, ProcessNode>;
  readonly counts: Map<number, number>;
  readonly activities: Activity[];
  /** Places of events that were counted: the same event may be found by two looks. */
  readonly seen: Set<string>;
}

class GrowingTree {
  readonly #deps: TreeDeps;
  readonly #query: TreeQuery;
  readonly #hunt: Hunt;
  readonly #nodes = new Map<string, Growing>();
  readonly #opened = new Set<string>();
  readonly #saidOf = new Map<string, ProcessNode>();

  constructor(deps: TreeDeps, query: TreeQuery, hunt: Hunt) {
    this.#deps = deps;
    this.#query = query;
    this.#hunt = hunt;
  }

  has(guid: string): boolean {
    return this.#nodes.has(guid);
  }

  /** Looks for all that processes did and started. */
  async open(guids: readonly string[]): Promise<void> {
    for (let at = 0; at < guids.length; at += MOST_GUIDS) {
      const part = new Set(guids.slice(at, at + MOST_GUIDS));
      for (const guid of part) this.#opened.add(guid);
      await this.#look(part, (found) => this.#take(part, found));
    }
  }

  /** Opens the generations below a process, as many as were asked for. */
  async openDescendants(focus: string): Promise<void> {
    let generation = [focus];
    for (let depth = 1; depth < this.#query.depth; depth++) {
      const next = generation
        .flatMap((guid) => this.#childrenOf(guid).slice(0, MOST_CHILDREN))
        .filter((guid) => !this.#opened.has(guid)) // a circle
        .slice(0, Math.max(0, MOST_NODES - this.#nodes.size));
      if (next.length === 0) {
        return;
      }
      await this.open(next);
      generation = next;
    }
  }

  /** Finds what started a process, what started that, and so on; gives the last one known. */
  async findAncestors(focus: string): Promise<string> {
    let current = focus;
    const line = new Set([focus]);
    while (line.size < MOST_ANCESTORS) {
      const parent = this.#nodes.get(current)?.node.parent;
      if (parent === undefined || line.has(parent)) {
        return current;
      }
      line.add(parent);
      const wanted = new Set([parent]);
      await this.#look(wanted, ({ event }) => {
        if (event.eventId === 1 && guidIn(event, "ProcessGuid") === parent) {
          this.#learnCreation(parent, event);
        }
      });
      this.#adopt(parent, current);
      current = parent;
    }
    return current;
  }

  finished(root: string, focus: string): ProcessTree {
    const { complete, stoppedBy, problems } = this.#hunt;
    const nodes = [...this.#nodes].map(([guid, growing]): TreeNode => {
      const children = this.#childrenOf(guid);
      return {
        ...growing.node,
        children: children.filter((child) => this.#nodes.has(child)).slice(0, MOST_CHILDREN),
        childCount: children.length,
        counts: Object.fromEntries([...growing.counts].toSorted(([a], [b]) => a - b)),
        activities: growing.activities.toSorted((a, b) => a.time - b.time),
        isOpen: this.#opened.has(guid),
      };
    });
    return { root, focus, nodes, complete, stoppedBy, problems };
  }

  async #look(guids: ReadonlySet<string>, found: (event: FoundEvent) => void): Promise<void> {
    const list = [...guids]
      .map((guid) => `'${guid.replace(/[\\']/g, String.raw`\$&`)}'`)
      .join(", ");
    const pattern = this.#deps.compile(`[process:x_process_guid IN (${list})]`);
    // GUIDs hold the machine's own, but machines are cloned.
    await this.#hunt.each([pattern], ({ host }) => (host ?? "") === this.#query.host, found);
  }

  #take(guids: ReadonlySet<string>, found: FoundEvent): void {
    const { event } = found;
    const [own, parent] = [guidIn(event, "ProcessGuid"), guidIn(event, "ParentProcessGuid")];
    if (parent !== undefined && guids.has(parent) && own !== undefined) {
      this.#learn(inferred(parent, event, "Parent"));
      this.#nodes.get(parent)?.children.set(own, created(own, event));
      if (this.#nodes.size < MOST_NODES && this.#hasRoom(parent)) this.#learnCreation(own, event);
    }
    if (own !== undefined && guids.has(own)) {
      if (event.eventId === 1) this.#learnCreation(own, event);
      else this.#learn(inferred(own, event, ""));
      this.#note(own, found);
    }
    for (const prefix of ["Source", "Target"]) {
      const guid = guidIn(event, `${prefix}ProcessGuid`);
      if (guid !== undefined && guids.has(guid)) {
        this.#learn(inferred(guid, event, prefix));
        this.#note(guid, found);
      }
    }
  }

  #hasRoom(parent: string): boolean {
    return this.#query.depth > 0 && (this.#nodes.get(parent)?.children.size ?? 0) <= MOST_CHILDREN;
  }

  #learnCreation(guid: string, event: SysmonEvent): void {
    const node = created(guid, event);
    this.#learn(node);
    // What it says of its parent is all there is where that one's own creation is not among the events.
    if (node.parent !== undefined) {
      this.#saidOf.set(node.parent, inferred(node.parent, event, "Parent"));
    }
  }

  /** Keeps the best that is known of a process: its creation, else the first event that named it. */
  #learn(node: ProcessNode): void {
    const known = this.#nodes.get(node.guid);
    if (known === undefined) {
      const [children, counts] = [new Map<string, ProcessNode>(), new Map<number, number>()];
      this.#nodes.set(node.guid, { node, children, counts, activities: [], seen: new Set() });
    } else if (known.node.isInferred && !node.isInferred) {
      known.node = { ...node, end: known.node.end };
    }
  }

  /** What a child says of a parent that no event tells of otherwise. */
  #adopt(parent: string, child: string): void {
    const known = this.#nodes.get(child)?.node;
    const said = this.#saidOf.get(parent);
    if (known === undefined || said === undefined) return;
    this.#learn(said);
    this.#nodes.get(parent)?.children.set(child, known);
  }

  #note(guid: string, found: FoundEvent): void {
    const growing = this.#nodes.get(guid);
    const { event, partition, position } = found;
    const place = `${partition} ${position}`;
    if (growing === undefined || growing.seen.has(place)) return;
    growing.seen.add(place);
    if (event.eventId === 5) {
      growing.node = { ...growing.node, end: event.time };
    } else if (event.eventId !== 1) {
      const count = (growing.counts.get(event.eventId) ?? 0) + 1;
      growing.counts.set(event.eventId, count);
      if (count <= this.#query.activities) growing.activities.push(activityOf(guid, found));
    }
  }

  #childrenOf(guid: string): readonly string[] {
    const children = this.#nodes.get(guid)?.children ?? new Map<string, ProcessNode>();
    return [...children.values()]
      .toSorted((a, b) => (a.start ?? 0) - (b.start ?? 0))
      .map((child) => child.guid);
  }
}
