import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { FeedError, readFeed } from "../../feeds/formats/index.ts";
import { CORPUS, describeCorpus } from "../support/corpus.ts";

interface Expected {
  readonly kind: string;
  readonly items?: number;
  readonly indicators?: number;
  readonly observables?: number;
  readonly valid_patterns_21?: number;
  readonly attributes?: number;
  readonly object_attributes?: number;
  readonly to_ids?: number;
}

interface Counts {
  readonly files: Readonly<Record<string, Expected>>;
}

/** Files whose count differs from the corpus's own, and why. */
const DIFFERENCES: Readonly<Record<string, { readonly got: number; readonly reason: string }>> = {
  "stix1/elevator-idioms/ioc-indicator.xml": {
    got: 1,
    reason:
      "five are groups of an OpenIOC document in a test mechanism, which calls them Indicator too",
  },
};

/** Files with more or fewer readable patterns than the corpus's own parser found, and why. */
const PATTERN_DIFFERENCES: Readonly<
  Record<string, { readonly got: number; readonly reason: string }>
> = {};

function expectedFiles(): readonly (readonly [string, Expected])[] {
  if (CORPUS === "") return [];
  const { files }: Counts = JSON.parse(readFileSync(join(CORPUS, "expected_counts.json"), "utf8"));
  return Object.entries(files);
}

function readFile(file: string) {
  return readFeed(file, readFileSync(join(CORPUS, file)));
}

function outcome(file: string): string {
  try {
    return readFile(file).format;
  } catch (error) {
    return error instanceof FeedError ? error.code : String(error);
  }
}

const files = expectedFiles();
const ofKind = (kind: string) => files.filter(([, expected]) => expected.kind === kind);

/** Reads every feed file of the shared corpus, where it is, and compares with its own counts. */
describeCorpus("feeds of the corpus", () => {
  describe("STIX 2 files of the corpus", () => {
    test.each(ofKind("stix2 bundle"))("%s", (file, { indicators, valid_patterns_21 }) => {
      const content = readFile(file);
      expect(content.format).toBe("stix");
      expect(content.entries.length).toBe(DIFFERENCES[file]?.got ?? indicators);
      expect(content.indicators.length).toBe(PATTERN_DIFFERENCES[file]?.got ?? valid_patterns_21);
    });
  });

  describe("OpenIOC files of the corpus", () => {
    test.each(ofKind("openioc"))("%s", (file, { items }) => {
      const { format, entries, indicators } = readFile(file);
      expect(format).toBe("openioc");
      expect(entries.reduce((sum, entry) => sum + (entry.items ?? 0), 0)).toBe(
        DIFFERENCES[file]?.got ?? items,
      );
      const usable = entries.filter(({ status }) => status === "accepted" || status === "partly");
      expect(indicators.map(({ id }) => id)).toEqual(usable.map(({ id }) => id));
      expect(new Set(indicators.map(({ id }) => id)).size).toBe(indicators.length);
    });
  });

  describe("MISP files of the corpus", () => {
    test.each(ofKind("misp"))(
      "%s",
      (file, { attributes = 0, object_attributes = 0, to_ids = 0 }) => {
        const { format, entries, indicators, ignored } = readFile(file);
        expect(format).toBe("misp");
        const isEvent = (code: string | undefined): boolean => code === "feed/not-for-detection";
        const own = entries.filter(({ code }) => !isEvent(code));
        const others = Object.values(ignored).reduce((sum, count) => sum + count, 0);
        expect(own.length + others).toBe(attributes + object_attributes);
        // The corpus counts the flags of attributes outside of objects alone.
        const outside = indicators.filter(({ id }) =>
          own.some((entry) => entry.id === id && !entry.where.includes("/Object")),
        );
        expect(outside.length).toBe(to_ids);
        const usable = own.filter(({ status }) => status === "accepted" || status === "partly");
        expect(indicators.map(({ id }) => id)).toEqual(usable.map(({ id }) => id));
      },
    );
  });

  describe("STIX 1 files of the corpus", () => {
    test.each(ofKind("stix1"))("%s", (file, { indicators, observables = 0 }) => {
      const content = readFile(file);
      expect(content.format).toBe("stix1");
      const own = content.entries.filter(({ code }) => code !== "feed/not-for-detection");
      expect(own.length).toBe(DIFFERENCES[file]?.got ?? indicators);
      expect(content.ignored["Observable"] ?? 0).toBeLessThanOrEqual(observables);
      const usable = own.filter(({ status }) => status === "accepted" || status === "partly");
      expect(content.indicators.map(({ id }) => id)).toEqual(usable.map(({ id }) => id));
    });
  });

  describe("other files of the corpus", () => {
    test.each([
      // A block list of another shape, and one bare STIX object that is no indicator.
      { name: "other JSON", given: ofKind("other json"), want: ["feed/not-stix", "stix"] },
    ])("$name", ({ given, want }) => {
      expect(given.length).toBeGreaterThan(0);
      expect([...new Set(given.map(([file]) => outcome(file)))].toSorted()).toEqual(want);
    });
  });

  test("what became of all indicators and items", () => {
    const sums: Record<string, Record<string, number>> = {};
    for (const [file] of [
      ...ofKind("stix2 bundle"),
      ...ofKind("stix1"),
      ...ofKind("openioc"),
      ...ofKind("misp"),
    ]) {
      const { format, entries } = readFile(file);
      const sum = (sums[format] ??= {});
      for (const { status, code } of entries) {
        const key = code === undefined ? status : `${status} ${code}`;
        sum[key] = (sum[key] ?? 0) + 1;
      }
    }
    expect(sums).toEqual({
      stix: {
        accepted: 1181,
        "rejected feed/pattern-missing": 4,
        "rejected feed/pattern-syntax": 2,
        "rejected feed/pattern-type-unsupported": 2,
      },
      stix1: {
        accepted: 37,
        "partly feed/partly-visible": 8,
        "partly feed/term-unknown": 2,
        "rejected feed/condition-unsupported": 1,
        "rejected feed/not-for-detection": 10,
        "rejected feed/pattern-missing": 1,
        "rejected feed/pattern-type-unsupported": 2,
        "rejected feed/reference-unknown": 1,
        "rejected feed/term-unknown": 6,
      },
      openioc: {
        accepted: 361,
        "partly feed/partly-visible": 4,
        "rejected feed/term-unknown": 32,
      },
      misp: {
        accepted: 558,
        "rejected feed/not-for-detection": 24,
        "rejected feed/term-unknown": 1,
      },
    });
  });
});
