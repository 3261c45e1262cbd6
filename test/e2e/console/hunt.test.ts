/** Hunting in the console: from an alert to the processes around it, and a search of one's own, in a real browser. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openConsole, violations } from "../../support/console-page.ts";
import { startConsoleService, type ConsoleService } from "../../support/console-service.ts";
import { describeChromium } from "../../support/describe-chromium.ts";

const MINUTES = 60_000;
const QUERY = new URLSearchParams([["c", "Image contains vssadmin"]]).toString();

describeChromium("a hunt in the console", () => {
  let service: ConsoleService;
  beforeAll(async () => {
    service = await startConsoleService();
  }, 3 * MINUTES);
  afterAll(async () => service[Symbol.asyncDispose]());

  test(
    "goes from the evidence of an alert to the processes around it, and on along the tree",
    async () => {
      await using console = await openConsole(service.url);
      const { page, complaints } = console;
      await page.goto(`${service.url}/#/alerts`);
      await page.locator("tbody [data-main]").first().click();
      await page.getByRole("link", { name: "Show the processes around it" }).first().click();
      await page.locator(".tree-focus").waitFor();
      await page.goto(
        `${service.url}/#/hunt?c=CommandLine+is+vssadmin+delete+shadows+%2Fall+%2Fquiet`,
      );
      await page.locator(".hunt-rows tbody tr").first().waitFor();
      expect(await violations(page)).toEqual([]);
      await page.locator(".hunt-rows [data-main]").first().click();
      await page.locator(".tree-row").first().waitFor();
      const names = await page.locator(".tree-name strong").allTextContents();
      expect(names).toEqual(expect.arrayContaining(["tasksche.exe", "cmd.exe", "vssadmin.exe"]));
      expect(names.indexOf("tasksche.exe")).toBeLessThan(names.indexOf("vssadmin.exe"));
      expect(await page.locator(".tree-focus strong").textContent()).toBe("vssadmin.exe");
      expect(await violations(page)).toEqual([]);
      await page.locator('.tree-name:has(strong:has-text("tasksche.exe"))').first().click();
      await page.locator(".tree-details h3", { hasText: "tasksche.exe" }).waitFor();
      await page.getByRole("link", { name: "Its own tree" }).click();
      await page.locator(".tree-focus", { hasText: "tasksche.exe" }).waitFor();
      expect(page.url()).toContain("#/processes/");
      expect(complaints).toEqual([]);
    },
    2 * MINUTES,
  );

  test(
    "is written into a form, kept in the link, and refused in words where it is wrong",
    async () => {
      await using console = await openConsole(service.url);
      const { page, complaints } = console;
      await page.goto(`${service.url}/#/hunt`);
      await page.locator(".empty").waitFor();
      await page.keyboard.press("/");
      await page.keyboard.type("tasksche");
      await page.keyboard.press("Enter");
      await page.locator(".hunt-rows tbody tr").first().waitFor();
      expect(page.url()).toContain("Image");
      const total = Number((await page.locator(".head .count").textContent())?.replace(/\D/g, ""));
      expect(total).toBeGreaterThan(3);
      await page.goto(`${service.url}/#/hunt?c=Image+matches+(`);
      await page.locator(".problem").waitFor();
      await page.goto(
        `${service.url}/#/hunt?pattern=${encodeURIComponent("[process:name = 'tasksche.exe']")}`,
      );
      await page.locator(".hunt-rows tbody tr").first().waitFor();
      // The browser itself complains of the answer 400.
      expect(complaints.filter((one) => !one.includes("400"))).toEqual([]);
    },
    2 * MINUTES,
  );

  test.each([
    { locale: "en-US", colorScheme: "light" },
    { locale: "ja-JP", colorScheme: "dark" },
  ] as const)(
    "in $locale, $colorScheme: from a search to an event and its processes, readable for all",
    async ({ locale, colorScheme }) => {
      await using console = await openConsole(service.url, { locale, colorScheme });
      const { page, open, complaints } = console;
      for (const place of ["hunt", "processes"]) {
        await open(place);
        expect({ place, found: await violations(page) }).toEqual({ place, found: [] });
      }
      await open(`hunt?${QUERY}`);
      const found = page.locator("[data-main]");
      await found.first().waitFor();
      expect(await found.count()).toBeGreaterThan(0);
      expect({ place: "results", found: await violations(page) }).toEqual({ place: "results", found: [] }); // prettier-ignore
      await found.first().click();
      await page.locator("main", { hasText: "vssadmin" }).waitFor();
      await page.locator("h1").first().waitFor();
      await page.locator(".loading").waitFor({ state: "detached" });
      expect({ place: "event", found: await violations(page) }).toEqual({ place: "event", found: [] }); // prettier-ignore
      expect(complaints).toEqual([]);
    },
    2 * MINUTES,
  );
});
