import { describe, expect, test } from "@jest/globals";
import type { ProcessNode } from "../../../services/console/src/hunt/answers.ts";
import {
  criteriaOf,
  readCondition,
  readHunt,
  writeCondition,
  type Condition,
} from "../../../services/console/src/hunt/conditions.ts";
import { baseName, treeRows } from "../../../services/console/src/hunt/tree-rows.ts";

const condition: Condition = { field: "Image", op: "is", value: "a", isDenied: false };

describe("conditions of a hunt", () => {
  test.each([
    condition,
    { ...condition, isDenied: true },
    { ...condition, value: "a b  c\n!x" },
    { ...condition, value: "" },
    { ...condition, op: "exists" as const, value: "" },
  ])("are the same after a link: %j", (one) => {
    expect(readCondition(writeCondition(one))).toEqual(one);
  });

  test.each(["", "Image", "Image like x", "! is x"])("%j is none", (text) => {
    expect(readCondition(text)).toBeUndefined();
  });

  test.each([
    { query: "", want: undefined },
    { query: "c=Image+is+a", want: { field: "Image", op: "is", value: "a" } },
    { query: "c=!Image+is+a", want: { not: { field: "Image", op: "is", value: "a" } } },
    { query: "c=Image+is+", want: undefined },
    { query: "c=Image+exists", want: { field: "Image", op: "exists" } },
    {
      query: "join=any&c=Image+is+a&c=User+is+b",
      want: { any: [{ field: "Image", op: "is", value: "a" }, { field: "User", op: "is", value: "b" }] }, // prettier-ignore
    },
    {
      query: "c=Image+is+a&pattern=%5Ba:b%3D1%5D",
      want: { all: [{ field: "Image", op: "is", value: "a" }, { pattern: "[a:b=1]" }] },
    },
  ])("$query asks for $want", ({ query, want }) => {
    expect(criteriaOf(readHunt(new URLSearchParams(query)))).toEqual(want);
  });
});

function node(
  process: string,
  children: readonly string[],
  more: Partial<ProcessNode> = {},
): ProcessNode {
  // prettier-ignore
  return {
    process,
    pid: "1",
    image: process,
    commandLine: "",
    user: "",
    integrityLevel: "",
    directory: "",
    hashes: {},
    start: null,
    end: null,
    isInferred: false,
    parent: null,
    children,
    childCount: children.length,
    counts: {},
    activities: [],
    isOpen: true,
    ...more,
  };
}

describe("rows of a tree", () => {
  const shown = (
    nodes: readonly ProcessNode[],
    folded: readonly string[] = [],
    unfolded: readonly string[] = [],
  ) =>
    // prettier-ignore
    treeRows(
      { root: "r", focus: "r", nodes, complete: true },
      new Set(folded),
      new Set(unfolded),
    ).map((row) => [row.node.process, row.depth, row.hidden]);

  test("go from the root down, children in their order", () => {
    const nodes = [node("b", ["d"]), node("r", ["a", "b"]), node("a", []), node("d", [])];
    expect(shown(nodes)).toEqual([["r", 0, 0], ["a", 1, 0], ["b", 1, 0], ["d", 2, 0]]); // prettier-ignore
    expect(shown(nodes, ["b"])).toEqual([["r", 0, 0], ["a", 1, 0], ["b", 1, 1]]); // prettier-ignore
  });

  test("end where a circle closes, and pass over what is not given", () => {
    expect(shown([node("r", ["a", "gone"]), node("a", ["r"])])).toEqual([["r", 0, 0], ["a", 1, 0]]); // prettier-ignore
  });

  test("tell how many children they leave out", () => {
    const many = Array.from({ length: 50 }, (_, i) => `c${i}`);
    const nodes = [node("r", many, { childCount: 2000 }), ...many.map((one) => node(one, []))];
    expect(shown(nodes)).toHaveLength(31);
    expect(shown(nodes)[0]).toEqual(["r", 0, 1970]);
    expect(shown(nodes, [], ["r"])).toHaveLength(51);
    expect(shown(nodes, [], ["r"])[0]).toEqual(["r", 0, 1950]);
  });
});

test.each([
  ["C:\\Windows\\cmd.exe", "cmd.exe"],
  ["/usr/bin/sh", "sh"],
  ["cmd.exe", "cmd.exe"],
  ["", ""],
])("the file name of %s is %s", (image, want) => {
  expect(baseName(image)).toBe(want);
});
