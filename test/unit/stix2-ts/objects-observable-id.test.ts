import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { canonicalJson, observableId, parseIdentifier, StixError } from "stix2-ts";

/**
 * Ids that another implementation gives: `json.loads(Class(**given).serialize())["id"]` of the Python package `stix2` 3.0.2
 * (from PyPI, Python 3.11), once for each case.
 */
const PYTHON: readonly {
  name: string;
  given: { type: string; [property: string]: unknown };
  want: string;
}[] = [
  {
    name: "artifact by payload",
    given: {
      type: "artifact",
      mime_type: "image/jpeg",
      payload_bin: "VGhpcyBpcyBhIHRlc3Q=",
    },
    want: "artifact--89985a15-2e0d-5eac-bad7-e850ca202d2c",
  },
  {
    name: "artifact by hash",
    given: {
      type: "artifact",
      url: "https://example.com/a",
      hashes: {
        "SHA-256": "6db12788c37247f2316052e142f42f4b259d6561751e5f401a1ae2a6df9c674b",
      },
    },
    want: "artifact--db1dccc8-8cb7-5c9b-ab24-581e39ae0444",
  },
  {
    name: "autonomous system",
    given: {
      type: "autonomous-system",
      number: 15139,
      name: "Slime Industries",
    },
    want: "autonomous-system--3aa27478-50b5-5ab8-9da9-cdc12b657fff",
  },
  {
    name: "directory",
    given: {
      type: "directory",
      path: "C:\\Windows\\System32",
    },
    want: "directory--0a58d0c1-59e6-5afd-8252-dcd3f13e5622",
  },
  {
    name: "domain name",
    given: {
      type: "domain-name",
      value: "example.com",
    },
    want: "domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7",
  },
  {
    name: "domain name beyond ASCII",
    given: {
      type: "domain-name",
      value: "b\u00fccher.\u4f8b\u3048",
    },
    want: "domain-name--b4673683-9bea-53b3-bb4e-4a650b8e15dc",
  },
  {
    name: "e-mail address",
    given: {
      type: "email-addr",
      value: "john@example.com",
      display_name: "John Doe",
    },
    want: "email-addr--7165e2a9-671f-585d-b1e1-ca59c671d934",
  },
  {
    name: "e-mail message",
    given: {
      type: "email-message",
      is_multipart: false,
      from_ref: "email-addr--2d77a846-6264-5d51-b586-e43822ea1ea3",
      subject: 'Check out this "picture"\n',
      body: "a\tb\u2028c",
    },
    want: "email-message--41dbe137-4cd4-5e14-b52b-e368b0b6b102",
  },
  {
    name: "file by name",
    given: {
      type: "file",
      name: "foo.exe",
    },
    want: "file--7af1312c-4402-5d2f-b169-b118d73b85c4",
  },
  {
    name: "file: MD5 before SHA-256",
    given: {
      type: "file",
      name: "a.zip",
      hashes: {
        "SHA-256": "ceafbfd424be2ca4a5f0402cae090dda2fb0526cf521b60b60077c0f622b285a",
        MD5: "66e2ea40dc71d5ba701574ea215a81f1",
      },
    },
    want: "file--0934b8ea-be76-52eb-9f27-eee030a09ec5",
  },
  {
    name: "file: SHA-512 before SHA3-256",
    given: {
      type: "file",
      hashes: {
        "SHA3-256": "ceafbfd424be2ca4a5f0402cae090dda2fb0526cf521b60b60077c0f622b285a",
        "SHA-512":
          "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
      },
    },
    want: "file--39cf7bb7-502d-50ad-845c-b910a0598953",
  },
  {
    name: "file in a directory",
    given: {
      type: "file",
      name: "q\ud83d\ude00.exe",
      parent_directory_ref: "directory--93c0a9b0-520d-545d-9094-1a08ddf46b05",
    },
    want: "file--0282b1d8-b377-5c01-b5b7-0a0cefe35e03",
  },
  {
    name: "file with an extension of numbers",
    given: {
      type: "file",
      name: "foo.png",
      extensions: {
        "raster-image-ext": {
          image_height: 1024,
          exif_tags: {
            Make: "Nikon",
            XResolution: 4928,
          },
        },
      },
    },
    want: "file--c33dd40c-9d45-57e5-b2b3-0ff14b88453f",
  },
  {
    name: "file with a float in an extension",
    given: {
      type: "file",
      name: "foo.exe",
      extensions: {
        "windows-pebinary-ext": {
          pe_type: "exe",
          sections: [
            {
              name: ".data",
              entropy: 4.5e-7,
            },
            {
              name: ".text",
              entropy: 0.061089,
            },
          ],
        },
      },
    },
    want: "file--18a44a05-4f13-56d3-8764-8fc9125ef789",
  },
  {
    name: "IPv4 address",
    given: {
      type: "ipv4-addr",
      value: "198.51.100.3",
    },
    want: "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4",
  },
  {
    name: "IPv4 range",
    given: {
      type: "ipv4-addr",
      value: "198.51.100.0/24",
    },
    want: "ipv4-addr--1ea47840-aa39-5aa8-b4a2-cd203eb6662a",
  },
  {
    name: "IPv6 address",
    given: {
      type: "ipv6-addr",
      value: "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
    },
    want: "ipv6-addr--85a85a8c-ee99-5722-946d-3c3a3270fc6f",
  },
  {
    name: "MAC address",
    given: {
      type: "mac-addr",
      value: "d2:fb:49:24:37:18",
    },
    want: "mac-addr--757b1725-9903-54f5-a855-1240691d7659",
  },
  {
    name: "mutex",
    given: {
      type: "mutex",
      name: "__CLEANSWEEP__",
    },
    want: "mutex--f93fe911-e545-5239-b9b0-597840d0c871",
  },
  {
    name: "network traffic",
    given: {
      type: "network-traffic",
      src_ref: "ipv4-addr--4d22aae0-2bf9-5427-8819-e4f6abf20a53",
      dst_ref: "ipv4-addr--03b708d9-7761-5523-ab75-5ea096294a68",
      src_port: 24678,
      protocols: ["ipv4", "tcp"],
    },
    want: "network-traffic--be6472c2-77dc-5e1d-9c91-4ec1d317d2ae",
  },
  {
    name: "network traffic with HTTP",
    given: {
      type: "network-traffic",
      dst_ref: "domain-name--3c10e93f-798e-5a26-a0c1-08156efab7f5",
      dst_port: 80,
      protocols: ["tcp", "http"],
      extensions: {
        "http-request-ext": {
          request_method: "get",
          request_value: "/",
          request_header: {
            "Accept-Encoding": ["gzip,deflate"],
          },
        },
      },
    },
    want: "network-traffic--de7a19eb-8c4a-5cc3-afdf-dad8102bdbc6",
  },
  {
    name: "network traffic with times",
    given: {
      type: "network-traffic",
      dst_ref: "domain-name--3c10e93f-798e-5a26-a0c1-08156efab7f5",
      start: "2020-01-01T00:00:00Z",
      end: "2020-01-01T00:00:01.25Z",
      is_active: false,
      protocols: ["tcp"],
    },
    want: "network-traffic--fd640152-f31e-5485-a511-908cfab4a967",
  },
  {
    name: "software",
    given: {
      type: "software",
      name: "Word",
      cpe: "cpe:2.3:a:microsoft:word:2000:*:*:*:*:*:*:*",
      version: "2002",
      vendor: "Microsoft",
    },
    want: "software--710b0b41-d4d0-5d6c-a400-fc9254554ffc",
  },
  {
    name: "URL",
    given: {
      type: "url",
      value: "https://example.com/research/index.html?a=1&b=<2>",
    },
    want: "url--c625e869-239c-5352-9f80-fd5f3d1cc981",
  },
  {
    name: "user account",
    given: {
      type: "user-account",
      user_id: "1001",
      account_login: "jdoe",
      account_type: "unix",
    },
    want: "user-account--f94d689e-707d-58c3-b803-c720bb6ed096",
  },
  {
    name: "registry key",
    given: {
      type: "windows-registry-key",
      key: "hkey_local_machine\\system\\bar\\foo",
    },
    want: "windows-registry-key--67c068a7-2c94-526b-8e90-d0f8d96c630f",
  },
  {
    name: "registry key with values",
    given: {
      type: "windows-registry-key",
      key: "hkey_local_machine\\system\\bar\\foo",
      values: [
        {
          name: "Foo",
          data: "qwerty",
          data_type: "REG_SZ",
        },
        {
          name: "Bar",
          data: "42",
          data_type: "REG_DWORD",
        },
      ],
    },
    want: "windows-registry-key--f6a11ddf-fa2b-54c8-97ab-e7f28413095a",
  },
  {
    name: "certificate",
    given: {
      type: "x509-certificate",
      issuer: "C=ZA",
      serial_number: "36:f7:d4:32:f4:ab:70:ea:d3:ce:98:6e:ea:99:93:49:32:0a:b7:06",
    },
    want: "x509-certificate--bf86f034-2390-54d7-8426-d08433db3fbe",
  },
];

