import { type Condition, quote, type Test, textTest } from "./condition.ts";
import { all, both, either } from "./expression.ts";
import { type Term, unsupported } from "./term.ts";

/** A whole path. */
export function pathTerm(scope: string, path: string): Term {
  return { scope, compare: (condition) => pathTest(path, condition) ?? unsupported() };
}

/** A file's name; a value with a folder in it is meant for the path. */
export function fileNameTerm(scope: string): Term {
  return {
    scope,
    compare: (condition) =>
      (condition.value.includes("\\") && condition.verb !== "matches"
        ? pathTest("file:x_path", condition)
        : textTest("file:name", condition)) ?? unsupported(),
  };
}

/** A folder, as MIR writes it: mostly without drive, sometimes with a backslash at the end. */
export function folderTerm(scope: string): Term {
  const path = "file:parent_directory_ref.path";
  return {
    scope,
    compare(condition) {
      const { verb, value, negated } = condition;
      const bare = verb === "matches" ? value : withoutEnd(value);
      const whole = pathTest(path, { ...condition, value: bare });
      if (whole === undefined) return unsupported();
      if (verb !== "contains" || bare === value) return whole;
      // `Temp\` is inside the folder, or its end.
      const inside = textTest(path, condition) ?? whole;
      const end = textTest(path, { ...condition, verb: "ends-with", value: bare }) ?? whole;
      return either([inside, end], negated);
    },
  };
}

/** Takes the backslashes off the end, unless there is nothing else. */
function withoutEnd(folder: string): string {
  let end = folder.length;
  while (end > 1 && folder[end - 1] === "\\") end -= 1;
  return folder.slice(0, end);
}

/** Tests a path from its start; where the value names no drive, share, variable or root, any may stand before it. */
function pathTest(path: string, condition: Condition): Test | undefined {
  const { verb, value } = condition;
  const anchored = verb === "is" || verb === "starts-with";
  if (!anchored || /^(?:[a-z]:|\\\\|%|\/)/i.test(value)) return textTest(path, condition);
  return textTest(path, { ...condition, value: value.replace(/^\\/, "") }, "\\");
}

const KEY = "windows-registry-key:key";
const VALUE_NAME = "windows-registry-key:values[*].name";
const VALUE_DATA = "windows-registry-key:values[*].data";
const HIVE = /^(?:HKEY_|HKLM\\|HKCU\\|HKU\\|HKCR\\|HKCC\\|\\REGISTRY\\)/i;

/** A registry path. The whole one may end in a value's name, which STIX keeps apart from the key. */
export function registryPathTerm(scope: string, part: "whole" | "without-hive" | "hive"): Term {
  return {
    scope,
    compare(given) {
      const { verb, negated } = given;
      if (part === "hive") {
        const starts = verb === "is" || verb === "contains" ? "starts-with" : verb;
        return textTest(KEY, { ...given, verb: starts }) ?? unsupported();
      }
      const anchored = verb === "is" || verb === "starts-with";
      const before = anchored && !HIVE.test(given.value) ? "\\" : "";
      const value = before === "" ? given.value : given.value.replace(/^\\/, "");
      const condition = { ...given, value };
      const key = textTest(KEY, condition, before);
      if (key === undefined) return unsupported();
      if (part === "without-hive" || verb === "matches") return key;
      const at = value.lastIndexOf("\\");
      if (at === -1) {
        const name = textTest(VALUE_NAME, condition) ?? key;
        return verb === "starts-with" ? key : either([key, name], negated);
      }
      if (at === 0 || at === value.length - 1) return key;
      const above = textTest(
        KEY,
        { ...condition, verb: anchored ? "is" : "ends-with", value: value.slice(0, at) },
        before,
      );
      const last = textTest(VALUE_NAME, {
        ...condition,
        verb: verb === "is" || verb === "ends-with" ? "is" : "starts-with",
        value: value.slice(at + 1),
      });
      if (above === undefined || last === undefined) return key;
      return either([key, both([above, last], negated)], negated);
    },
  };
}

/** A service by its registry key and all below it. */
export function serviceNameTerm(scope: string): Term {
  return {
    scope,
    compare(condition) {
      const { verb, value, negated } = condition;
      if (verb === "matches") return unsupported();
      const before = "\\Services\\";
      const key = textTest(KEY, condition, before);
      if (key === undefined) return unsupported();
      if (verb !== "is" && verb !== "ends-with") return key;
      const below = textTest(
        KEY,
        { ...condition, verb: verb === "is" ? "starts-with" : "contains", value: `${value}\\` },
        before,
      );
      return either([key, below ?? key], negated);
    },
  };
}

/** A property of a service by the registry value that holds it, which one Sysmon event sets: each is a part of its own. */
export function serviceValueTerm(service: string, valueName: string): Term {
  const fixed: readonly Test[] = [
    { path: KEY, operator: "LIKE", literal: quote("%\\Services\\%"), negated: false },
    { path: VALUE_NAME, operator: "=", literal: quote(valueName), negated: false },
  ];
  return {
    scope: `${service}/${valueName}`,
    compare(condition) {
      const data = textTest(VALUE_DATA, condition);
      return data === undefined ? unsupported() : all([...fixed, data]);
    },
  };
}
