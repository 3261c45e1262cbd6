/** Processes, registry keys, services, pipes and accounts of CybOX. */
import { pathTerm, registryPathTerm, serviceNameTerm, serviceValueTerm } from "../terms/path-term.ts"; // prettier-ignore
import { integerTerm, type Term, textTerm, userTerm } from "../terms/term.ts";
import { childOf, textAt, type XmlElement } from "../xml/xml-tree.ts";
import { type Criteria, leftOut } from "./criteria.ts";
import { windowsPath } from "./file-object.ts";
import { CONNECTION } from "./network-object.ts";
import { fieldOf, NOTHING, type ObjectContext, type ObjectRules, readField, type Taken } from "./object-rules.ts"; // prettier-ignore

const NAME = "windows-registry-key:values[*].name";
const DATA = "windows-registry-key:values[*].data";

/** A process's name; one with a folder in it is the path of its image. */
function processNameTerm(scope: string): Term {
  const path = pathTerm(scope, "process:image_ref.x_path");
  const name = textTerm(scope, "process:name");
  return {
    scope,
    compare: (condition) =>
      (condition.value.includes("\\") && condition.verb !== "matches" ? path : name).compare(
        condition,
      ),
  };
}

/** Arguments are a part of the command line. */
function argumentTerm(scope: string): Term {
  const line = textTerm(scope, "process:command_line");
  return {
    scope,
    compare: (condition) =>
      line.compare(condition.verb === "is" ? { ...condition, verb: "contains" } : condition),
  };
}

function takeProcess(properties: XmlElement, { scope, repairs }: ObjectContext): Taken {
  const list = childOf(properties, "Network_Connection_List");
  if (list === undefined) return NOTHING;
  const criteria: Criteria[] = [];
  list.children.forEach((connection, i) => {
    const context = { scope: `${scope}/port${i}`, repairs };
    criteria.push(...(CONNECTION.take?.(connection, context).criteria ?? []));
    for (const child of connection.children) {
      const field = CONNECTION.fields[child.local];
      if (field !== undefined) criteria.push(readField(child, field, child.local, context));
    }
  });
  return { criteria, read: new Set([list]) };
}

export const PROCESS: ObjectRules = {
  fields: {
    Name: fieldOf(processNameTerm, windowsPath),
    PID: fieldOf((scope) => integerTerm(scope, "process:pid")),
    Parent_PID: fieldOf((scope) => integerTerm(scope, "process:parent_ref.pid")),
    Username: fieldOf((scope) => userTerm(scope, "process:creator_user_ref.")),
    "Image_Info/File_Name": fieldOf(processNameTerm, windowsPath),
    "Image_Info/Path": fieldOf((scope) => pathTerm(scope, "process:image_ref.x_path"), windowsPath),
    "Image_Info/Command_Line": fieldOf((scope) => textTerm(scope, "process:command_line")),
    "Image_Info/Current_Directory": fieldOf(currentFolderTerm, windowsPath),
    "Argument_List/Argument": fieldOf(argumentTerm),
  },
  take: takeProcess,
};

/** Sysmon writes a current folder with a backslash at its end, feeds mostly without. */
function currentFolderTerm(scope: string): Term {
  const cwd = textTerm(scope, "process:cwd");
  return {
    scope,
    compare(condition) {
      const { verb, value } = condition;
      const end = (verb === "is" || verb === "ends-with") && !value.endsWith("\\") ? "\\" : "";
      return cwd.compare({ ...condition, value: value + end });
    },
  };
}

