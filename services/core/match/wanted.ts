import { AnchorSet, type Anchor } from "stix2-ts";
import { sourcesOf, type Source } from "../schema/path-sources.ts";

/** Anchors, and the sources that values which have them can come from; undefined: any. */
export interface WantedGroup {
  readonly sources: ReadonlySet<Source> | undefined;
  readonly anchors: AnchorSet;
}

/**
 * What a search looks for: anchors of patterns. A store that knows fields asks each for what it can give; one that does not
 * asks for all of them.
 */
export class Wanted {
  readonly #groups = new Map<ReadonlySet<Source> | undefined, WantedGroup>();
  #all: AnchorSet | undefined;

  static ofKeys(keys: Iterable<string>): Wanted {
    const wanted = new Wanted();
    for (const key of keys) wanted.add({ kind: "equals", key });
    return wanted;
  }

  /** All anchors, wherever their values stand. */
  get anchors(): AnchorSet {
    if (this.#all === undefined) {
      this.#all = new AnchorSet();
      for (const { anchors } of this.groups) {
        for (const key of anchors.keys) this.#all.add({ kind: "equals", key });
        for (const anchor of anchors.wide) this.#all.add(anchor);
      }
    }
    return this.#all;
  }

  /** Anchors by their sources. */
  get groups(): Iterable<WantedGroup> {
    return this.#groups.values();
  }

  /** Adds an anchor; one without a path may stand anywhere. */
  add(anchor: Anchor): void {
    const sources = anchor.path === undefined ? undefined : sourcesOf(anchor.path);
    let group = this.#groups.get(sources);
    if (group === undefined) {
      group = { sources, anchors: new AnchorSet() };
      this.#groups.set(sources, group);
    }
    group.anchors.add(anchor);
    this.#all = undefined;
  }
}
