import path from "node:path";
import { z } from "zod";
import { ServiceError, messageOf } from "../../core/errors.ts";
import { LIST_TYPES, type WarningList } from "../../core/suppress/warning-lists.ts";
import type { Sort } from "../../core/suppress/observed-value.ts";

const listShape = z.object({
  name: z.string().max(1000),
  version: z.number(),
  type: z.enum(LIST_TYPES),
  list: z.array(z.string()),
  matching_attributes: z.array(z.string()).optional(),
});

/** MISP's types of attributes, by the kind of value that Sysmon shows of them. `domain|ip` is both. */
const SORTS: Readonly<Record<string, Sort>> = {
  "ip-src": "ip",
  "ip-dst": "ip",
  ip: "ip",
  domain: "domain",
  hostname: "domain",
  url: "url",
  uri: "url",
  link: "url",
  md5: "hash",
  sha1: "hash",
  sha224: "hash",
  sha256: "hash",
  sha384: "hash",
  sha512: "hash",
  imphash: "hash",
};
/** Of a pair, the part that says where the value comes from, or goes to, is none of its own. */
const NO_VALUE = new Set(["port", "filename"]);

/** Names a list by its folder where the file is called `list.json`, as upstream has it; else by the file. */
export function listId(file: string): string {
  const { dir, name } = path.parse(file);
  return name === "list" && dir !== "" ? path.basename(dir) : name;
}

/** Reads one of MISP's warning lists; throws `warninglist/unusable`. */
export function readWarningList(file: string, text: string): WarningList {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unusable(file, messageOf(error), error);
  }
  const parsed = listShape.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unusable(file, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`, parsed.error);
  }
  const { name, version, type, list, matching_attributes: attributes = [] } = parsed.data;
  return { id: listId(file), name, version, type, entries: list, sorts: new Set(sortsOf(attributes)) }; // prettier-ignore
}

function sortsOf(attributes: readonly string[]): readonly Sort[] {
  return attributes.flatMap((attribute) => {
    const parts = attribute.split("|");
    const own = parts.length > 1 ? parts.filter((part) => !NO_VALUE.has(part)) : parts;
    return own.map((part) => SORTS[part] ?? "other");
  });
}

function unusable(file: string, reason: string, cause: unknown): ServiceError {
  return new ServiceError("warninglist/unusable", `${file}: ${reason}`, {
    cause,
    facts: { file },
  });
}
