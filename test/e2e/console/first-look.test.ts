/** What an analyst does first, in a real browser over the real service with its sample data. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openConsole, until, violations } from "../../support/console-page.ts";
import { describeChromium } from "../../support/describe-chromium.ts";
import { startConsoleService, type ConsoleService } from "../../support/console-service.ts";

const MINUTES = 60_000;

describeChromium("a first look at the console", () => {
  let service: ConsoleService;
  beforeAll(async () => {
    service = await startConsoleService();
  }, 3 * MINUTES);
  afterAll(async () => service[Symbol.asyncDispose]());

  async function json(path: string): Promise<Record<string, unknown>> {
    return (await (await fetch(`${service.url}${path}`)).json()) as Record<string, unknown>;
  }

  test(
    "from the first page to an alert of WannaCry, why it is one, and acknowledged",
    async () => {
      await using console = await openConsole(service.url);
      const { page, open, complaints } = console;
      await open("");
      expect(await page.title()).toBe("Alerts · stixsweep");
      expect(await page.locator(".severity-high").first().textContent()).toBe("High");
      const first = page.locator("[data-main]").first();
      expect(await first.textContent()).toContain(
        "WannaCry dropper, then deletion of shadow copies",
      );
      await first.click();
      await page.locator(".evidence .event").first().waitFor();
      expect(await page.locator(".sentence").textContent()).toMatch(
        /^\S+\.corp\.example showed what WannaCry dropper.* describes: 10 events between 2024-/,
      );
      const why = await page.locator(".why-words").allTextContents();
      expect(why[0]).toMatch(/^The file's SHA-256 is '24d004a1/);
      expect(why[1]).toBe("The command line looks like '%vssadmin%delete%shadows%'");
      const marked = page.locator(".companion").first().locator("mark");
      expect(await marked.allTextContents()).toEqual(["vssadmin", "delete", "shadows"]);
      await page.getByRole("button", { name: "Acknowledge" }).click();
      await page.locator(".triage-now .status-acknowledged").waitFor();
      const id = page.url().split("/").at(-1);
      expect(await json(`/api/v1/alerts/${id}`)).toMatchObject({ status: "acknowledged" });
      expect(await page.locator(".history li").count()).toBe(1);

      // Closing asks what it was.
      await page.getByRole("button", { name: "Close…" }).click();
      await page.getByRole("radio", { name: /^Benign/ }).check();
      await page.getByLabel("Comment").last().fill("our <b>exercise</b>");
      await page.getByRole("button", { name: "Close the alert" }).click();
      await page.locator(".triage-now .status-closed").waitFor();
      expect(await page.locator(".history .comment").first().textContent()).toBe("our <b>exercise</b>"); // prettier-ignore
      expect(await json(`/api/v1/alerts/${id}`)).toMatchObject({
        status: "closed",
        resolution: "benign",
      });
      expect(complaints).toEqual([]);
    },
    2 * MINUTES,
  );

  test(
    "by facets, text and sorting, and many at once",
    async () => {
      await using console = await openConsole(service.url);
      const { page, open, complaints } = console;
      await open("alerts");
      const rows = page.locator(".alert-rows tbody tr");
      const all = await rows.count();
      await page.getByRole("checkbox", { name: /^Medium/ }).check();
      const medium = await rows.count();
      expect(medium).toBeGreaterThan(0);
      expect(medium).toBeLessThan(all);
      expect(page.url()).toContain("severity=medium");
      const answered = page.waitForResponse((one) => one.url().includes("host=fs01"));
      await page.getByRole("button", { name: /^fs01/ }).click();
      await answered;
      await page.getByRole("searchbox").fill("203.0.113");
      await until(page, "location.hash.includes('q=203.0.113')");
      await page.getByRole("button", { name: "Last seen" }).click();
      // The link leads to the same again.
      const [link, shown] = [page.url(), await rows.count()];
      await page.goto("about:blank");
      await page.goto(link);
      await until(page, `document.querySelectorAll(".alert-rows tbody tr").length === ${shown}`);
      const hosts = await page.locator(".alert-rows .host").allTextContents();
      expect(hosts.every((host) => host.startsWith("fs01"))).toBe(true);
      await page.getByRole("checkbox", { name: "Select all that are shown" }).check();
      await page.locator(".bulk").getByRole("button", { name: "In progress" }).click();
      await page.locator(".notice").waitFor();
      expect(await page.locator(".notice").textContent()).toContain(`${shown} alerts changed`);
      await until(
        page,
        `document.querySelectorAll(".alert-rows .status-in-progress").length === ${shown}`,
      );
      expect(complaints).toEqual([]);
    },
    2 * MINUTES,
  );

  test(
    "a bundle is dropped, looked at, imported, and its alert appears elsewhere without a reload",
    async () => {
      const bundle = JSON.stringify({
        type: "bundle",
        id: "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d",
        objects: [
          {
            type: "indicator",
            spec_version: "2.1",
            id: "indicator--5d0092c5-5f74-4287-9642-33f4c354e56e",
            created: "2024-05-01T00:00:00.000Z",
            modified: "2024-05-01T00:00:00.000Z",
            name: "A made-up hunt for wbadmin",
            pattern: "[process:command_line LIKE '%wbadmin%delete%']",
            pattern_type: "stix",
            valid_from: "2024-05-01T00:00:00Z",
          },
        ],
      });
      await using console = await openConsole(service.url);
      const { page, open, complaints } = console;
      const other = await console.browser.context.newPage();
      await other.goto(`${service.url}/#/alerts?q=made-up+hunt&status=all`);
      await other.locator(".empty").waitFor();

      await open("imports");
      await page.evaluate(
        `(() => {
        const data = new DataTransfer();
        data.items.add(new File([${JSON.stringify(bundle)}], "hunt.json"));
        const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
        document.querySelector(".drop").dispatchEvent(drop);
      })()`,
      );
      const preview = page.locator(".preview");
      await preview.waitFor();
      expect(await preview.textContent()).toContain("Nothing is stored yet.");
      expect(await preview.textContent()).toMatch(/would have hit \d+ events on 4 hosts/);
      expect((await json("/api/v1/indicators?feed=upload"))["indicators"]).toEqual([]);
      expect(await violations(page)).toEqual([]);
      await page.getByRole("button", { name: "Import it" }).click();
      await page.getByRole("heading", { name: "hunt.json", level: 1 }).waitFor();
      expect(await page.locator(".counts").textContent()).toContain("1 Accepted");

      await other.bringToFront();
      await other
        .locator(".row-title", { hasText: "A made-up hunt for wbadmin" })
        .first()
        .waitFor();
      expect(complaints).toEqual([]);
    },
    2 * MINUTES,
  );

  test(
    "a file that is no feed is refused in words, and nothing is stored",
    async () => {
      await using console = await openConsole(service.url);
      const { page, open } = console;
      await open("imports");
      const before = await page.locator(".rows tbody tr").count();
      const file = { name: "<img src=x>.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\0\0") }; // prettier-ignore
      await page.locator("input[type=file]").setInputFiles(file);
      await page.locator(".preview .warn").waitFor();
      expect(await page.locator(".preview h2").textContent()).toBe("Preview of <img src=x>.pdf");
      expect(await page.getByRole("button", { name: "Import it" }).count()).toBe(0);
      await page.getByRole("button", { name: "Cancel" }).click();
      expect(await page.locator(".rows tbody tr").count()).toBe(before);
    },
    MINUTES,
  );

  describe("every view", () => {
    const VIEWS = ["alerts", "alert", "indicators", "imports", "import", "feeds", "suppressions", "coverage", "settings", "nowhere"]; // prettier-ignore
    const goTo = async (view: string): Promise<string> => {
      const list = view === "alert" ? await json("/api/v1/alerts?limit=1") : await json("/api/v1/imports?limit=1"); // prettier-ignore
      const [one] = (list["alerts"] ?? list["imports"]) as { id: string }[];
      return { alert: `alerts/${one?.id}`, import: `imports/${one?.id}` }[view] ?? view;
    };

    test.each([
      { locale: "en-US", colorScheme: "light" },
      { locale: "ja-JP", colorScheme: "dark" },
    ] as const)(
      "in $locale, $colorScheme: readable for all, in its language, without a complaint",
      async ({ locale, colorScheme }) => {
        await using console = await openConsole(service.url, { locale, colorScheme });
        const { page, complaints } = console;
        for (const view of VIEWS) {
          await page.goto(`${service.url}/#/${await goTo(view)}`);
          await page.locator("h1").waitFor();
          await page.locator(".loading").waitFor({ state: "detached" });
          // Of a row that is pointed at or has the focus the colours are others.
          if (view === "alerts") await page.keyboard.press("j");
          expect({ view, found: await violations(page) }).toEqual({ view, found: [] });
          const title = await page.title();
          expect(/[\p{sc=Han}\p{sc=Katakana}]/u.test(title)).toBe(locale === "ja-JP");
        }
        expect(await page.evaluate("document.documentElement.lang")).toBe(locale.slice(0, 2));
        // The dialogs too.
        await page.goto(`${service.url}/#/alerts`);
        await page.locator("[data-main]").first().waitFor();
        await page.keyboard.press("?");
        await page.locator("dialog[open]").waitFor();
        expect(await violations(page)).toEqual([]);
        await page.keyboard.press("Escape");
        await page.locator("dialog").waitFor({ state: "detached" });
        await page.keyboard.press("j");
        await page.keyboard.press("c");
        await page.locator("dialog[open]").waitFor();
        expect(await violations(page)).toEqual([]);
        expect(complaints).toEqual([]);
      },
      3 * MINUTES,
    );

    test(
      "language, theme and zone are chosen, kept, and nothing else is",
      async () => {
        await using console = await openConsole(service.url);
        const { page, open } = console;
        await open("settings");
        await page.getByText("日本語").click();
        await page.getByText("ダーク").click();
        await page.reload();
        await page.getByRole("heading", { name: "設定" }).waitFor();
        expect(await page.evaluate("getComputedStyle(document.documentElement).colorScheme")).toBe("dark"); // prettier-ignore
        expect(await page.evaluate("({ ...localStorage })")).toEqual({
          "stixsweep.language": "ja",
          "stixsweep.theme": "dark",
        });
        expect(await page.evaluate("sessionStorage.length")).toBe(0);
      },
      MINUTES,
    );
  });

  test(
    "all of it by the keyboard alone",
    async () => {
      await using console = await openConsole(service.url);
      const { page, open, complaints } = console;
      const focused = async () => page.evaluate<string>("document.activeElement.textContent ?? ''");
      await open("alerts?status=all&severity=high");
      await page.keyboard.press("Tab");
      expect(await focused()).toBe("Skip to content");
      await page.keyboard.press("Enter");
      expect(await page.evaluate("document.activeElement.id")).toBe("content");
      await page.keyboard.press("/");
      await page.keyboard.type("tasksche");
      await page.keyboard.press("Escape");
      await until(page, "location.hash.includes('tasksche')");
      await page.keyboard.press("j");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("k");
      const title = await focused();
      expect(title).not.toBe("");
      await page.keyboard.press("a");
      await page.locator(".alert-rows tbody tr").first().locator(".status-acknowledged").waitFor();
      await page.keyboard.press("x");
      await page.locator(".bulk").waitFor();
      await page.keyboard.press("Enter");
      await page.locator(".evidence").waitFor();
      expect(await page.locator("h1").textContent()).toBe(title);
      await page.keyboard.press("c");
      await page.locator("dialog[open]").waitFor();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.locator(".triage-now .status-closed").waitFor();
      expect(await page.locator(".triage-now").textContent()).toContain("False positive");
      await page.keyboard.press("g");
      await page.keyboard.press("c");
      await page.getByRole("heading", { name: "Coverage", exact: true }).waitFor();
      expect(complaints).toEqual([]);
    },
    MINUTES,
  );

  test(
    "a page that is left open asks once and waits",
    async () => {
      await using console = await openConsole(service.url);
      const { page, open } = console;
      await open("alerts");
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.waitForTimeout(5000);
      // All of one question and its next: a page that asks without waiting asks hundreds of times.
      expect(asked.length).toBeLessThanOrEqual(2);
    },
    MINUTES,
  );

  test(
    "while the service is away what was read stays, and is said to be old",
    async () => {
      await using console = await openConsole(service.url);
      const { page, open } = console;
      await open("coverage");
      await console.browser.context.setOffline(true);
      await page.locator(".problem").first().waitFor();
      expect(await page.locator(".problem").first().textContent()).toContain("can't be reached");
      expect(await page.locator(".big").textContent()).toBe("100% covered");
      await console.browser.context.setOffline(false);
      await page.locator(".problem").first().waitFor({ state: "detached" });
    },
    2 * MINUTES,
  );
});