describe("observableId", () => {
  test.each(PYTHON)("is that of the Python library: $name", ({ given, want }) => {
    expect(observableId(given)).toBe(want);
  });

  test.each([
    { name: "a process: nothing contributes", given: { type: "process", pid: 1 } },
    {
      name: "an account without what contributes",
      given: { type: "user-account", display_name: "a" },
    },
    { name: "a custom type", given: { type: "x-thing", value: "a" } },
    { name: "a domain object", given: { type: "malware", name: "a" } },
    { name: "hashes without any", given: { type: "file", hashes: {} } },
    { name: "a property of the prototype only", given: Object.create({ value: "a" }, { type: { value: "url", enumerable: true } }) as { type: string } }, // prettier-ignore
  ])("is undefined for $name", ({ given }) => {
    expect(observableId(given)).toBeUndefined();
  });

  test("takes the first hash by name where none of the four is there, in whatever order they stand", () => {
    const [tlsh, ssdeep] = ["T1", "3:a:b"];
    expect(observableId({ type: "file", hashes: { TLSH: tlsh, SSDEEP: ssdeep } })).toBe(
      observableId({ type: "file", hashes: { SSDEEP: ssdeep } }),
    );
  });

  test("does not depend on the order of properties, nor on properties that do not contribute", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: "binary" }), (name, vendor) => {
        const id = observableId({ type: "software", name, vendor });
        expect(observableId({ languages: ["en"], vendor, name, type: "software" })).toBe(id);
        expect(parseIdentifier(id ?? "")).toMatchObject({ type: "software", uuidVersion: 5 });
      }),
    );
  });
});

