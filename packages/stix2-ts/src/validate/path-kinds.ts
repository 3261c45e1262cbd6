import { renamed } from "../lift/observable-renames.ts";
import { hashName } from "../match/object-path.ts";
import type { Kind, Properties, Target } from "../model/kind.ts";
import { objectTable, observableTables } from "../model/object-tables.ts";
import { hashAlgorithm } from "../model/vocabulary.ts";
import type { ObjectPath, PathStep } from "../pattern/ast.ts";

/** What can stand at an object path: kinds of values (several after a reference), or why nothing can. */
export type PathKinds =
  | { readonly kinds: readonly Kind[] }
  | {
      readonly code:
        | "stix/pattern-unknown-type"
        | "stix/pattern-unknown-property"
        | "stix/pattern-impossible-path";
      readonly message: string;
      readonly section: string;
    };

type Failure = Exclude<PathKinds, { readonly kinds: readonly Kind[] }>;

const ANYTHING: readonly Kind[] = [{ kind: "any" }];
const TEXT: Kind = { kind: "string" };
const PATHS = "2.1 §9.7";
/** Names of object types, properties and extensions that nobody but their makers knows. */
const CUSTOM = /^(?:x[-_]|extension-definition--)/;

/** Follows an object path through the tables of objects. */
export function pathKinds({ objectType, steps }: ObjectPath): PathKinds {
  const table = objectTable(objectType);
  if (table === undefined) {
    return CUSTOM.test(objectType)
      ? { kinds: ANYTHING }
      : unknownType(`"${objectType}" is no type of STIX.`);
  }
  if (table.category !== "observable") {
    return unknownType(`"${objectType}" is no cyber-observable object: no observation has it.`);
  }
  let here: PathKinds = { kinds: [{ kind: "record", table: { ...table, name: objectType } }] };
  for (const step of steps) {
    if (!("kinds" in here)) break;
    here = stepInto(here.kinds, step);
  }
  return here;
}

function unknownType(message: string): Failure {
  return { code: "stix/pattern-unknown-type", message, section: PATHS };
}

/** What a step leads to from any of some kinds; a failure only if it fails from all of them. */
function stepInto(kinds: readonly Kind[], step: PathStep): PathKinds {
  const found: Kind[] = [];
  let failure: Failure | undefined;
  for (const kind of kinds) {
    const next = step.kind === "key" ? keyOf(kind, step.name) : elementOf(kind);
    if ("kinds" in next) found.push(...next.kinds);
    else failure ??= next;
  }
  return found.length > 0 || failure === undefined ? { kinds: found } : failure;
}

function elementOf(kind: Kind): PathKinds {
  if (kind.kind === "list") return { kinds: [kind.of] };
  if (kind.kind === "any") return { kinds: ANYTHING };
  return impossible(`[ ] asks for an element of a list, and here stands ${described(kind)}.`);
}

function keyOf(kind: Kind, name: string): PathKinds {
  switch (kind.kind) {
    case "any":
    case "observables":
      return { kinds: ANYTHING };
    case "record":
      return propertyOf(kind.table, name);
    case "dictionary":
      return { kinds: [kind.of] };
    case "hashes":
      return hashOf(name);
    case "extensions": {
      const table = Object.hasOwn(kind.predefined, name) ? kind.predefined[name] : undefined;
      if (table !== undefined) return { kinds: [{ kind: "record", table }] };
      return CUSTOM.test(name)
        ? { kinds: ANYTHING }
        : unknownProperty(`"${name}" is no extension of this type.`);
    }
    case "reference": {
      const tables = observableTables().filter(({ type }) => names(kind.to, type));
      const records = tables.map((table): Kind => ({ kind: "record", table: { ...table, name: table.type } })); // prettier-ignore
      return tables.length === 0 ? { kinds: ANYTHING } : stepInto(records, { kind: "key", name });
    }
    case "list":
      return impossible(`Before "${name}" stands a list: by the letter [*] or [n] must follow it.`);
    default:
      return impossible(`"${name}" is asked of ${described(kind)}.`);
  }
}

function propertyOf(
  table: { readonly name: string; readonly section: string; readonly properties: Properties },
  name: string,
): PathKinds {
  const property = Object.hasOwn(table.properties, name) ? table.properties[name] : undefined;
  if (property !== undefined) return { kinds: [property] };
  if (name === "type") return { kinds: [TEXT] };
  if (CUSTOM.test(name)) return { kinds: ANYTHING };
  const now = renamed(table.name, name);
  const hint =
    now === name
      ? ""
      : `; it is of STIX 2.0${CUSTOM.test(now) ? "" : `, and "${now}" stands in its place`}`;
  return { ...unknownProperty(`"${table.name}" has no property "${name}"${hint}.`), section: table.section }; // prettier-ignore
}

function hashOf(name: string): PathKinds {
  const known = hashAlgorithm.values.find((one) => hashName(one) === hashName(name));
  return known === undefined || known === name
    ? { kinds: [TEXT] }
    : { ...unknownProperty(`"${name}" is written "${known}" in STIX.`), section: "2.1 §10.7" };
}

function unknownProperty(message: string): Failure {
  return { code: "stix/pattern-unknown-property", message, section: PATHS };
}

function impossible(message: string): Failure {
  return { code: "stix/pattern-impossible-path", message, section: PATHS };
}

/** Custom objects may be meant too, but what they have nobody can tell. */
function names(to: readonly Target[], type: string): boolean {
  return to.includes(type) || to.includes("observable");
}

/** Names a kind in a message. */
export function described(kind: Kind): string {
  switch (kind.kind) {
    case "integer":
      return "a whole number";
    case "float":
      return "a number";
    case "boolean":
      return "true or false";
    case "timestamp":
      return "a timestamp";
    case "binary":
    case "hex":
      return "binary data";
    case "list":
      return "a list";
    case "record":
    case "dictionary":
    case "extensions":
    case "observables":
      return "an object";
    default:
      return "text";
  }
}
