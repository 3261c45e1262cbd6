import { uuidVersion } from "./uuid.ts";

/** The parts of an identifier (STIX 2.1 §2.9): `indicator--<uuid>`. */
export interface Identifier {
  readonly type: string;
  readonly uuid: string;
  readonly uuidVersion: number;
}

/** Takes an identifier apart; undefined where the text is none (STIX 2.1 §2.9). */
export function parseIdentifier(text: string): Identifier | undefined {
  const at = text.length - 38;
  if (at < 1 || text.slice(at, at + 2) !== "--") return undefined;
  const type = text.slice(0, at);
  const uuid = text.slice(at + 2);
  const version = uuidVersion(uuid);
  return version === undefined || !/^[a-z0-9-]{1,250}$/.test(type)
    ? undefined
    : { type, uuid, uuidVersion: version };
}
