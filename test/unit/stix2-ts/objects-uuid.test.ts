import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { sha1 } from "../../../packages/stix2-ts/src/id/sha1.ts";
import { uuidV5 } from "stix2-ts";

describe("uuidV5", () => {
  test.each([
    {
      name: "DNS name, from the Python documentation",
      given: ["6ba7b810-9dad-11d1-80b4-00c04fd430c8", "python.org"],
      want: "886313e1-3b8a-5372-9b90-0c9aee199e5d",
    },
    {
      name: "DNS name, from RFC 9562 appendix A.4",
      given: ["6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com"],
      want: "2ed6657d-e927-568b-95e1-2665a8aea6a2",
    },
  ] as const)("$name", ({ given: [namespace, name], want }) => {
    expect(uuidV5(namespace, name)).toBe(want);
  });
});

test("sha1 agrees with the platform's, at any length", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(Buffer.from(sha1(bytes)).toString("hex")).toBe(
        createHash("sha1").update(bytes).digest("hex"),
      );
    }),
  );
});
