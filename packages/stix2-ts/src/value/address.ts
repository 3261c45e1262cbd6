/** An IP address or range: `bits` of 32 (IPv4) or 128 (IPv6); IPv4-mapped IPv6 addresses are IPv4. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly base: bigint;
  readonly prefix: number;
  /** Written as IPv6, as in `::ffff:1.2.3.4`: so it lies in ranges of IPv6 too. */
  readonly isMapped?: boolean;
}

/** Parses an address or CIDR range in any spelling; undefined where the text is neither. */
export function parseAddress(text: string): AddressRange | undefined {
  const plain = plainV4(text);
  if (plain >= 0) {
    return { family: 4, base: BigInt(plain), prefix: 32 };
  }
  if (text.length < 2 || text.length > 49 || !/^[0-9a-fA-F:.]+(?:\/\d{1,3})?$/.test(text)) {
    return undefined;
  }
  const slash = text.indexOf("/");
  const address = slash < 0 ? text : text.slice(0, slash);
  const given = slash < 0 ? undefined : Number(text.slice(slash + 1));
  const v4 = address.includes(":") ? undefined : parseV4(address);
  if (v4 !== undefined) {
    return range(4, v4, given ?? 32);
  }
  const v6 = address.includes(":") ? parseV6(address) : undefined;
  if (v6 === undefined) {
    return undefined;
  }
  if (v6 >> 32n !== 0xffffn || (given ?? 128) < 96) {
    return range(6, v6, given ?? 128);
  }
  const mapped = range(4, v6 & 0xffffffffn, (given ?? 128) - 96);
  return mapped === undefined ? undefined : { ...mapped, isMapped: true };
}

/** An address as each family that it was written in: an IPv4-mapped one is of both. */
export function families(address: AddressRange): readonly AddressRange[] {
  if (address.isMapped !== true) {
    return [address];
  }
  const { base, prefix } = address;
  return [address, { family: 6, base: (0xffffn << 32n) | base, prefix: prefix + 96 }];
}

function range(family: 4 | 6, address: bigint, prefix: number): AddressRange | undefined {
  return prefix > width(family)
    ? undefined
    : { family, base: mask(family, address, prefix), prefix };
}

function width(family: 4 | 6): number {
  return family === 4 ? 32 : 128;
}

/** Clears the bits of an address after its prefix. */
export function mask(family: 4 | 6, address: bigint, prefix: number): bigint {
  const host = BigInt(width(family) - prefix);
  return (address >> host) << host;
}

/** Whether every address of `inner` lies in `outer`. */
export function contains(outer: AddressRange, inner: AddressRange): boolean {
  return families(inner).some(
    ({ family, base, prefix }) =>
      family === outer.family &&
      outer.prefix <= prefix &&
      mask(family, base, outer.prefix) === outer.base,
  );
}

/** Makes the test whether an address or range, given as text, lies in a range; `read` gives the text to be parsed. */
export function containment(
  outer: AddressRange,
  read: (text: string) => string,
): (text: string) => boolean {
  const shift = 32 - outer.prefix;
  const network = outer.family === 4 ? Math.floor(Number(outer.base) / 2 ** shift) : -1;
  return (text) => {
    const v4 = plainV4(text);
    if (v4 >= 0) return Math.floor(v4 / 2 ** shift) === network;
    const inner = parseAddress(read(text));
    return inner !== undefined && contains(outer, inner);
  };
}

/** Whether the range is one address. */
export function isSingle(address: AddressRange): boolean {
  return address.prefix === width(address.family);
}

/** Writes an address as RFC 5952 §4 asks: lower case, no leading zeros, the longest run of zeros as `::`. */
export function formatAddress(address: AddressRange): string {
  if (address.family === 4) {
    return [24n, 16n, 8n, 0n].map((shift) => String((address.base >> shift) & 255n)).join(".");
  }
  const words = wordsOf(address);
  const runs = words.join(":").match(/\b0(?::0)+\b/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), "");
  if (longest === "") {
    return words.join(":");
  }
  const [head = "", ...tail] = `:${words.join(":")}:`.split(`:${longest}:`);
  return `${head.slice(1)}::${tail.join(`:${longest}:`).replace(/:$/, "")}`;
}

/** The usual ways to write one address: in short, without `::`, with all zeros; IPv4 inside IPv6 also as IPv4. */
export function addressSpellings(address: AddressRange): readonly string[] {
  return families(address).flatMap((one) => {
    const short = formatAddress(one);
    if (one.family === 4) {
      return address.isMapped === true ? [short, `::ffff:${short}`] : [short];
    }
    const words = wordsOf(one);
    return [short, words.join(":"), words.map((word) => word.padStart(4, "0")).join(":")];
  });
}

/** The 16-bit groups of an IPv6 address, without leading zeros. */
function wordsOf({ base }: AddressRange): readonly string[] {
  return Array.from({ length: 8 }, (_, i) =>
    ((base >> BigInt(112 - i * 16)) & 0xffffn).toString(16),
  );
}

/** An IPv6 address without its zone (`fe80::1%eth0`), which means something on its own host only (RFC 4007 §6). */
export function withoutZone(text: string): string {
  return text.includes("%") && text.length <= MAX_ZONED && ZONED.test(text)
    ? text.replace(/%[^/]*/, "")
    : text;
}

const MAX_ZONED = 100;
const ZONED = /^[0-9a-fA-F.]*:[0-9a-fA-F:.]*%[^/%\s]+(?:\/\d{1,3})?$/;

function parseV4(text: string): bigint | undefined {
  const plain = plainV4(text);
  return plain < 0 ? undefined : BigInt(plain);
}

/** The number of an IPv4 address in dotted decimals, without a prefix; -1 for any other text. */
export function plainV4(text: string): number {
  if (text.length < 7 || text.length > 15) return -1;
  let [address, part, digits, dots] = [0, 0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) {
      if (digits === 0 || ++dots > 3) return -1;
      address = address * 256 + part;
      part = digits = 0;
    } else {
      if (code < 48 || code > 57 || ++digits > 3) return -1;
      part = part * 10 + code - 48;
      if (part > 255) return -1;
    }
  }
  return dots === 3 && digits > 0 ? address * 256 + part : -1;
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) {
    return undefined;
  }
  const [head, tail] = [groups(halves[0] ?? ""), groups(halves[1] ?? "")];
  if (head === undefined || tail === undefined) {
    return undefined;
  }
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) {
    return undefined;
  }
  const all = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  return all.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n);
}

/** The 16-bit groups of one side of `::`; a dotted IPv4 tail gives two. */
function groups(text: string): readonly number[] | undefined {
  if (text === "") {
    return [];
  }
  const out: number[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    const v4 = i === parts.length - 1 && part.includes(".") ? parseV4(part) : undefined;
    if (v4 !== undefined) {
      out.push(Number(v4 >> 16n), Number(v4 & 0xffffn));
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      out.push(Number.parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return out;
}
