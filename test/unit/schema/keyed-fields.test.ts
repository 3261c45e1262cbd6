import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { compilePattern, indexKey, parsePattern, type Anchor } from "stix2-ts";
import {
  fieldContainers,
  keyedFields,
  keyProbe,
  type KeyProbe,
} from "../../../services/core/schema/index.ts";
import { Wanted } from "../../../services/core/match/wanted.ts";
import { sysmonFields } from "../../../services/core/schema/sysmon-fields.ts";
import { valuesOf, wideAnchors, type PlacedValue } from "../../support/event-anchors.ts";
import { arrangements, ecsEvents } from "./documents.ts";

type Leaf = readonly [path: string, text: string];

/** The document as an index sees it: paths and texts, list elements one by one. */
function leavesOf(value: unknown, path = ""): readonly Leaf[] {
  if (Array.isArray(value)) {
    return value.flatMap((element) => leavesOf(element, path));
  }
  if (typeof value === "object" && value !== null) {
    const prefix = path === "" ? "" : `${path}.`;
    return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, prefix + key));
  }
  return value === null || value === undefined ? [] : [[path, text(value)]];
}

/** Numbers as the document has them, halves of characters replaced. */
function text(value: unknown): string {
  return typeof value === "string" ? value.toWellFormed() : JSON.stringify(value);
}

const fields = new Map(keyedFields.map((field) => [field.name, field]));

function found(probe: KeyProbe, leaves: readonly Leaf[], lower: boolean): boolean {
  return leaves.some(([path, value]) => {
    const field = fields.get(path);
    if (field === undefined || probe.wantedOf(field).length === 0 || (lower && !field.foldsCase)) {
      return false;
    }
    return probe.hits(field, lower ? value.toLowerCase() : value);
  });
}

/** The value as a whole, there and anywhere, and, in turn, one of the wider anchors that it has. */
function oneWide(placed: PlacedValue, turn: number): readonly Anchor[] {
  const wide = wideAnchors(placed);
  const whole: Anchor = { kind: "equals", key: indexKey(placed.value) };
  return [
    whole,
    { ...whole, path: placed.path },
    ...(wide.length === 0 ? [] : wide.slice(turn % wide.length).slice(0, 1)),
  ];
}

let turns = 0;

/** Anchors that an event has and to which no field of its document leads. */
function unfound(document: unknown): readonly Anchor[] {
  const leaves = leavesOf(document);
  const folding = leaves.filter(([path]) => fields.get(path)?.foldsCase === true);
  return valuesOf(document).flatMap((placed, at) =>
    oneWide(placed, turns++ + at).filter((anchor) => {
      const anchors = new Wanted();
      anchors.add(anchor);
      if (!anchors.anchors.meets(placed.value)) {
        return false; // no anchor of this value after all
      }
      const probe = keyProbe(anchors);
      if (!found(probe, leaves, false)) {
        return true;
      }
      return probe.isPlain && found(probe, folding, false) && !found(probe, folding, true);
    }),
  );
}

/** Layouts whose values stand in fields; the others keep them in a list or a text, where no index sees them. */
const indexed = arrangements.filter(({ lay }) => {
  const paths = leavesOf(lay(1, { Image: "C:\\a.exe" })).map(([path]) => path);
  return !paths.some((path) =>
    fieldContainers.some((container) => path === container || path.startsWith(`${container}.Data`)),
  );
});

const piece = fc.constantFrom(
  ...'C:\\ \\ / : . ; , = { } " evil.exe Évil İ K ß ﬁ HKLM HKU\\S-1-5-21-1-2-3 \\REGISTRY\\MACHINE\\'.split(
    " ",
  ),
  ..."MD5= SHA1=AB ::ffff:192.0.2.1 192.0.2.1 fe80::1 fe80::1%3 0x1F 17 1.50 1e3 type:  5 a.example CNAME".split(
    " ",
  ),
  "DWORD (0x0000002a)",
  "QWORD (0x00000001-0x00000002)",
  "Binary Data",
  "(Default)",
  "egress",
  "true",
  "ipv6",
  "2024-05-06 07:08:09.123",
  "2024-05-06T07:08:09Z",
  "{11111111-2222-3333-4444-55555555AAAA}",
  "HostUrl=http://a.example/x",
  "bücher.example.",
  "\ud800",
);
const someText = fc.oneof(
  fc.string(),
  fc.array(piece, { maxLength: 4 }).map((all) => all.join("")),
);
const scalar = fc.oneof(
  { weight: 5, arbitrary: someText },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
    ),
  },
);
const anyValue = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }));

