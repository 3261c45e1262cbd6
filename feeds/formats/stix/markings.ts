import { type JsonObject, isJsonObject, objectsOf, textOf, textsOf } from "../json-object.ts";

/** The fixed ids of TLP 1 (STIX 2.1 §7.2.1.4) and of TLP 2 (its OASIS extension definition). */
const TLP_IDS: Readonly<Record<string, string>> = {
  "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": "TLP:WHITE",
  "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": "TLP:GREEN",
  "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": "TLP:AMBER",
  "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "TLP:RED",
  "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487": "TLP:CLEAR",
  "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb": "TLP:GREEN",
  "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421": "TLP:AMBER",
  "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003": "TLP:AMBER+STRICT",
  "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1": "TLP:RED",
};

/** Gives the TLP name that a marking-definition object stands for, by its fixed id, its definition or its name. */
export function tlpName(marking: JsonObject): string | undefined {
  const fixed = TLP_IDS[textOf(marking, "id") ?? ""];
  if (fixed !== undefined) return fixed;
  const definition = marking["definition"];
  const color = isJsonObject(definition) ? textOf(definition, "tlp") : undefined;
  const name = color === undefined ? textOf(marking, "name") : `TLP:${color}`;
  return name !== undefined && /^TLP:[A-Z]+(?:\+STRICT)?$/i.test(name)
    ? name.toUpperCase()
    : undefined;
}

/** Gives an object's marking references, whole and granular ones, then their TLP names; `known` resolves an id in its file. */
export function markingsOf(
  object: JsonObject,
  known: (id: string) => JsonObject | undefined,
): readonly string[] {
  const granular = objectsOf(object, "granular_markings").map((entry) =>
    textOf(entry, "marking_ref"),
  );
  const refs = [
    ...textsOf(object, "object_marking_refs"),
    ...granular.filter((ref) => ref !== undefined),
  ];
  const names = refs.map((ref) => TLP_IDS[ref] ?? tlpName(known(ref) ?? {}));
  return [...new Set([...refs, ...names.filter((name) => name !== undefined)])];
}
