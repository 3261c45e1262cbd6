import { describe, expect, test } from "@jest/globals";
import { readEvtx } from "../../../services/adapters/evtx/read-evtx.ts";
import {
  element,
  evtxLog,
  FIRST_BODY,
  HEADER,
  inRow,
  instance,
  slot,
  text,
  u16,
  u32,
  u64,
  utf16,
  type EvtxValue,
  type Placed,
} from "../../support/evtx-writer.ts";

/** Records and problems of a log, in order. */
async function read(log: Buffer, length = 1 << 20): Promise<readonly unknown[]> {
  let rest = log;
  const found: unknown[] = [];
  const source = async (into: Buffer) => {
    const bytes = rest.copy(into, 0, 0, Math.min(length, into.length));
    rest = rest.subarray(bytes);
    return bytes;
  };
  for await (const { bytes, problem } of readEvtx(source)) {
    if (problem !== undefined) found.push(problem);
    const lines = Buffer.from(bytes).toString("utf8").split("\n").slice(0, -1);
    found.push(...lines.map((line) => JSON.parse(line) as unknown));
  }
  return found;
}

const data = (tag: string, index: number) => element("Data", ["Name", tag], slot(index));
const event = (...content: readonly (Buffer | Placed)[]) => element("Event", undefined, ...content);
const number = (type: number, write: (bytes: Buffer) => void, size: number): EvtxValue => {
  const bytes = Buffer.alloc(size);
  write(bytes);
  return { type, bytes };
};

describe("values", () => {
  test.each<{ name: string; given: EvtxValue; want: unknown }>([
    { name: "none", given: { type: 0, bytes: Buffer.alloc(0) }, want: null },
    { name: "text", given: { type: 1, bytes: utf16("ä\u{1f600}") }, want: "ä\u{1f600}" },
    { name: "text with its end marked", given: { type: 1, bytes: utf16("a\0b") }, want: "a" },
    { name: "an empty text", given: { type: 1, bytes: Buffer.alloc(0) }, want: "" },
    { name: "text of Windows-1252", given: { type: 2, bytes: Buffer.from([0x80, 0x61, 0]) }, want: "€a" },
    { name: "int8", given: { type: 3, bytes: Buffer.from([0xff]) }, want: -1 },
    { name: "uint8", given: { type: 4, bytes: Buffer.from([0xff]) }, want: 255 },
    { name: "int16", given: number(5, (b) => b.writeInt16LE(-2), 2), want: -2 },
    { name: "uint16", given: { type: 6, bytes: u16(65_535) }, want: 65_535 },
    { name: "int32", given: number(7, (b) => b.writeInt32LE(-3), 4), want: -3 },
    { name: "uint32", given: { type: 8, bytes: u32(0xffffffff) }, want: 4_294_967_295 },
    { name: "int64", given: number(9, (b) => b.writeBigInt64LE(-4n), 8), want: -4 },
    { name: "uint64", given: { type: 10, bytes: u64(5n) }, want: 5 },
    { name: "uint64 that JSON would round", given: { type: 10, bytes: u64(2n ** 64n - 1n) }, want: "18446744073709551615" },
    { name: "float", given: number(11, (b) => b.writeFloatLE(0.5), 4), want: 0.5 },
    { name: "double", given: number(12, (b) => b.writeDoubleLE(-0.25), 8), want: -0.25 },
    { name: "double that JSON has not", given: number(12, (b) => b.writeDoubleLE(Infinity), 8), want: "Infinity" },
    { name: "true", given: { type: 13, bytes: u32(1) }, want: true },
    { name: "false", given: { type: 13, bytes: u32(0) }, want: false },
    { name: "bytes", given: { type: 14, bytes: Buffer.from([1, 0xab]) }, want: "01AB" },
    {
      name: "GUID",
      given: { type: 15, bytes: Buffer.from("d14976a554db61ab775cdc0100000000", "hex") },
      want: "A57649D1-DB54-AB61-775C-DC0100000000",
    },
    { name: "pointer of 4 bytes", given: { type: 16, bytes: u32(255) }, want: "0xff" },
    { name: "pointer of 8 bytes", given: { type: 16, bytes: u64(255n) }, want: "0xff" },
    { name: "time", given: { type: 17, bytes: u64(132_831_263_567_419_959n) }, want: "2021-12-04T21:19:16.741995Z" },
    { name: "time before 1970", given: { type: 17, bytes: u64(7n) }, want: "7" },
    {
      name: "system time",
      given: { type: 18, bytes: Buffer.concat([2024, 5, 1, 6, 7, 8, 9, 10].map(u16)) },
      want: "2024-05-06T07:08:09.010000Z",
    },
    { name: "SID", given: { type: 19, bytes: Buffer.from("010100000000000512000000", "hex") }, want: "S-1-5-18" },
    { name: "hexadecimal of 4 bytes", given: { type: 20, bytes: u32(0x83ef56) }, want: "0x83ef56" },
    { name: "hexadecimal of 8 bytes", given: { type: 21, bytes: u64(2n ** 63n) }, want: "0x8000000000000000" },
    { name: "texts", given: { type: 0x81, bytes: utf16("a\0b\0") }, want: ["a", "b"] },
    { name: "numbers", given: { type: 0x86, bytes: Buffer.concat([u16(1), u16(2)]) }, want: [1, 2] },
    { name: "a number that is cut off", given: { type: 8, bytes: u16(1) }, want: null },
  ])("$name", async ({ given, want }) => {
    const log = evtxLog(instance(event(data("X", 0)), [given]));
    expect(await read(log)).toEqual([{ Event: { X: want } }]);
  }); // prettier-ignore

  test.each([
    { name: "an unknown type", given: { type: 0x60, bytes: u32(1) }, want: "no type of value 96" },
    { name: "a SID that is too long", given: { type: 19, bytes: Buffer.from("01ff00000000000512000000", "hex") }, want: "ends too early" },
    { name: "a list of what has no size", given: { type: 0x8e, bytes: u32(1) }, want: "no list of values" },
  ])("$name damages its record alone", async ({ given, want }) => {
    const good = instance(event(data("X", 0)), [{ type: 4, bytes: Buffer.from([1]) }]);
    const found = await read(evtxLog(good, instance(event(data("X", 0)), [given]), good));
    expect(found).toEqual([
      { Event: { X: 1 } },
      expect.stringContaining(want),
      { Event: { X: 1 } },
    ]);
  }); // prettier-ignore
});