describe("every key of an event is found by one of its fields", () => {
  test("most layouts keep values in fields", () => {
    expect(indexed.length).toBeGreaterThan(7);
  });

  test.each(indexed)("$name", ({ lay }) => {
    const events = fc.constantFrom(...sysmonFields.keys()).chain((id) =>
      fc.record({
        id: fc.constant(id),
        values: fc.dictionary(fc.constantFrom(...(sysmonFields.get(id) ?? []), "Hashes"), anyValue),
      }),
    );
    fc.assert(
      fc.property(events, ({ id, values }) => {
        expect(unfound(lay(id, values))).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });

  test.each(ecsEvents)("ECS: $name", ({ document }) => {
    expect(unfound(document)).toEqual([]);
    const paths = leavesOf(document).map(([path]) => path);
    const replace = (value: unknown, texts: Record<string, unknown>, path = ""): unknown =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value).map(([key, inner]) => {
              const at = path === "" ? key : `${path}.${key}`;
              const isRecord = /^(?:event|winlog\.(?:channel|provider|event_id))/.test(at);
              return [
                key,
                Object.hasOwn(texts, at) && !isRecord ? texts[at] : replace(inner, texts, at),
              ];
            }),
          )
        : value;
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...paths), anyValue), (texts) => {
        expect(unfound(replace(document, texts))).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });
});

describe("a probe", () => {
  test("asks only fields whose values come to stand at the path, references followed", () => {
    const namesAt = (pattern: string) => {
      const { anchors = [] } = compilePattern(parsePattern(pattern), { mode: "observable" });
      const wanted = new Wanted();
      anchors.forEach((anchor) => wanted.add(anchor));
      const probe = keyProbe(wanted);
      return keyedFields
        .filter((field) => probe.wantedOf(field).length > 0)
        .map(({ name }) => name);
    };
    const hash = namesAt("[file:hashes.'sha256' = 'aa']");
    expect(hash).toContain("winlog.event_data.Hashes");
    expect(hash).not.toContain("winlog.event_data.CommandLine");
    const parent = namesAt("[process:parent_ref.image_ref.name LIKE '%evil%']");
    expect(parent).toContain("winlog.event_data.ParentImage");
    expect(parent).not.toContain("winlog.event_data.TargetFilename");
    expect(namesAt("[process:x_none = 'evil.exe']")).toEqual([]);
    expect(namesAt("[windows-registry-key:values.data = 'evil.exe']")).toContain("winlog.event_data.Details"); // prettier-ignore
  });

  test("a name behind another is no address and no domain of its own", () => {
    const user = fields.get("user.name")!;
    const path = { objectType: "user-account", steps: [{ kind: "key", name: "user_id" }] } as const;
    for (const [key, value] of [
      ["0.2.1", "192.0.2.1"],
      ["50ﬁ", "1.50ﬁ"],
    ] as const) {
      // prettier-ignore
      const wanted = new Wanted();
      wanted.add({ kind: "domain-suffix", key, path });
      expect(keyProbe(wanted).hits(user, value)).toBe(true);
    }
  });

  test("asks only fields that can give such a key", () => {
    const names = keyedFields
      .filter((field) => keyProbe(Wanted.ofKeys(["#4321"])).wantedOf(field).length > 0)
      .map(({ name }) => name);
    expect(names).toContain("process.pid");
    expect(names).not.toContain("@timestamp");
    const timed = keyProbe(Wanted.ofKeys(["2024-05-06t07:08:09.123z"]));
    expect(timed.wantedOf(fields.get("@timestamp")!)).toHaveLength(1);
  });
});
