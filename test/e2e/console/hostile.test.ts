/** Values that strangers wrote, in every view: they are shown as they are, do nothing, and hide nothing. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openConsole } from "../../support/console-page.ts";
import { describeChromium } from "../../support/describe-chromium.ts";
import { startConsoleService, type ConsoleService } from "../../support/console-service.ts";

const MINUTE = 60_000;

const TAGS = `<img src=x onerror="window.owned=1"><script>window.owned=1</script>"'><svg onload=owned=1>`;
const LONG = "A".repeat(30_000);

const VALUES = [
  { name: "tags", value: TAGS },
  { name: "override", value: "invoice\u202Efdp.exe" },
  { name: "long", value: LONG },
  { name: "pictures", value: "👩‍💻 💣 \u{1F3F4}\u{E0067}\u{E0062}" },
  { name: "nulls", value: "a\0b\u001B[31m\u0085\u2028" },
  { name: "entities", value: "&lt;b&gt; &amp; {{7*7}} ${7*7} javascript:alert(1)" },
  { name: "constructor", value: "__proto__ constructor toString" },
] as const;

const HOST = `<b>host</b>\u202E"onmouseover="owned=1`;

const events = VALUES.map(({ name, value }, i) => ({
  "@timestamp": `2024-05-14T10:00:0${i}.000Z`,
  winlog: {
    channel: "Microsoft-Windows-Sysmon/Operational",
    computer_name: HOST,
    event_id: 1,
    record_id: i + 1,
    event_data: {
      UtcTime: `2024-05-14 10:00:0${i}.000`,
      ProcessGuid: `{4D0AC4F5-0000-0000-0000-00000000000${i}}`,
      ProcessId: "1",
      Image: String.raw`C:\x.exe`,
      CommandLine: `needle-${name} ${value}`,
    },
  },
}));

const uuid = (n: number) => `4d0ac4f5-0000-4000-8000-00000000000${n}`;
const stamps = { created: "2024-05-01T00:00:00.000Z", modified: "2024-05-01T00:00:00.000Z" };
const bundle = {
  type: "bundle",
  id: `bundle--${uuid(9)}`,
  objects: VALUES.flatMap(({ name, value }, i) => [
    {
      type: "indicator", spec_version: "2.1", id: `indicator--${uuid(i)}`, ...stamps,
      name: `${name} ${value}`, description: value, labels: [value.slice(0, 1000)],
      pattern: `[process:command_line LIKE '%needle-${name}%']`, pattern_type: "stix",
      valid_from: "2024-05-01T00:00:00Z", kill_chain_phases: [{ kill_chain_name: "k", phase_name: value.slice(0, 500) }],
    },
    { type: "malware", spec_version: "2.1", id: `malware--${uuid(i)}`, ...stamps, name: value, is_family: false },
    { type: "relationship", spec_version: "2.1", id: `relationship--${uuid(i)}`, ...stamps, relationship_type: "indicates", source_ref: `indicator--${uuid(i)}`, target_ref: `malware--${uuid(i)}` },
  ]),
}; // prettier-ignore

describeChromium("the console and strangers", () => {
  let service: ConsoleService;
  let folder: string;

  async function post(address: string, body: string): Promise<unknown> {
    const response = await fetch(`${service.url}${address}`, { method: "POST", body });
    if (!response.ok) throw new Error(`${address}: ${await response.text()}`);
    return response.json();
  }

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "stixsweep-hostile-"));
    const file = path.join(folder, "events.ndjson");
    await writeFile(file, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    service = await startConsoleService([file]);
    const name = encodeURIComponent(`<img src=x onerror="window.owned=1">\u202Egnp.json`);
    await post(`/api/v1/imports?name=${name}`, JSON.stringify(bundle));
    await post("/api/v1/suppressions", JSON.stringify({ kind: "value", value: `${TAGS}\u202E`, reason: TAGS, scope: { host: `${TAGS}*` } })); // prettier-ignore
    for (let alerts: unknown[] = [], i = 0; alerts.length < VALUES.length && i < 100; i += 1) {
      const answer = await fetch(`${service.url}/api/v1/alerts?limit=100`);
      alerts = ((await answer.json()) as { alerts: unknown[] }).alerts;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const { alerts } = (await (await fetch(`${service.url}/api/v1/alerts`)).json()) as { alerts: { id: string }[] }; // prettier-ignore
    if (alerts.length !== VALUES.length) throw new Error(`${alerts.length} alerts were raised`);
    const label = TAGS.slice(0, 200);
    for (const { id } of alerts) {
      await post(`/api/v1/alerts/${id}/triage`, JSON.stringify({ assignee: label, addTags: [label, "\u202Etag"], comment: `${TAGS}\u202E\0` })); // prettier-ignore
    }
  }, 3 * MINUTE);

  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  /** What a page would have that took a value for a part of itself, or let one disguise the rest. */
  const LOOK = `(() => {
  const text = document.body.innerText;
  return {
    owned: window.owned ?? null,
    elements: [...document.querySelectorAll("main img, main script, main b, main svg[onload], [onerror], [onmouseover], [onload]")].map((one) => one.outerHTML),
    unseen: [...text].filter((letter) => /[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069\\u200b]/.test(letter)).map((letter) => letter.codePointAt(0)),
    isWide: document.documentElement.scrollWidth > window.innerWidth,
    titles: [...document.querySelectorAll("[title], [aria-label]")].filter((one) => /[\\u202a-\\u202e\\u0000-\\u001f]/.test((one.title ?? "") + one.getAttribute("aria-label"))).length,
  };
})()`;
  const HARMLESS = { owned: null, elements: [], unseen: [], isWide: false, titles: 0 };

  describe("hostile values", () => {
    test.each(["alerts?status=all", "indicators", "imports", "suppressions", "coverage", "settings", "feeds", "<script>alert(1)</script>"])(
    "in %s",
    async (place) => {
      await using console = await openConsole(service.url);
      const { page, complaints } = console;
      await page.goto(`${service.url}/#/${place}`);
      await page.locator("h1").waitFor();
      await page.locator(".loading").waitFor({ state: "detached" });
      if (place === "indicators") {
        for (const row of await page.locator("[data-main]").all()) {
          await row.click();
          expect(await page.evaluate(LOOK)).toEqual(HARMLESS);
        }
      }
      expect(await page.evaluate(LOOK)).toEqual(HARMLESS);
      expect(complaints).toEqual([]);
    },
    MINUTE,
  ); // prettier-ignore

    test("in the report of an import", async () => {
    await using console = await openConsole(service.url);
    const { page, open, complaints } = console;
    await open("imports");
    await page.locator("[data-main]").first().click();
    await page.locator(".entry").first().waitFor();
    expect(await page.locator("h1").textContent()).toContain("‹U+202E›gnp.json");
    expect(await page.evaluate(LOOK)).toEqual(HARMLESS);
    expect(complaints).toEqual([]);
  }, MINUTE); // prettier-ignore

    test(
      "among the events of a hunt, in each event, and in the tree of its processes",
      async () => {
        await using console = await openConsole(service.url);
        const { page, complaints } = console;
        const hunt = new URLSearchParams([["c", "CommandLine contains needle-"]]).toString();
        await page.goto(`${service.url}/#/hunt?${hunt}`);
        const rows = page.locator(".hunt-rows [data-main]");
        await rows.first().waitFor();
        expect(await rows.count()).toBe(VALUES.length);
        expect(await page.evaluate(LOOK)).toEqual(HARMLESS);
        const links = await rows.evaluateAll((all) => all.map((one) => one.getAttribute("href")));
        for (const link of links) {
          await page.goto(`${service.url}/${link}`);
          await page.locator(".tree-row").first().waitFor();
          expect(await page.evaluate(LOOK)).toEqual(HARMLESS);
        }
        expect(complaints).toEqual([]);
      },
      2 * MINUTE,
    );

    test.each(VALUES)("in the alert of $name, and all of it can be seen", async ({ name, value }) => {
    await using console = await openConsole(service.url);
    const { page, open, complaints } = console;
    await open(`alerts?status=all&q=needle-${name}`);
    await page.locator("[data-main]").first().click();
    await page.locator(".evidence").waitFor();
    expect(await page.evaluate(LOOK)).toEqual(HARMLESS);
    const shown = page.locator(".why-value .data").last();
    if (value === LONG) {
      expect(((await shown.textContent()) ?? "").length).toBeLessThan(1000);
      await page.locator(".why-value").getByRole("button", { name: /^Show all \(30,0\d\d/ }).click();
      expect(await shown.textContent()).toBe(`needle-long ${LONG}`);
      expect(await page.evaluate(LOOK)).toEqual(HARMLESS);
    }
    if (name === "tags") expect(await shown.textContent()).toBe(`needle-tags ${TAGS}`);
    if (name === "override") expect(await shown.textContent()).toBe("needle-override invoice‹U+202E›fdp.exe"); // prettier-ignore
    if (name === "nulls") expect(await shown.textContent()).toBe("needle-nulls a‹U+0000›b‹U+001B›[31m‹U+0085›‹U+2028›"); // prettier-ignore
    expect(await page.locator(".history").textContent()).toContain(`${TAGS}‹U+202E›‹U+0000›`);
    expect(complaints).toEqual([]);
  }, MINUTE); // prettier-ignore
  });
});
