import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { re2 } from "../../../services/adapters/regex/re2.ts";
import { readWarningList } from "../../../services/adapters/warning-lists/read-warning-list.ts";
import { WarningListFolder } from "../../../services/adapters/warning-lists/warning-list-folder.ts";
import { observedValue } from "../../../services/core/suppress/observed-value.ts";
import { WarningLists } from "../../../services/core/suppress/warning-lists.ts";

const text = (type: string, list: readonly unknown[], matching?: readonly string[]) =>
  JSON.stringify({ name: "N", version: 1, description: "", type, list, matching_attributes: matching }); // prettier-ignore

const DOMAIN = "domain-name:value";

describe("what each type of list names", () => {
  const cases: readonly {
    readonly name: string;
    readonly list: string;
    readonly path: string;
    readonly value: string;
    readonly want: boolean;
  }[] = [
    { name: "hostname, itself", list: text("hostname", ["A.example"]), path: DOMAIN, value: "a.example", want: true }, // prettier-ignore
    { name: "hostname, below", list: text("hostname", [".a.example"]), path: DOMAIN, value: "x.a.example", want: true }, // prettier-ignore
    { name: "hostname, above", list: text("hostname", ["a.example"]), path: DOMAIN, value: "example", want: false }, // prettier-ignore
    { name: "hostname of a URL", list: text("hostname", ["a.example"]), path: "url:value", value: "http://x.a.example/y", want: true }, // prettier-ignore
    { name: "string, whole values", list: text("string", ["a.example"]), path: DOMAIN, value: "A.example.", want: true }, // prettier-ignore
    { name: "string, not below", list: text("string", ["a.example"]), path: DOMAIN, value: "x.a.example", want: false }, // prettier-ignore
    { name: "string with a dot before", list: text("string", [".a.example"]), path: DOMAIN, value: "x.a.example", want: true }, // prettier-ignore
    { name: "string, hash", list: text("string", ["AB12"], ["md5"]), path: "file:hashes.MD5", value: "ab12", want: true }, // prettier-ignore
    { name: "string, hash beside a name", list: text("string", ["AB12"], ["filename|md5"]), path: "file:name", value: "ab12", want: false }, // prettier-ignore
    { name: "substring", list: text("substring", ["Example.co"]), path: DOMAIN, value: "x.example.com", want: true }, // prettier-ignore
    { name: "substring shorter than is looked up at once", list: text("substring", ["x."]), path: DOMAIN, value: "a.x.y", want: true }, // prettier-ignore
    { name: "substring that is not in it", list: text("substring", ["exampleo"]), path: DOMAIN, value: "example.com", want: false }, // prettier-ignore
    { name: "regex in slashes", list: text("regex", ["/^A\\d$/i"]), path: DOMAIN, value: "a1", want: true }, // prettier-ignore
    { name: "regex without", list: text("regex", ["^A\\d$"]), path: DOMAIN, value: "a1", want: false }, // prettier-ignore
    { name: "cidr", list: text("cidr", ["10.0.0.0/8"]), path: "ipv4-addr:value", value: "10.255.0.1", want: true }, // prettier-ignore
    { name: "cidr, IPv6", list: text("cidr", ["FE80::/10"]), path: "network-traffic:src_ref.value", value: "fe80::1%12", want: true }, // prettier-ignore
    { name: "cidr, address alone", list: text("cidr", ["10.0.0.1"]), path: "ipv4-addr:value", value: "10.0.0.2", want: false }, // prettier-ignore
    { name: "cidr, range in a larger one", list: text("cidr", ["10.0.0.0/8"]), path: "ipv4-addr:value", value: "10.2.0.0/16", want: true }, // prettier-ignore
    { name: "cidr, range round a smaller one", list: text("cidr", ["10.0.0.0/8"]), path: "ipv4-addr:value", value: "10.0.0.0/7", want: false }, // prettier-ignore
    { name: "not of its kind", list: text("string", ["com"], ["hostname"]), path: "file:name", value: "com", want: false }, // prettier-ignore
    { name: "of its kind, in a pair", list: text("cidr", ["10.0.0.0/8"], ["domain|ip"]), path: "ipv4-addr:value", value: "10.0.0.1", want: true }, // prettier-ignore
  ];
  test.each(cases)("$name", ({ list, path: at, value, want }) => {
    const lists = new WarningLists([readWarningList("x.json", list)], { regex: re2, holding: new Set() }); // prettier-ignore
    expect(lists.naming([observedValue({ path: at, value })])).toEqual(want ? ["x"] : []);
  });
});

test("entries that can't be used are counted, the others are used", () => {
  const lists = new WarningLists(
    [
      readWarningList("a/list.json", text("cidr", ["10.0.0.0/8", "ten", "10.0.0.0/99"])),
      readWarningList("b.json", text("regex", ["(", "x"])),
    ],
    { regex: re2, holding: new Set(["a"]) },
  );
  expect(lists.lists).toMatchObject([
    { id: "a", entries: 3, unusable: 2, holds: true },
    { id: "b", entries: 2, unusable: 1, holds: false },
  ]);
});

test.each([
  ["no JSON", "{"],
  ["no list", "{}"],
  ["a type that is unknown", text("number", [])],
  ["entries that are no text", text("string", [1])],
])("refused: %s", (_name, content) => {
  expect(() => readWarningList("x.json", content)).toThrow(
    expect.objectContaining({ code: "warninglist/unusable" }),
  );
});

describe("a folder of lists", () => {
  let folder: string;
  let time = 0;
  const problems: string[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "lists-"));
    problems.length = 0;
  });
  afterEach(async () => rm(folder, { recursive: true }));

  test("is looked at anew; a file that can't be read leaves its list as it was", async () => {
    const lists = new WarningListFolder({
      folder,
      holding: [],
      regex: re2,
      elapsed: () => time,
      pauseMs: 10,
      problem: (message) => problems.push(message),
    });
    const ids = async () => {
      time += 10;
      return (await lists.current()).lists.map(({ id, entries }) => `${id} ${entries}`);
    };
    expect(await ids()).toEqual([]);
    await writeFile(path.join(folder, "b.json"), text("string", ["1", "2"]));
    await mkdir(path.join(folder, "a"));
    await writeFile(path.join(folder, "a", "list.json"), text("string", ["1"]));
    expect((await lists.current()).lists).toEqual([]);
    expect(await ids()).toEqual(["a 1", "b 2"]);
    await writeFile(path.join(folder, "b.json"), "{");
    expect(await ids()).toEqual(["a 1", "b 2"]);
    expect(await ids()).toEqual(["a 1", "b 2"]);
    expect(problems).toHaveLength(1);
    await writeFile(path.join(folder, "b.json"), text("string", ["1", "2", "3"]));
    expect(await ids()).toEqual(["a 1", "b 3"]);
    await rename(folder, `${folder}-away`);
    expect(await ids()).toEqual(["a 1", "b 3"]);
    await rename(`${folder}-away`, folder);
    await rm(path.join(folder, "a"), { recursive: true });
    expect(await ids()).toEqual(["b 3"]);
    expect(problems).toHaveLength(2);
  });
});
