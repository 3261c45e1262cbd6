/** Signing in and out, in a real browser. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openConsole, violations } from "../../support/console-page.ts";
import { describeChromium } from "../../support/describe-chromium.ts";
import { startConsoleService, type ConsoleService } from "../../support/console-service.ts";

const MINUTE = 60_000;

describeChromium("access to the console", () => {
  let service: ConsoleService;
  beforeAll(async () => {
    service = await startConsoleService();
  }, 3 * MINUTE);
  afterAll(async () => service[Symbol.asyncDispose]());

  interface Key {
    readonly id: string;
    readonly token: string;
  }

  test(
    "the first key, a session, signing out and in, and what a narrow key may not",
    async () => {
      await using console = await openConsole(service.url);
      const { page, open, complaints } = console;
      const { context } = console.browser;

      // The page that makes the first key goes on with it.
      await open("settings");
      await page.getByLabel("Name").fill("ops <i>");
      await page.getByRole("button", { name: "Make a key" }).click();
      const token = (await page.locator(".made code").textContent()) ?? "";
      expect(token).toMatch(/^stixsweep_/);
      await page.getByText("Signed in with key ops <i>.").waitFor();
      expect((await fetch(`${service.url}/api/v1/alerts`)).status).toBe(401);

      // No script and no storage has the key, or the session.
      const [cookie, ...others] = await context.cookies();
      expect(others).toEqual([]);
      expect(cookie).toMatchObject({
        name: "stixsweep_session",
        httpOnly: true,
        sameSite: "Strict",
      });
      const kept = await page.evaluate<string>("document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })"); // prettier-ignore
      expect(kept).not.toContain(token);
      expect(kept).not.toContain("stixsweep_session");

      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      expect(await context.cookies()).toEqual([]);
      expect(await violations(page)).toEqual([]);

      await page.getByLabel("API key").fill(`${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`); // prettier-ignore
      await page.keyboard.press("Enter");
      await page.getByText("This key is not good").waitFor();
      expect(await page.getByLabel("API key").inputValue()).toBe("");
      await page.getByLabel("API key").fill("日本語");
      await page.keyboard.press("Enter");
      await page.getByText("This key is not good").waitFor();

      // A key that may look, and nothing more.
      const admin = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const made = await fetch(`${service.url}/api/v1/keys`, {
        method: "POST",
        headers: admin,
        body: JSON.stringify({ name: "dashboard", scopes: ["read"] }),
      });
      const narrow = (await made.json()) as Key;
      await page.getByLabel("API key").fill(narrow.token);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Settings" }).waitFor();
      expect(await page.getByRole("heading", { name: "API keys" }).count()).toBe(0);
      await open("alerts");
      await page.locator("[data-main]").first().click();
      await page.locator(".evidence").waitFor();
      expect(await page.getByRole("button", { name: "Acknowledge" }).count()).toBe(0);
      await open("imports");
      expect(await page.locator(".drop").count()).toBe(0);

      // The end of the key is the end of the session, on the page that is open.
      await open("alerts");
      const gone = await fetch(`${service.url}/api/v1/keys/${narrow.id}`, { method: "DELETE", headers: admin }); // prettier-ignore
      expect(gone.status).toBe(200);
      await page.getByRole("heading", { name: "Sign in" }).waitFor({ timeout: 40_000 });

      // Back to where one was.
      await page.getByLabel("API key").fill(token);
      await page.keyboard.press("Enter");
      await page.locator(".alert-rows").waitFor();
      expect(complaints).toEqual([]);
    },
    3 * MINUTE,
  );
});
