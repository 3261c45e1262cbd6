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
  /** All anchors, wherever their values stand. */
  readonly anchors = new AnchorSet();
  readonly #groups = new Map<string, WantedGroup>();

  static ofKeys(keys: Iterable<string>): Wanted {
    const wanted = new Wanted();
    for (const key of keys) wanted.add({ kind: "equals", key });
    return wanted;
  }

  /** Anchors by their sources, each kind of sources once. */
  get groups(): Iterable<WantedGroup> {
    return this.#groups.values();
  }

  /** Adds an anchor; one without a path may stand anywhere. */
  add(anchor: Anchor): void {
    const sources = anchor.path === undefined ? undefined : sourcesOf(anchor.path);
    const name = sources === undefined ? "" : [...sources].toSorted().join(",");
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = { sources, anchors: new AnchorSet() };
      this.#groups.set(name, group);
    }
    group.anchors.add(anchor);
    this.anchors.add(anchor);
  }
}
