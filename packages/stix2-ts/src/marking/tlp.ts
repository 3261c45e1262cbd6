import type { DefinedExtension } from "../model/common-properties.ts";
import type { MarkingDefinition } from "../model/meta-objects.ts";

/** The extension by which a marking definition says TLP 2.0 (OASIS common object, defined as STIX 2.1 §7.3 asks). */
export const TLP2_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

/** A TLP name, of version 1 or 2. `TLP:WHITE` of version 1 is `TLP:CLEAR` of version 2. */
export type TlpName =
  "TLP:WHITE" | "TLP:CLEAR" | "TLP:GREEN" | "TLP:AMBER" | "TLP:AMBER+STRICT" | "TLP:RED";

function tlp1(uuid: string, tlp: "white" | "green" | "amber" | "red"): MarkingDefinition {
  return {
    type: "marking-definition",
    spec_version: "2.1",
    id: `marking-definition--${uuid}`,
    created: "2017-01-20T00:00:00.000Z",
    definition_type: "tlp",
    name: `TLP:${tlp.toUpperCase()}`,
    definition: { tlp },
  };
}

function tlp2(uuid: string, level: string): MarkingDefinition {
  const extension: DefinedExtension = { extension_type: "property-extension", tlp_2_0: level };
  return {
    type: "marking-definition",
    spec_version: "2.1",
    id: `marking-definition--${uuid}`,
    created: "2022-10-01T00:00:00.000Z",
    name: `TLP:${level.toUpperCase()}`,
    extensions: { [TLP2_EXTENSION]: extension },
  };
}

/** The marking definitions of TLP 1 (STIX 2.1 §7.2.1.4): no others may say TLP 1. */
export const TLP1 = {
  white: tlp1("613f2e26-407d-48c7-9eca-b8e91df99dc9", "white"),
  green: tlp1("34098fce-860f-48ae-8e50-ebd3cc5e41da", "green"),
  amber: tlp1("f88d31f6-486f-44da-b317-01333bde0b82", "amber"),
  red: tlp1("5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "red"),
} as const;

/** The marking definitions of TLP 2.0. */
export const TLP2 = {
  clear: tlp2("94868c89-83c2-464b-929b-a1a8aa3c8487", "clear"),
  green: tlp2("bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "green"),
  amber: tlp2("55d920b0-5e8b-4f79-9ee9-91f868d9b421", "amber"),
  amberStrict: tlp2("939a9414-2ddd-4d32-a0cd-375ea402b003", "amber+strict"),
  red: tlp2("e828b379-4e03-4974-9ac4-e53a884c97c1", "red"),
} as const;

const NAMES: ReadonlyMap<string, TlpName> = new Map(
  [...Object.values(TLP1), ...Object.values(TLP2)].map(({ id, name }) => [id, name as TlpName]),
);

/** Gives the TLP name that the id of a marking definition stands for, or undefined: TLP markings have fixed ids. */
export function tlpName(id: string): TlpName | undefined {
  return NAMES.get(id);
}
