/** What a set of patterns asks of lines: the fields whose values can call one of them up, and how. */
import type { AnchorKinds, ObjectPath, PatternSet } from "stix2-ts";
import type { LinePath } from "../ports.ts";
import {
  eventIdsFor,
  fieldContainers,
  keyedFields,
  layouts,
  type KeyedField,
} from "../schema/index.ts";
import type { FieldUse } from "../schema/keyed-fields.ts";
import { eventIdsOf } from "../schema/limitation.ts";
import { sourceOf, sourcesOf, type Source } from "../schema/path-sources.ts";
import type { Transform } from "../schema/transforms.ts";

/** One reading of a field's text, with the kinds of anchors that what its conversions give can have. */
export interface AskedUse extends Omit<FieldUse, "transforms"> {
  readonly gives: readonly { readonly as: Transform; readonly kinds: AnchorKinds }[];
}

/** A field with the readings of it that count. */
export interface AskedField {
  readonly name: string;
  readonly uses: readonly AskedUse[];
  /** Its text stands behind another's, and the whole of both counts too: any value may be the end of one. */
  readonly isEnd: boolean;
  /** It holds the event id. */
  readonly isEventId: boolean;
}

/** What makes an event one that a pattern may meet. */
export interface Asked {
  readonly fields: readonly AskedField[];
  /** Events of these ids are tried whatever they hold: patterns without anchors. */
  readonly eventIds: ReadonlySet<number>;
}

/** Finds what the patterns of a set ask for, from their anchors and the tables of log schemas and objects. */
export function askedOf(set: PatternSet): Asked {
  const sources = new Map<Source, AnchorKinds>();
  for (const { path, kinds } of set.anchoredPaths) {
    for (const source of sourcesOf(path)) {
      sources.set(source, kinds.union(sources.get(source) ?? new Set()));
    }
  }
  const eventIds = new Set<number>();
  for (const expression of set.unanchored()) {
    for (const id of eventIdsOf(expression, eventIdsAnywhere)) eventIds.add(id);
  }
  const fields = new Map<string, AskedField>();
  for (const field of keyedFields) {
    const asked = askedField(field, sources);
    if (asked !== undefined) fields.set(field.name, asked);
  }
  if (eventIds.size > 0) {
    for (const name of layouts.flatMap(({ record }) => record.eventId)) {
      const { uses = [], isEnd = false } = fields.get(name) ?? {};
      fields.set(name, { name, uses, isEnd, isEventId: true });
    }
  }
  return { fields: [...fields.values()], eventIds };
}

/** Places in lists are not looked at: a field that a log has several times makes a list of any property. */
function eventIdsAnywhere({ objectType, steps }: ObjectPath): ReadonlySet<number> {
  return eventIdsFor({ objectType, steps: steps.filter(({ kind }) => kind === "key") });
}

function askedField(
  { name, uses, follows }: KeyedField,
  sources: ReadonlyMap<Source, AnchorKinds>,
): AskedField | undefined {
  const asked = uses
    .map(({ transforms, ...use }) => ({
      ...use,
      gives: transforms.flatMap((as) => {
        const kinds = sources.get(sourceOf(use.canonical, as));
        return kinds === undefined ? [] : [{ as, kinds }];
      }),
    }))
    .filter(({ gives }) => gives.length > 0);
  if (asked.length === 0) return undefined;
  const isEnd = follows && asked.some((use) => use.gives.some(({ as }) => !ofOnePart.has(as)));
  return { name, uses: asked, isEnd, isEventId: false };
}

/** Conversions of `DOMAIN\\name` that give of each part what they give of the whole, or less. */
const ofOnePart: ReadonlySet<Transform> = new Set<Transform>(["account", "domain"]);

/**
 * The places to look at, each field under its place in the list, from 1 on. Where a container is anything but an object of
 * fields (a text of JSON or XML, a list of named elements), its line has to be parsed.
 */
export function linePaths({ fields }: Asked): readonly LinePath[] {
  if (fields.length === 0) return [];
  const paths: LinePath[] = fields.map(({ name }, i) => ({
    keys: name.split("."),
    field: i + 1,
    odd: ["object"],
  }));
  for (const container of fieldContainers) {
    const keys = container === "" ? [] : container.split(".");
    if (keys.length > 0) paths.push({ keys, field: 0, odd: ["text", "list"] });
    paths.push({ keys: [...keys, "Data"], field: 0, odd: ["list", "object"] });
  }
  return paths;
}

/** Keys under which a line may hold the document instead of being it. */
export const WRAPPERS: readonly string[] = ["_source"];
