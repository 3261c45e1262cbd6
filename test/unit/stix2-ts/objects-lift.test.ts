import { describe, expect, test } from "@jest/globals";
import {
  liftBundleTo21,
  liftTo21,
  observableId,
  parseBundle,
  parseObject,
  TLP1,
  type Stix20Object,
} from "stix2-ts";
import { bundle, INDICATOR, old, uuid } from "./objects-fixtures.ts";

const marking = `marking-definition--${uuid(5)}`;
const SEEN = {
  first_observed: "2024-01-01T00:00:00Z",
  last_observed: "2024-01-01T00:00:00Z",
  number_observed: 1,
};
const observed = (objects: Record<string, unknown>, more: object = {}): Stix20Object =>
  old("observed-data", { ...SEEN, objects, ...more });

describe("liftTo21", () => {
  test.each([
    {
      name: "an indicator: labels of the vocabulary are types, the pattern stays",
      given: old("indicator", {
        labels: ["malicious-activity", "apt", "benign"],
        pattern: "[file:hashes.SHA-256 = 'a']",
        valid_from: "2024-01-01T00:00:00Z",
      }),
      want: {
        indicator_types: ["malicious-activity", "benign"],
        labels: ["apt"],
        pattern: "[file:hashes.SHA-256 = 'a']",
        pattern_type: "stix",
        pattern_version: "2.0",
        spec_version: "2.1",
      },
    },
    {
      name: "malware: a family",
      given: old("malware", { name: "a", labels: ["worm"] }),
      want: { malware_types: ["worm"], labels: undefined, is_family: true },
    },
    {
      name: "malware that says itself what it is",
      given: old("malware", { name: "a", labels: ["worm"], is_family: false }),
      want: { is_family: false },
    },
    {
      name: "a tool, a report, a threat actor",
      given: old("tool", { name: "a", labels: ["remote-access", "x"] }),
      want: { tool_types: ["remote-access"], labels: ["x"] },
    },
    {
      name: "a campaign, whose labels are labels",
      given: old("campaign", { name: "a", labels: ["worm"] }),
      want: { labels: ["worm"], malware_types: undefined },
    },
    {
      name: "times to the second",
      given: { ...old("campaign", { name: "a" }), created: "2024-01-01T00:00:00Z" },
      want: { created: "2024-01-01T00:00:00.000Z" },
    },
    {
      name: "selectors of labels",
      given: old("tool", {
        name: "a",
        labels: ["x", "remote-access"],
        granular_markings: [
          { marking_ref: marking, selectors: ["labels.[1]", "name"] },
          { marking_ref: marking, selectors: ["labels"] },
        ],
      }),
      want: {
        granular_markings: [
          { marking_ref: marking, selectors: ["tool_types.[0]", "name"] },
          { marking_ref: marking, selectors: ["tool_types", "labels"] },
        ],
      },
    },
    {
      name: "a custom property that 2.1 has since defined, used in its meaning",
      given: old("attack-pattern", { name: "a", aliases: ["b"] }),
      want: { aliases: ["b"], x_aliases: undefined },
    },
    {
      name: "one that is not",
      given: old("attack-pattern", { name: "a", aliases: "b" }),
      want: { x_aliases: "b", aliases: undefined },
    },
    {
      name: "a TLP marking",
      given: { ...TLP1.green, spec_version: undefined, name: undefined },
      want: TLP1.green,
    },
    { name: "an object of 2.1", given: INDICATOR, want: INDICATOR },
  ])("$name", ({ given, want }) => {
    const { object, issues } = parseObject(JSON.parse(JSON.stringify(given)));
    expect(issues.filter(({ severity, code }) => severity === "error" && code !== "stix/timestamp-precision")).toEqual([]); // prettier-ignore
    const lifted: Record<string, unknown> = { ...object };
    for (const [name, value] of Object.entries(want)) expect(lifted[name]).toEqual(value);
    expect(parseObject(object).object).toBe(object);
  });

  test("makes observables of a container, with deterministic ids and references by them", () => {
    const given = observed({
      "0": {
        type: "file",
        name: "a.exe",
        parent_directory_ref: "1",
        created: "2024-01-01T00:00:00Z",
        hashes: { ssdeep: "3:a:b" },
      },
      "1": { type: "directory", path: "C:\\", contains_refs: ["0"] },
      "2": {
        type: "network-traffic",
        src_ref: "3",
        protocols: ["http"],
        extensions: {
          "http-request-ext": {
            request_method: "get",
            request_value: "/",
            request_header: { Host: "a.example" },
          },
        },
      },
      "3": { type: "ipv4-addr", value: "198.51.100.3" },
      "4": { type: "user-account", user_id: "1", password_last_changed: "2024-01-01T00:00:00Z" },
    });
    const [data, file, directory, traffic, address, account] = liftTo21(given);
    const directoryId = observableId({ type: "directory", path: "C:\\" });
    expect(directory).toEqual({ type: "directory", spec_version: "2.1", id: directoryId, path: "C:\\", contains_refs: [file?.id] }); // prettier-ignore
    expect(file).toEqual({
      type: "file",
      spec_version: "2.1",
      id: observableId(file as never),
      name: "a.exe",
      parent_directory_ref: directoryId,
      ctime: "2024-01-01T00:00:00Z",
      hashes: { SSDEEP: "3:a:b" },
    });
    expect(traffic).toMatchObject({
      src_ref: address?.id,
      extensions: { "http-request-ext": { request_header: { Host: ["a.example"] } } },
    });
    expect(address?.id).toBe("ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4");
    expect(account).toMatchObject({ credential_last_changed: "2024-01-01T00:00:00Z" });
    expect(data).toMatchObject({ object_refs: [file, directory, traffic, address, account].map((object) => object?.id) }); // prettier-ignore
    expect(data).not.toHaveProperty("objects");
  });

  test("gives processes ids of version 4 that are the same each time, and names to their images", () => {
    const given = observed({
      "0": { type: "process", name: "a.exe", pid: 1, child_refs: ["1"] },
      "1": { type: "process", arguments: ["-x", "y"], parent_ref: "0" },
      "2": { type: "process", arguments: ["-z"] },
    });
    const lifted = liftTo21(given);
    expect(liftTo21(given)).toEqual(lifted);
    const [, parent, child, alone, image] = lifted;
    expect(image).toMatchObject({ type: "file", name: "a.exe" });
    expect(parent).toMatchObject({ pid: 1, child_refs: [child?.id], image_ref: image?.id });
    expect(parent).not.toHaveProperty("x_name");
    expect(child).toMatchObject({ x_arguments: ["-x", "y"], parent_ref: parent?.id });
    expect(alone).toMatchObject({ command_line: "-z" });
    expect(parent?.id).toMatch(/^process--[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(parseBundle(bundle(...lifted)).rejected).toEqual([]);
  });

  test("survives objects whose ids would depend on each other", () => {
    const archive = (name: string, inner: string) => ({
      type: "file",
      name,
      extensions: { "archive-ext": { contains_refs: [inner] } },
    });
    const chain = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, n) => [String(n), archive(`f${n}`, String(n + 1))]),
    );
    const ring = observed({ "0": archive("a", "1"), "1": archive("b", "0") });
    const long = observed({ ...chain, "20000": { type: "file", name: "last" } });
    for (const given of [ring, long]) {
      const [data, ...files] = liftTo21(given);
      expect(data).toHaveProperty(
        "object_refs",
        files.map(({ id }) => id),
      );
      expect(parseBundle(bundle(data, ...files)).rejected).toEqual([]);
    }
  });

  test("hands the markings of observed data on to its observables", () => {
    const given = observed(
      {
        "0": { type: "file", name: "a", created: "2024-01-01T00:00:00Z" },
        "1": { type: "mutex", name: "m" },
      },
      {
        object_marking_refs: [TLP1.green.id],
        granular_markings: [
          { marking_ref: TLP1.red.id, selectors: ["objects.0.created", "number_observed"] },
          { marking_ref: TLP1.amber.id, selectors: ["objects.1"] },
        ],
      },
    );
    const [data, file, mutex] = liftTo21(given);
    expect(data).toHaveProperty("granular_markings", [{ marking_ref: TLP1.red.id, selectors: ["number_observed"] }]); // prettier-ignore
    expect(file).toMatchObject({
      object_marking_refs: [TLP1.green.id],
      granular_markings: [{ marking_ref: TLP1.red.id, selectors: ["ctime"] }],
    });
    expect(mutex).toMatchObject({ object_marking_refs: [TLP1.green.id, TLP1.amber.id] });
    expect(parseBundle(bundle(data, file, mutex)).rejected).toEqual([]);
  });
});

describe("a bundle of 2.0", () => {
  const address = { "0": { type: "ipv4-addr", value: "198.51.100.3" } };
  const second = { ...observed(address), id: `observed-data--${uuid(4)}` };
  const given = { type: "bundle", id: bundle().id, spec_version: "2.0", objects: [observed(address), second] } as const; // prettier-ignore

  test("is lifted when it is parsed; an observable that several have comes once", () => {
    const { objects, issues } = parseBundle(given);
    expect(objects.map(({ type }) => type)).toEqual([
      "observed-data",
      "ipv4-addr",
      "observed-data",
    ]);
    expect(issues).toEqual([]);
    expect(liftBundleTo21(given)).toEqual(bundle(...objects));
  });

  test("stays as it is where that is asked for", () => {
    expect(parseBundle(given, { lift: false }).objects).toEqual(given.objects);
  });
});
