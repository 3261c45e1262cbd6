/** Which addresses may be connected to: a name or an address that strangers write must not lead into the network we stand in. */
import type { LookupAddress, LookupOptions } from "node:dns";
import { lookup as systemLookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { ServiceError } from "../../core/errors.ts";

export interface AddressRules {
  /** Whether private, loopback, link-local and other addresses that are not public may be connected to. */
  readonly allowPrivate: boolean;
  /** Host names or addresses that alone may be connected to; empty: any. `.example.com` stands for all names below it. */
  readonly allowHosts: readonly string[];
}

/** Finds all addresses of a name. */
export type FindAddresses = (host: string) => Promise<readonly LookupAddress[]>;

const findAddresses: FindAddresses = async (host) => systemLookup(host, { all: true });

/** Says why an address may not be connected to; undefined: it may. */
export function refusalOfAddress(address: string, rules: AddressRules): string | undefined {
  if (rules.allowPrivate) {
    return undefined;
  }
  // `process` reads an IPv4 address out of ::ffff:…, which is how the system would connect to it.
  const range = ipaddr.isValid(address) ? ipaddr.process(address).range() : "no address";
  return range === "unicast" ? undefined : range;
}

/** Throws `http/address-refused` where a host is not on the list, or is itself an address that is refused. */
export function requireHost(host: string, rules: AddressRules): void {
  const name = host.replace(/^\[|\]$/g, "").replace(/\.$/, "").toLowerCase(); // prettier-ignore
  const isListed = rules.allowHosts.some((one) => {
    const allowed = one.toLowerCase();
    return allowed.startsWith(".") ? name.endsWith(allowed) : name === allowed;
  });
  if (rules.allowHosts.length > 0 && !isListed) {
    throw refused(`${name} is not among the hosts that are allowed`, name);
  }
  if (isIP(name) !== 0) {
    requireAddress(name, name, rules);
  }
}

/**
 * Looks a name up for a connection. Every address it has must be allowed, and the connection goes to one of those that
 * were looked at: asking a second time could bring another answer.
 */
export function guardedLookup(
  rules: AddressRules,
  find: FindAddresses = findAddresses,
): LookupFunction {
  return (host, options, done) => {
    void lookedUp(host, options, done);
  };

  async function lookedUp(
    host: string,
    options: LookupOptions,
    done: Parameters<LookupFunction>[2],
  ): Promise<void> {
    try {
      const found = await find(host);
      for (const { address } of found) requireAddress(address, host, rules);
      answer(found, options, done);
    } catch (error) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the callback takes any error
      done(error as NodeJS.ErrnoException, "");
    }
  }
}

function answer(
  found: readonly LookupAddress[],
  { all, family }: LookupOptions,
  done: Parameters<LookupFunction>[2],
): void {
  const wanted = typeof family === "number" && family !== 0 ? family : undefined;
  const fitting = found.filter((one) => wanted === undefined || one.family === wanted);
  const [first] = fitting;
  if (first === undefined) {
    throw new ServiceError("http/unreachable", "the name has no address", { retryable: true });
  }
  if (all === true) done(null, [...fitting]);
  else done(null, first.address, first.family);
}

function requireAddress(address: string, host: string, rules: AddressRules): void {
  const range = refusalOfAddress(address, rules);
  if (range !== undefined) {
    const what = address === host ? address : `${host} (${address})`;
    throw refused(`${what} is no public address (${range})`, host);
  }
}

function refused(message: string, host: string): ServiceError {
  return new ServiceError("http/address-refused", message, { facts: { host } });
}
