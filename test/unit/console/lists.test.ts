/** Which alerts are shown, the plane of coverage, and links. */
import { describe, expect, test } from "@jest/globals";
import { narrow, readFilter, sorted, tally, titleOf, toNarrowQuery, toQuery, valueOf, writeFilter } from "../../../services/console/src/alerts/narrow.ts"; // prettier-ignore
import type { Alert } from "../../../services/console/src/api/answers.ts";
import { rectangles } from "../../../services/console/src/coverage/plane.ts";
import { readPlace, writePlace } from "../../../services/console/src/place.ts";

function alert(given: Partial<Alert>): Alert {
  return {
    id: "a", generation: 1, version: 1, status: "new", resolution: null, assignee: null, tags: [],
    severity: "medium", host: "h1", value: "v", count: 1, firstSeen: null, lastSeen: null,
    createdAt: null, updatedAt: null, pattern: null, indicators: [], warningLists: [], evidence: [],
    history: [], ...given,
  }; // prettier-ignore
}

describe("a filter of alerts", () => {
  test.each([
    { query: "", want: {} },
    { query: "status=all", want: { status: "all" } },
    { query: "status=closed,nonsense&severity=high,low&host=h&q=x&sort=hits", want: { status: "closed", severity: "high,low", host: "h", q: "x", sort: "hits" } },
    { query: "severity=extreme&sort=up", want: {} },
  ])("of $query is read and written", ({ query, want }) => {
    expect(writeFilter(readFilter(new URLSearchParams(query)))).toEqual(want);
  }); // prettier-ignore

  test("as it stands shows what is not closed", () => {
    const filter = readFilter(new URLSearchParams("host=h&severity=high&indicator=i"));
    expect(toQuery(filter)).toEqual({ status: "new,acknowledged,in-progress", indicator: "i" });
    expect(toNarrowQuery(filter)).toEqual({
      status: "new,acknowledged,in-progress", indicator: "i", host: "h", severity: "high",
    }); // prettier-ignore
  });

  const alerts = [
    alert({ id: "1", host: "h1", severity: "high", value: "Evil.EXE" }),
    alert({ id: "2", host: "h2", severity: "low", tags: ["worm"], count: 9 }),
    alert({ id: "3", host: "h1", severity: "medium", assignee: "kim", count: 5 }),
  ];
  test.each([
    { query: "", want: ["1", "2", "3"] },
    { query: "host=h1", want: ["1", "3"] },
    { query: "severity=low,medium", want: ["2", "3"] },
    { query: "q=evil.exe", want: ["1"] },
    { query: "q=worm h2", want: ["2"] },
    { query: "q=kim worm", want: [] },
    { query: "sort=severity", want: ["1", "3", "2"] },
    { query: "sort=hits", want: ["2", "3", "1"] },
  ])("$query shows $want", ({ query, want }) => {
    const filter = readFilter(new URLSearchParams(query));
    expect(sorted(narrow(alerts, filter), filter.sort).map(({ id }) => id)).toEqual(want);
  });
  test("counts what each value has", () => {
    expect(tally(alerts, ({ host }) => host)).toEqual([["h1", 2], ["h2", 1]]); // prettier-ignore
  });
});

test("an alert of several events is told by its first value, one without indicator by nothing", () => {
  const event = {
    event: "e",
    ref: "r",
    partition: "p",
    position: 1,
    eventId: 1,
    layout: "ecs",
    time: null,
  };
  const why = [{ comparison: "c", path: "p", field: "f", value: "seen" }];
  expect(valueOf(alert({ value: "", evidence: [{ ...event, why }] }))).toBe("seen");
  expect(valueOf(alert({ value: "" }))).toBe("");
  expect(titleOf(alert({}))).toBeUndefined();
});

describe("the plane of coverage", () => {
  test.each([
    { name: "nothing", given: { bound: 0, pieces: [] }, revision: 4, want: [] },
    { name: "nothing met", given: { bound: 10, pieces: [] }, revision: 4, want: [] },
    {
      name: "steps, one by older rules",
      given: { bound: 10, pieces: [{ to: 5, revision: 4, semantics: 2 }, { to: 8, revision: 2, semantics: 1 }] },
      revision: 4,
      want: [{ x: 0, width: 0.5, height: 1, isStale: false }, { x: 0.5, width: 0.3, height: 0.5, isStale: true }],
    },
    {
      name: "beyond the bounds",
      given: { bound: 10, pieces: [{ to: 20, revision: 9, semantics: 2 }] },
      revision: 4,
      want: [{ x: 0, width: 1, height: 1, isStale: false }],
    },
  ])("$name", ({ given, revision, want }) => {
    const close = (n: number) => Math.round(n * 1000) / 1000;
    const found = rectangles(given, revision, 2).map((one) => ({ ...one, x: close(one.x), width: close(one.width) })); // prettier-ignore
    expect(found).toEqual(want);
  }); // prettier-ignore
});

describe("a link", () => {
  test.each([
    { hash: "", view: "alerts", id: undefined },
    { hash: "#/imports/a%2Fb?x=1", view: "imports", id: "a/b" },
    { hash: "#/alerts/%E0%A4%A", view: "alerts", id: "%E0%A4%A" },
    { hash: "#/<script>", view: "<script>", id: undefined },
  ])("$hash leads to $view $id", ({ hash, view, id }) => {
    const place = readPlace(hash);
    expect({ view: place.view, id: place.id }).toEqual({ view, id });
  });
  test("is written as it is read", () => {
    const odd = "a/b?c#d e%";
    const place = readPlace(writePlace("hunt", odd, { q: odd, none: "" }));
    expect({ ...place, query: Object.fromEntries(place.query) }).toEqual({
      view: "hunt", id: odd, query: { q: odd },
    }); // prettier-ignore
  });
});
