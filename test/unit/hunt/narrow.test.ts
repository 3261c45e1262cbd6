import { expect, test } from "@jest/globals";
import { re2 } from "../../../services/adapters/regex/re2.ts";
import { testOf, type Criteria } from "../../../services/core/hunt/criteria.ts";
import { narrow } from "../../../services/core/hunt/narrow.ts";
import { makeCompiler } from "../../../services/core/match/compile.ts";
import { observe, readEvent } from "../../../services/core/schema/index.ts";
import { sampleEvents } from "../../../services/sample/index.ts";
import { documentOf } from "../../../services/core/ingest/document.ts";

const compiler = makeCompiler(re2);
const compile = (pattern: string) => compiler(pattern, { mode: "observable", subdomains: false });

/** One event of each kind and layout, and two that the sample does not have: a stream, and a clipboard. */
function events() {
  const found = new Map<string, NonNullable<ReturnType<typeof readEvent>>>();
  for (const one of sampleEvents()) {
    const event = readEvent(documentOf(one));
    if (event !== undefined) found.set(`${event.layout} ${event.eventId}`, event);
  }
  const md5 = "0123456789abcdef0123456789abcdef";
  const made = (event_id: number, event_data: object) =>
    readEvent({ winlog: { provider_name: "Microsoft-Windows-Sysmon", event_id, computer_name: "h", event_data } }); // prettier-ignore
  const stream = made(15, { TargetFilename: "C:\\a.txt:Zone.Identifier", Hashes: `MD5=${md5}` });
  const clipboard = made(24, { Image: "C:\\x.exe", Hashes: `MD5=${md5},SHA256=${md5}${md5}` });
  return [...found.values(), stream, clipboard].filter((event) => event !== undefined);
}

test("whatever meets criteria satisfies one of the patterns that they are narrowed to", () => {
  let narrowed = 0;
  const missed: string[] = [];
  for (const event of events()) {
    const { observation } = observe(event);
    for (const [field, values] of event.fields) {
      for (const { value } of values) {
        const half = Math.ceil(value.length / 2);
        const asked: Criteria[] = [
          { field, op: "is", value },
          { field, op: "is", value: value.toUpperCase() },
          { field, op: "in", value: ["nothing", value] },
          { field, op: "contains", value: value.slice(1, -1) },
          { field, op: "startsWith", value: value.slice(0, half) },
          { field, op: "endsWith", value: value.slice(-half) },
          { field, op: "endsWith", value: value.slice(-6) },
          {
            any: [
              { field, op: "is", value },
              { field: "MD5", op: "is", value: "x" },
            ],
          },
          {
            all: [
              { field, op: "exists" },
              { field, op: "is", value },
            ],
          },
        ];
        for (const criteria of asked) {
          const patterns = narrow(criteria);
          if (patterns === undefined || !testOf(criteria, { regex: re2, compile })(event)) continue;
          narrowed += 1;
          if (!patterns.some((one) => compile(one).test(observation) !== undefined)) {
            missed.push(`${event.eventId} ${JSON.stringify(criteria)} ${patterns.join()}`);
          }
        }
      }
    }
  }
  expect(missed).toEqual([]);
  expect(narrowed).toBeGreaterThan(500);
}, 60_000);
