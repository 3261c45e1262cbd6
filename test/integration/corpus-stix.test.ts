import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parseBundle, readBundleObjects, serialise, type ParsedBundle } from "stix2-ts";
import { CORPUS, describeCorpus } from "../support/corpus.ts";

interface Expected {
  readonly kind: string;
  readonly objects?: number;
  readonly indicators?: number;
  readonly observed_data?: number;
}

interface Counts {
  readonly files: Readonly<Record<string, Expected>>;
}

function stixFiles(): readonly (readonly [string, Expected])[] {
  if (CORPUS === "") return [];
  const { files }: Counts = JSON.parse(readFileSync(join(CORPUS, "expected_counts.json"), "utf8"));
  return Object.entries(files).filter(([, { kind }]) => kind === "stix2 bundle");
}

const textOf = (file: string) => readFileSync(join(CORPUS, file), "utf8");

/** Objects as they stand in the file: those that lifting made do not count, those rejected do. */
function counts(text: string): { objects: number; indicators: number; observed_data: number } {
  const { objects, rejected } = parseBundle(text, { lift: false });
  const types = [...objects, ...rejected.map(({ raw }) => raw as { type?: string })].map(({ type }) => type); // prettier-ignore
  return {
    objects: types.length,
    indicators: types.filter((type) => type === "indicator").length,
    observed_data: types.filter((type) => type === "observed-data").length,
  };
}

function tally(bundles: readonly ParsedBundle[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { severity, code } of bundles.flatMap(({ issues }) => issues)) {
    sums[`${severity} ${code}`] = (sums[`${severity} ${code}`] ?? 0) + 1;
  }
  return sums;
}

describeCorpus("STIX 2 objects of the corpus", () => {
  describe("every file is read, and has the objects that the corpus counts", () => {
    test.each(stixFiles())("%s", (file, { objects, indicators, observed_data }) => {
      // No difference: what the corpus counts, stands in the files, also where its own library refused the bundle.
      expect(counts(textOf(file))).toEqual({ objects, indicators, observed_data });
    });
  });

  test("what is kept is valid STIX 2.1, and comes back from its text", () => {
    for (const [file] of stixFiles()) {
      const { objects } = parseBundle(textOf(file));
      const bundle = { type: "bundle", id: "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d", objects } as const; // prettier-ignore
      const again = parseBundle(serialise(bundle));
      expect(again.rejected).toEqual([]);
      expect(again.objects).toEqual(objects);
    }
  });

  test("object by object gives the same", async () => {
    for (const [file] of stixFiles()) {
      const text = textOf(file);
      const whole = parseBundle(text);
      let [kept, rejected] = [0, 0];
      for await (const { object } of readBundleObjects([text])) {
        if (object === undefined) rejected += 1;
        else kept += 1;
      }
      expect(rejected).toBe(whole.rejected.length);
      expect(kept + rejected).toBe(counts(text).objects);
    }
  });

  test("what the files break", () => {
    const sums = tally(stixFiles().map(([file]) => parseBundle(textOf(file))));
    expect(sums).toEqual({
      // Traffic with neither end (STIX 2.0 part 4 §2.12).
      "error stix/at-least-one": 6,
      // CAPEC as the source of what is no CAPEC id (STIX 2.0 part 2 §2.1).
      "error stix/external-id": 2,
      // UUIDs of another variant than that of RFC 4122, as a hash gives whose bits were not set.
      "error stix/id-invalid": 11,
      // A comparison that a converter could not express and wrote as a word.
      "error stix/pattern-syntax": 2,
      // Reports without name, indicators without pattern, relationships without target, HTTP requests without method.
      "error stix/property-missing": 17,
      // identity_class as a list; header fields of HTTP and mail as text, which 2.1 wants as lists.
      "error stix/property-type": 37,
      // STIX 2.0 with UUIDs of version 1 and 5; tolerated.
      "error stix/uuid-version": 29,
      "warning stix/id-not-deterministic": 30,
      "warning stix/property-custom": 8204,
      "warning stix/relationship-unnamed": 908,
      // One id in capitals.
      "warning stix/uuid-case": 1,
      "warning stix/uuid-version": 6,
      "warning stix/vocabulary-value": 39,
    });
  });
});
