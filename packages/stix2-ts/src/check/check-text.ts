import { parseAddress } from "../value/address.ts";
import type { StringFormat } from "../model/kind.ts";

interface FormatCheck {
  readonly test: (text: string) => boolean;
  readonly what: string;
  readonly section: string;
  readonly code: string;
  /** The specification asks for it with a MUST that can be decided here. */
  readonly must: boolean;
}

const LANGUAGE = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/;
const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;
const EMAIL = /^[^\s@]+@[^\s@]+$/;
/** What no label of RFC 1034 §3.5 or RFC 5890 §2.3 can have is refused; underscores, which names in use have, are not. */
const DOMAIN = /^[^\s.,;/:@[\]]{1,63}(?:\.[^\s.,;/:@[\]]{1,63})*\.?$/u;
const URL = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$/;
const SELECTOR = /^(?:id|[a-z0-9_-]{3,250}(?:\.(?:\[\d+\]|[A-Za-z0-9_-]{1,250}))*)$/;

const format = (
  test: FormatCheck["test"],
  what: string,
  section: string,
  { must = true, code = "stix/value-format" } = {},
): FormatCheck => ({ test, what, section, code, must });

/** Formats of text properties; the object's own section says so where `section` is "". */
export const FORMATS: Readonly<Record<StringFormat, FormatCheck>> = {
  ipv4: format(
    (text) => parseAddress(text)?.family === 4,
    "an IPv4 address or a range in CIDR notation",
    "",
  ),
  ipv6: format(
    (text) => parseAddress(text)?.family === 6,
    "an IPv6 address or a range in CIDR notation",
    "",
  ),
  domain: format((text) => text.length <= 254 && DOMAIN.test(text), "a domain name", ""),
  mac: format((text) => MAC.test(text), "a lower-case MAC address with colons", ""),
  email: format((text) => EMAIL.test(text), "an e-mail address (RFC 5322 addr-spec)", ""),
  url: format((text) => URL.test(text), "a URL (RFC 3986)", "", { must: false }),
  language: format((text) => LANGUAGE.test(text), "a language code (RFC 5646)", "2.1 §3.2"),
  selector: format((text) => SELECTOR.test(text), "a selector", "2.1 §7.2.3.1", {
    code: "stix/selector-syntax",
  }),
};

/** What a hash of an algorithm looks like (STIX 2.1 §10.7). */
export const HASHES: ReadonlyMap<string, RegExp> = new Map([
  ["MD5", /^[0-9a-f]{32}$/i],
  ["SHA-1", /^[0-9a-f]{40}$/i],
  ["SHA-256", /^[0-9a-f]{64}$/i],
  ["SHA-512", /^[0-9a-f]{128}$/i],
  ["SHA3-256", /^[0-9a-f]{64}$/i],
  ["SHA3-512", /^[0-9a-f]{128}$/i],
  ["SSDEEP", /^\d+:[A-Za-z0-9/+]*:[A-Za-z0-9/+]*$/],
  ["TLSH", /^(?:T1)?[0-9a-f]{70}$/i],
]);

/** Names that STIX 2.0 has beside those of 2.1 (STIX 2.0 part 1 §6.6). */
export const HASHES_20: ReadonlySet<string> = new Set([
  "MD6",
  "RIPEMD-160",
  "SHA-224",
  "SHA-384",
  "SHA3-224",
  "SHA3-384",
  "ssdeep",
  "WHIRLPOOL",
]);

export const HEX = /^(?:[0-9a-fA-F]{2})*$/;
export const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
export const TYPE_NAME = /^[a-z0-9-]{3,250}$/;
export const PROPERTY_NAME = /^[a-z0-9_]{3,250}$/;
export const DICTIONARY_KEY = /^[A-Za-z0-9_-]{1,250}$/;
