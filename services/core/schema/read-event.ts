import { spelled } from "./document-fields.ts";
import type { LogSchema } from "./log-schema.ts";
import { readContainer, unescaped, type Container } from "./read-container.ts";
import { at, expand, isObject, own, textOf, type Json } from "./read-document.ts";
import {
  planField,
  readRename,
  readValue,
  split,
  type FieldPlan,
  type Path,
} from "./read-field.ts";
import { splitHashes } from "./split-values.ts";
import type { FieldValue, SysmonEvent } from "./sysmon-event.ts";
import { hashFields, hashListSpellings, sysmonFields } from "./sysmon-fields.ts";
import { readTime } from "./time.ts";

type Fields = Map<string, FieldValue[]>;

interface Found extends Container {
  readonly layout: string;
  readonly spelling: "sysmon" | "camel";
  readonly escaped: boolean;
}

/** Finds what a container holds under a key, as Sysmon wrote it. */
function valueOf({ fields, escaped }: Found, key: string): unknown {
  const value = own(fields, key);
  return escaped ? unescaped(value) : value;
}

const sources = new Set([
  "microsoft-windows-sysmon",
  "microsoft-windows-sysmon/operational",
  "linux-sysmon",
  "linux-sysmon/operational",
  "sysmon",
  "windows.sysmon_operational",
  "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}",
  "5770385f-c22a-43e0-bf4c-06f5698ffbd9",
]);

const hashListKeys = {
  sysmon: hashListSpellings,
  camel: hashListSpellings.map((name) => spelled(name, "camel")),
};

function namesSysmon(document: Json, path: Path): boolean {
  const text = textOf(at(document, path));
  return text !== undefined && sources.has(text.toLowerCase());
}

function firstText(document: Json, paths: readonly Path[]): string | undefined {
  for (const path of paths) {
    const text = textOf(at(document, path));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Reads a field under its own names: the first container and spelling with a value wins. */
function readOwn(field: FieldPlan, found: readonly Found[]): FieldValue[] {
  const values: FieldValue[] = [];
  for (const container of found) {
    const { spelling, prefix, suffix } = container;
    for (const key of field.keys[spelling]) {
      const value = valueOf(container, key);
      if (value === undefined || value === null) continue;
      readValue(field, value, prefix + key + suffix, values);
      if (values.length > 0) return values;
    }
  }
  return values;
}

function readHashes(found: readonly Found[], fields: Fields): void {
  for (const container of found) {
    const { spelling, prefix, suffix } = container;
    for (const key of hashListKeys[spelling]) {
      const text = textOf(valueOf(container, key));
      if (text === undefined) continue;
      splitHashes(text, (algorithm, value) => {
        if (!hashFields.includes(algorithm) || fields.has(algorithm)) return;
        fields.set(algorithm, [{ value, name: prefix + key + suffix }]);
      });
    }
  }
}

/** Compiles the layouts into one reader; each document is tried against all of them. */
export function createReader(
  layouts: readonly LogSchema[],
): (document: unknown) => SysmonEvent | undefined {
  const paths = (kind: keyof LogSchema["record"]): readonly Path[] =>
    layouts.flatMap(({ record }) => record[kind].map(split));
  const eventIds = layouts.flatMap(({ name, record }) =>
    record.eventId.map((path) => ({ layout: name, path: split(path) })),
  );
  const sourcePaths = paths("source");
  const channelPaths = paths("channel");
  const computerPaths = paths("computer");
  const recordIdPaths = paths("recordId");
  const timePaths = paths("time");
  const containers = layouts.flatMap(({ name, containers: list, containersWhen }) =>
    list.map(({ path, spelling, escaped = false }) => ({
      layout: name,
      path,
      keys: split(path),
      spelling,
      escaped,
      when: containersWhen?.map(split),
    })),
  );
  const renaming = layouts.map(({ name, renames, renamesWhen }) => ({
    name,
    any: renames.length > 0,
    when: renamesWhen?.map((sign) => ({ path: split(sign.path), sysmon: sign.namesSysmon })),
  }));
  const plans = new Map(
    [...sysmonFields].map(([id, names]) => [id, names.map((name) => planField(name, id, layouts))]),
  );
  const hashed = new Set([...sysmonFields].filter(([, n]) => n.includes("MD5")).map(([id]) => id));

  function findContainers(document: Json): Found[] {
    const found: Found[] = [];
    for (const { layout, path, keys, spelling, escaped, when } of containers) {
      const value = at(document, keys);
      if (value === undefined) continue;
      if (when !== undefined && firstText(document, when) === undefined) continue;
      const container = readContainer(value, path);
      if (container !== undefined) found.push({ ...container, layout, spelling, escaped });
    }
    return found;
  }

  function findRenames(document: Json): number[] {
    const found: number[] = [];
    for (const [i, { any, when }] of renaming.entries()) {
      if (!any) continue;
      const isOn = when?.some(({ path, sysmon }) =>
        sysmon ? namesSysmon(document, path) : textOf(at(document, path)) !== undefined,
      );
      if (isOn ?? true) found.push(i);
    }
    return found;
  }

  return function readEvent(source: unknown): SysmonEvent | undefined {
    if (!isObject(source)) return undefined;
    const document = expand(source);
    const id = eventIds.find(({ path }) => textOf(at(document, path)) !== undefined);
    const eventId = id === undefined ? Number.NaN : Number(textOf(at(document, id.path)));
    const plan = plans.get(eventId);
    if (plan === undefined || !sourcePaths.some((path) => namesSysmon(document, path))) {
      return undefined;
    }
    const found = findContainers(document);
    const renamed = findRenames(document);
    const fields: Fields = new Map();
    let layout = found[0]?.layout ?? id?.layout ?? "";

    if (hashed.has(eventId)) readHashes(found, fields);
    for (const field of plan) {
      const { canonical } = field;
      if (fields.has(canonical)) continue;
      const values = readOwn(field, found);
      if (values.length === 0) {
        for (const i of renamed) {
          for (const rename of field.renames[i] ?? []) {
            readRename(field, rename, document, values);
            if (values.length > 0 && !field.isAnswers) break;
          }
          if (values.length > 0 && canonical !== "UtcTime") layout = renaming[i]?.name ?? layout;
        }
      }
      if (values.length > 0) fields.set(canonical, values);
    }
    const utcTime = fields.get("UtcTime")?.[0]?.value;
    return {
      layout,
      eventId,
      host: firstText(document, computerPaths)?.toLowerCase(),
      channel: firstText(document, channelPaths),
      recordId: firstText(document, recordIdPaths),
      time: (utcTime === undefined ? undefined : readTime(utcTime)) ?? recordTime(document),
      fields,
    };
  };

  function recordTime(document: Json): number {
    for (const path of timePaths) {
      const text = textOf(at(document, path));
      const time = text === undefined ? undefined : readTime(text);
      if (time !== undefined) return time;
    }
    return 0;
  }
}