describe("structure", () => {
  const u = (value: number): EvtxValue => ({ type: 6, bytes: u16(value) });

  test.each([
    {
      name: "attributes, text and children",
      given: element("Event", ["xmlns", "n"], element("EventID", ["Qualifiers", "q"], slot(0)), element("Channel", undefined, text("a"), text("b"))),
      want: { Event: { "#attributes": { xmlns: "n" }, EventID: { "#attributes": { Qualifiers: "q" }, "#text": 3 }, Channel: "ab" } },
    },
    {
      name: "names that come twice are numbered",
      given: event(data("X", 0), data("X", 1), element("Data", undefined, slot(0)), element("Data", undefined, slot(1))),
      want: { Event: { X: 3, X_1: 4, Data: 3, Data_1: 4 } },
    },
    { name: "a name that objects have of themselves", given: event(data("__proto__", 0)), want: JSON.parse('{"Event":{"__proto__":3}}') as unknown },
    { name: "an entity and a character", given: event(inRow(Buffer.from([0x08, 0x41, 0]), text("&"))), want: { Event: "A&" } },
    { name: "a slot without its value", given: event(data("X", 9)), want: { Event: { X: null } } },
  ])("$name", async ({ given, want }) => {
    expect(await read(evtxLog(instance(given, [u(3), u(4)])))).toEqual([want]);
  }); // prettier-ignore

  test("a template that stands in an earlier record, and XML as a value", async () => {
    const inner = instance(event(data("Inner", 0)), [u(5)]);
    const first = instance(event(data("X", 0)), [u(1)]);
    const again = instance({ at: FIRST_BODY + HEADER.length + 10 }, [u(2)]);
    const position = FIRST_BODY + HEADER.length;
    const nested = (at: number) => {
      // Values are not placed by the writer: found by trying where it will stand.
      const value = inRow(HEADER, inner);
      const outer = (bytes: Buffer) =>
        instance(element("Outer", undefined, slot(0)), [{ type: 0x21, bytes }])(at);
      const length = value(0).length;
      const start = at + outer(Buffer.alloc(length)).length - length;
      return outer(value(start));
    };
    expect(position).toBe(540);
    expect(await read(evtxLog(first, again, nested))).toEqual([
      { Event: { X: 1 } },
      { Event: { X: 2 } },
      { Outer: { Event: { Inner: 5 } } },
    ]);
  });
});

describe("hostile logs", () => {
  const long: EvtxValue = { type: 1, bytes: utf16("x".repeat(20_000)) };
  test.each([
    { name: "a template that is part of itself", record: instance(event(instance({ at: 550 }, [])), []), want: "part of itself" },
    { name: "one value written a thousand times", record: instance(event(...Array.from({ length: 200 }, () => slot(0))), [long]), want: "more than an event can" },
    { name: "elements nested without end", record: Array.from({ length: 100 }, () => 0).reduce((inner) => element("E", undefined, inner), event()), want: "nested too deep" },
    { name: "more values than there are", record: (at: number) => Buffer.concat([instance(event(), [])(at).subarray(0, -4), u32(0xffffffff)]), want: "fewer values" },
    { name: "a template out of the chunk", record: instance({ at: 0xfffffff0 }, []), want: "out of its chunk" },
    { name: "no element", record: Buffer.from([0x77]), want: "no element begins with" },
  ])("$name", async ({ record, want }) => {
    const good = instance(event(text("good")), []);
    const log = evtxLog(typeof record === "function" ? record : () => record, good);
    expect(await read(log)).toEqual([expect.stringContaining(want), { Event: "good" }]);
  }); // prettier-ignore

  test("what is no log is refused", async () => {
    await expect(read(Buffer.from("{}"))).rejects.toThrow("not a Windows event log");
  });
});
