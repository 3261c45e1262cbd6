import { type Test, printTest } from "./condition.ts";

/** A comparison expression: what stands inside one `[ ]`. */
export type Comparisons =
  Test | { readonly all: readonly Comparisons[] } | { readonly any: readonly Comparisons[] };

export function all(parts: readonly Comparisons[]): Comparisons {
  const flat = parts.flatMap((part) => ("all" in part ? part.all : [part]));
  return flat.length === 1 && flat[0] !== undefined ? flat[0] : { all: flat };
}

export function any(parts: readonly Comparisons[]): Comparisons {
  const flat = parts.flatMap((part) => ("any" in part ? part.any : [part]));
  return flat.length === 1 && flat[0] !== undefined ? flat[0] : { any: flat };
}

/** Alternatives under a negated condition: the tests carry their own negation, so De Morgan turns `any` into `all`. */
export function either(parts: readonly Comparisons[], negated: boolean): Comparisons {
  return negated ? all(parts) : any(parts);
}

/** Requirements under a negated condition. */
export function both(parts: readonly Comparisons[], negated: boolean): Comparisons {
  return negated ? any(parts) : all(parts);
}

/** Prints what stands inside `[ ]`; with parentheses around every group. */
export function printComparisons(expression: Comparisons): string {
  if ("all" in expression) {
    return unique(
      expression.all.map((part) =>
        "any" in part ? `(${printComparisons(part)})` : printComparisons(part),
      ),
    ).join(" AND ");
  }
  if ("any" in expression) {
    return unique(
      expression.any.map((part) =>
        "all" in part ? `(${printComparisons(part)})` : printComparisons(part),
      ),
    ).join(" OR ");
  }
  return printTest(expression);
}

function unique(parts: readonly string[]): readonly string[] {
  return [...new Set(parts)];
}

/**
 * Comparisons by the thing they are about: everything of one `scope` must hold for one observation. A scope `A/B` is a part of
 * thing A (a service's registry value, a process's connection): what is said of `A` is said beside it.
 */
export type Scoped =
  | { readonly kind: "scope"; readonly scope: string; readonly expression: Comparisons }
  | { readonly kind: "and" | "or"; readonly parts: readonly Scoped[] };

/** Most alternatives that one pattern may get when OR is multiplied out; above it the pattern is refused. */
export const MAX_ALTERNATIVES = 500;

/** Joins by AND: one observation a scope. Gives undefined where it would take too many alternatives. */
export function scopedAnd(parts: readonly Scoped[]): Scoped | undefined {
  const flat = parts.flatMap((part) => (part.kind === "and" ? part.parts : [part]));
  const tied = tiedAlternatives(flat);
  if (tied.reduce((product, part) => product * part.parts.length, 1) > MAX_ALTERNATIVES) {
    return undefined;
  }
  const [first] = tied;
  if (first === undefined) return joinScopes(flat);
  // An alternative speaks of a thing that others speak of too: multiply out, or the tie between them would be lost.
  const rest = flat.filter((part) => part !== first);
  const products = first.parts.map((alternative) => scopedAnd([...rest, alternative]));
  const known = products.filter((product) => product !== undefined);
  return known.length < products.length ? undefined : scopedOr(known);
}

interface Alternatives {
  readonly kind: "and" | "or";
  readonly parts: readonly Scoped[];
}

/** Finds the ORs that speak of a thing which another part speaks of too. */
function tiedAlternatives(parts: readonly Scoped[]): readonly Alternatives[] {
  const uses = new Map<string, number>();
  for (const part of parts) {
    for (const root of rootsOf(part)) uses.set(root, (uses.get(root) ?? 0) + 1);
  }
  return parts
    .filter((part) => part.kind !== "scope")
    .filter(
      (part) => part.kind === "or" && [...rootsOf(part)].some((root) => (uses.get(root) ?? 0) > 1),
    );
}

function joinScopes(parts: readonly Scoped[]): Scoped {
  const scopes = new Map<string, Comparisons[]>();
  const joined: Scoped[] = [];
  for (const part of parts) {
    if (part.kind !== "scope") continue;
    const list = scopes.get(part.scope);
    if (list === undefined) scopes.set(part.scope, [part.expression]);
    else list.push(part.expression);
  }
  const names = [...scopes.keys()];
  for (const [scope, list] of scopes) {
    // What is said of a thing is said beside each of its parts; alone only where it has none.
    const base = names.filter((name) => scope.startsWith(`${name}/`));
    const expressions = [...base.flatMap((name) => scopes.get(name) ?? []), ...list];
    if (!names.some((name) => name.startsWith(`${scope}/`))) {
      joined.push({ kind: "scope", scope, expression: all(expressions) });
    }
  }
  const complete = joined.concat(parts.filter((part) => part.kind !== "scope"));
  return single(complete) ?? { kind: "and", parts: complete };
}

/** Joins by OR: alternatives of one scope share one `[ ]`, where one observation decides anyway. */
export function scopedOr(parts: readonly Scoped[]): Scoped {
  const flat = parts.flatMap((part) => (part.kind === "or" ? part.parts : [part]));
  const scopes = Map.groupBy(flat, (part) => (part.kind === "scope" ? part.scope : part));
  const joined = [...scopes].flatMap(([scope, list]): readonly Scoped[] =>
    typeof scope === "string"
      ? [{ kind: "scope", scope, expression: any(list.flatMap(expressionsOf)) }]
      : list,
  );
  return single(joined) ?? { kind: "or", parts: joined };
}

function expressionsOf(part: Scoped): readonly Comparisons[] {
  return part.kind === "scope" ? [part.expression] : [];
}

function single(parts: readonly Scoped[]): Scoped | undefined {
  return parts.length === 1 ? parts[0] : undefined;
}

function rootsOf(part: Scoped): ReadonlySet<string> {
  if (part.kind === "scope") return new Set([part.scope.split("/", 1)[0] ?? part.scope]);
  return new Set(part.parts.flatMap((inner) => [...rootsOf(inner)]));
}

/** Prints a whole pattern. Of observation operators AND binds before OR (STIX 2.1 §9.3); parentheses say so anyway. */
export function printScoped(part: Scoped): string {
  if (part.kind === "scope") return `[${printComparisons(part.expression)}]`;
  const texts = part.parts.map((inner) =>
    inner.kind === "scope" ? printScoped(inner) : `(${printScoped(inner)})`,
  );
  return texts.join(part.kind === "and" ? " AND " : " OR ");
}
