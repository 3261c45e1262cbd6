import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { indexKey, type Anchor } from "stix2-ts";
import { Wanted } from "../../../services/core/match/wanted.ts";
import { keyedFields, keyProbe, plainSpellings } from "../../../services/core/schema/index.ts";

const hex = (length: number, digits: string) =>
  fc.string({ unit: fc.constantFrom(...digits), minLength: length, maxLength: length });
const digits = fc.constantFrom("0123456789abcdef", "0123456789ABCDEF", "09eE", "0123456789", "aF0");
const digest = fc
  .tuple(fc.constantFrom(31, 32, 40, 64, 128), digits)
  .chain(([length, from]) => hex(length, from));
const guid = fc
  .tuple(digits, fc.constantFrom("", "{"), fc.constantFrom("", "}"))
  .chain(([from, open, close]) =>
    fc
      .tuple(hex(8, from), hex(4, from), hex(4, from), hex(4, from), hex(12, from))
      .map((parts) => `${open}${parts.join("-")}${close}`),
  );
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV4Extended(),
  fc.ipV6(),
  fc.ipV4().map((ip) => `::ffff:${ip}`),
  fc.tuple(fc.ipV4(), fc.nat(32)).map(([ip, bits]) => `${ip}/${bits}`),
);
const name = fc.oneof(
  fc.domain(),
  fc.domain().map((text) => text.toUpperCase()),
  fc.domain().map((text) => `${text}.`),
  fc.constantFrom("xn--bcher-kva.example", "bücher.example", "a_b.example", "1.2.3.com", "1e5.e"),
  fc.constantFrom("xn--abc-.example", "a..example", "İ.example", "999.1.1.1", "01.2.3.4", "0x1f.e"),
);
const value = fc.oneof(
  digest,
  guid,
  address,
  name,
  fc.constantFrom("C:\\a\\evil.exe", "CORP\\abc.example", '"a.example"', "", "1e+31", "Infinity"),
);
const anchor = fc.oneof(
  { weight: 12, arbitrary: value.map((text): Anchor => ({ kind: "equals", key: indexKey(text) })) },
  {
    weight: 1,
    arbitrary: value
      .filter((text) => text.length > 4)
      .map((text): Anchor => ({ kind: "literal", text: text.toLowerCase().slice(1) })),
  },
  {
    weight: 1,
    arbitrary: name.map((text): Anchor => ({ kind: "domain-suffix", key: indexKey(text) })),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Anchor>({
      kind: "address-range",
      range: { family: 4, base: 0x0a00_0000n, prefix: 8 },
    }),
  },
);

describe("spellings of plain values", () => {
  test("name every value of plain form that hits, in every field", () => {
    let told = 0;
    fc.assert(
      fc.property(fc.array(anchor, { maxLength: 4 }), fc.array(value), fc.nat(), (anchors, values, nth) => {
        const wanted = new Wanted();
        anchors.forEach((one) => wanted.add(one));
        const probe = keyProbe(wanted);
        const field = keyedFields[nth % keyedFields.length]!;
        const plain = plainSpellings(field, probe);
        if (plain === undefined) return;
        const whole = new RegExp(`^(?:${plain.pattern})$`);
        const own = anchors.flatMap((one) => (one.kind === "equals" ? [one.key] : []));
        for (const text of [...values, ...own, ...own.map((key) => key.toUpperCase())]) {
          if (whole.test(text) && probe.hits(field, text)) {
            told++;
            expect(plain.terms).toContain(text);
          }
        }
      }),
      { numRuns: 10_000 },
    ); // prettier-ignore
    expect(told).toBeGreaterThan(300);
  });

  const sha = "0cfa166721b256f77ccf8e5a8fc17bd8d55eec90cfa166721b256f77ccf8e5aa";
  const field = (of: string) => keyedFields.find((one) => one.name === of)!;
  const of = (fieldName: string, ...anchors: readonly Anchor[]) => {
    const wanted = new Wanted();
    anchors.forEach((one) => wanted.add(one));
    return plainSpellings(field(fieldName), keyProbe(wanted));
  };
  const key = (text: string): Anchor => ({ kind: "equals", key: indexKey(text) });

  test("are lower and upper case of a hash, the one form of an address, and a name", () => {
    const hash = of("process.hash.sha256", key(sha));
    expect(hash?.terms).toEqual([sha, sha.toUpperCase()]);
    const path = { objectType: "ipv4-addr", steps: [{ kind: "key", name: "value" }] } as const;
    const ip = of("winlog.event_data.DestinationIp", { ...key("192.0.2.1"), path });
    expect(ip?.terms).toEqual(["192.0.2.1"]);
    expect(new RegExp(`^(?:${ip?.pattern})$`).test("::ffff:192.0.2.1")).toBe(false);
    const host = { objectType: "domain-name", steps: path.steps };
    const query = of("dns.question.name", { ...key("Evil.Example"), path: host });
    expect(query?.terms).toEqual(["evil.example"]);
    expect(new RegExp(`^(?:${query?.pattern})$`).test("Evil.example")).toBe(false);
  });

  test("are not told of lists of hashes, nor of addresses under a range; an international name has its encoded one", () => {
    expect(of("winlog.event_data.Hashes", key(sha))).toBeUndefined();
    expect(of("dns.question.name", key("bücher.example"))?.terms).toEqual([
      "xn--bcher-kva.example",
    ]);
    const path = { objectType: "ipv4-addr", steps: [{ kind: "key", name: "value" }] } as const;
    const range = { kind: "address-range", range: { family: 4, base: 0n, prefix: 0 }, path } as const; // prettier-ignore
    const plain = of("winlog.event_data.DestinationIp", range);
    expect(new RegExp(`^(?:${plain?.pattern})$`).test("10.0.0.1")).toBe(false);
  });
});