describe("canonicalJson", () => {
  test.each([
    // RFC 8785 §3.2.2 and §3.2.3, and its appendix B for numbers
    {
      name: "the RFC's example",
      given: {
        numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
        string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/",
        literals: [null, true, false],
      },
      want: '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    },
    {
      name: "keys by UTF-16 code units",
      given: {
        "\u20ac": 1,
        "\r": 2,
        "\ufb33": 3,
        "1": 4,
        "\ud83d\ude00": 5,
        "\u0080": 6,
        "\u00f6": 7,
      },
      want: '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
    },
    { name: "minus zero", given: [-0], want: "[0]" },
    { name: "the smallest number", given: [5e-324], want: "[5e-324]" },
    { name: "undefined left out", given: { a: undefined, b: 1 }, want: '{"b":1}' },
    {
      name: "a key __proto__",
      given: JSON.parse('{"__proto__":1}') as unknown,
      want: '{"__proto__":1}',
    },
  ])("$name", ({ given, want }) => {
    expect(canonicalJson(given)).toBe(want);
  });

  const circle: unknown[] = [];
  circle.push(circle);
  test.each([
    { name: "NaN", given: NaN },
    { name: "infinity", given: [Infinity] },
    { name: "a bigint", given: 1n },
    { name: "a function", given: () => 1 },
    { name: "undefined", given: undefined },
    { name: "a lone surrogate", given: "\ud800" },
    { name: "a lone surrogate in a key", given: { "\udc00": 1 } },
    { name: "a circle", given: circle },
  ])("throws for $name", ({ given }) => {
    expect(() => canonicalJson(given)).toThrow(StixError);
    expect(codeOf(() => canonicalJson(given))).toBe("stix/not-canonical");
  });

  test("gives a text that JSON.parse takes back", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

function codeOf(act: () => unknown): string {
  try {
    act();
    return "nothing thrown";
  } catch (error) {
    return error instanceof StixError ? error.code : String(error);
  }
}
