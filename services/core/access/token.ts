/** The text that a client shows. Its prefix lets scanners for leaked secrets find it; its id is no secret. */
const TOKEN = /^stixsweep_([0-9a-f]{16})_([0-9a-f]{64})$/;

export interface Token {
  /** 64 bits, hexadecimal; names the key in lists and logs. */
  readonly id: string;
  /** 256 bits, hexadecimal. */
  readonly secret: string;
}

/** Writes a token as `stixsweep_<id>_<secret>`. */
export function writeToken({ id, secret }: Token): string {
  return `stixsweep_${id}_${secret}`;
}

/** Reads a token; undefined for anything else, whatever it is. */
export function readToken(text: string): Token | undefined {
  const [, id, secret] = TOKEN.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}
