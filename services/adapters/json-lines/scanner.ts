import { scanLinesCode } from "./scan-lines-code.ts";

/** What `assembly/scan-lines.ts` exports: functions, and where things stand in its memory. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly prepare: (mask: number) => void;
  readonly dismiss: (field: number, from: number, to: number) => void;
  readonly scan: (from: number, to: number) => number;
  readonly reached: () => number;
  readonly count: () => number;
}
type Constants = Readonly<Record<(typeof CONSTANTS)[number], number>>;

const CONSTANTS = [
  "NODES",
  "EDGES",
  "INPUT",
  "INPUT_BYTES",
  "OUTPUT",
  "TEXT_IS_ODD",
  "LIST_IS_ODD",
  "OBJECT_IS_ODD",
  "BROKEN",
  "ODD",
  "NOT_ASCII",
  "BARE",
] as const;

/** One scanner with a memory of its own, ten megabytes. */
export type Scanner = Omit<Exports, "memory"> & Constants & { readonly memory: ArrayBuffer };

/** What this needs of the WebAssembly interface that browsers and Node have; ECMAScript has none. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

let module: object | undefined;

export function openScanner(): Scanner {
  module ??= new WebAssembly.Module(Buffer.from(scanLinesCode, "base64"));
  const exports = new WebAssembly.Instance(module).exports as Exports &
    Readonly<Record<string, { readonly value: number }>>;
  const constants = Object.fromEntries(
    CONSTANTS.map((name) => [name, exports[name]?.value ?? Number.NaN]),
  ) as Constants;
  const { prepare, dismiss, scan, reached, count } = exports;
  return { prepare, dismiss, scan, reached, count, ...constants, memory: exports.memory.buffer };
}