/** A key with its hive, whichever of them names it. */
function takeKey(properties: XmlElement, context: ObjectContext): Taken {
  const key = childOf(properties, "Key");
  const hive = childOf(properties, "Hive");
  const values = childOf(properties, "Values")?.children ?? [];
  const read = new Set<XmlElement>();
  const criteria: Criteria[] = [];
  const root = hive?.text.replace(/\\+$/, "") ?? "";
  if (key !== undefined && key.text !== "") {
    read.add(key);
    const starts = /^(?:equals|startswith)?$/i.test(key.attributes.get("condition") ?? "");
    if (hive !== undefined && (starts || root === "")) read.add(hive);
    const change = (value: string): string => {
      const bare = value.replace(/^\\/, "");
      const isWhole = /^(?:HKEY_|HK(?:LM|CU|U|CR|CC)\\|REGISTRY\\)/i.test(bare);
      if (isWhole || root === "" || !starts) return value;
      return bare.toUpperCase().startsWith(`${root.toUpperCase()}\\`) ? bare : `${root}\\${bare}`;
    };
    const part = values.length === 0 ? "whole" : "without-hive";
    const term = (scope: string) => registryPathTerm(scope, part);
    criteria.push(readField(key, fieldOf(term, change), "Key", context));
  }
  if (hive !== undefined && hive.text !== "" && !read.has(hive)) {
    read.add(hive);
    const term = (scope: string) => registryPathTerm(scope, "hive");
    criteria.push(readField(hive, fieldOf(term), "Hive", context));
  }
  const list = childOf(properties, "Values");
  if (list !== undefined) read.add(list);
  values.forEach((value, i) => {
    // Each value is set by an event of its own.
    const one = values.length === 1 ? context : { ...context, scope: `${context.scope}/value${i}` };
    criteria.push(...readValue(value, one));
  });
  return { criteria, read };
}

function readValue(value: XmlElement, context: ObjectContext): readonly Criteria[] {
  return value.children.flatMap((child): readonly Criteria[] => {
    if (child.text === "") return [];
    if (child.local === "Name") {
      return [
        readField(
          child,
          fieldOf((scope) => textTerm(scope, NAME)),
          "value name",
          context,
        ),
      ];
    }
    if (child.local === "Data") {
      return [
        readField(
          child,
          fieldOf((scope) => textTerm(scope, DATA)),
          "value data",
          context,
        ),
      ];
    }
    return [leftOut(`${child.local} (${child.where}): Sysmon does not show it`)];
  });
}

export const REGISTRY_KEY: ObjectRules = {
  fields: {},
  leftOut: ["Number_Values", "Number_Subkeys"],
  take: takeKey,
};

export const SERVICE: ObjectRules = {
  fields: {
    Service_Name: fieldOf(serviceNameTerm),
    Name: fieldOf(serviceNameTerm),
    Display_Name: fieldOf((scope) => serviceValueTerm(scope, "DisplayName")),
    "Description_List/Description": fieldOf((scope) => serviceValueTerm(scope, "Description")),
    Service_DLL: fieldOf((scope) => serviceValueTerm(scope, "ServiceDll"), windowsPath),
    Started_As: fieldOf((scope) => serviceValueTerm(scope, "ObjectName")),
    Startup_Command_Line: fieldOf((scope) => serviceValueTerm(scope, "ImagePath")),
    "Image_Info/Path": fieldOf((scope) => serviceValueTerm(scope, "ImagePath"), windowsPath),
    "Image_Info/Command_Line": fieldOf((scope) => serviceValueTerm(scope, "ImagePath")),
  },
  leftOut: ["Startup_Type", "Service_Type", "Service_Status", "Group_Name"],
};

/** A pipe as Windows names it, `\\.\pipe\name`, or by its name alone. */
const pipeName = (value: string): string => value.replace(/^.*\\pipe\\/i, "").replace(/^\\/, "");

export const PIPE: ObjectRules = {
  fields: { Name: fieldOf((scope) => textTerm(scope, "x-windows-pipe:name"), pipeName) },
  leftOut: ["Pipe_Mode", "Open_Mode", "Max_Instances", "Default_Time_Out", "In_Buffer_Size", "Out_Buffer_Size"], // prettier-ignore
};

function takeUser(properties: XmlElement, context: ObjectContext): Taken {
  const user = childOf(properties, "Username");
  const domain = childOf(properties, "Domain");
  if (user === undefined) return NOTHING;
  const name = textAt(properties, "Domain");
  const change = (value: string) =>
    name === undefined || value.includes("\\") ? value : `${name}\\${value}`;
  const field = fieldOf((scope) => userTerm(scope, "user-account:"), change);
  const read = new Set(domain === undefined ? [user] : [user, domain]);
  return { criteria: [readField(user, field, "Username", context)], read };
}

export const USER: ObjectRules = {
  fields: {},
  leftOut: ["Full_Name", "Description", "Home_Directory"],
  take: takeUser,
};

export const PREFETCH: ObjectRules = {
  fields: { Application_File_Name: fieldOf(processNameTerm) },
  leftOut: ["Prefetch_Hash", "Times_Executed"],
};
