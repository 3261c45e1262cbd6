/** One page of the console in a real browser, with all that it complained of. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { startChromium, type Browser } from "./chromium.ts";

type Options = Parameters<typeof startChromium>[0];

export interface ConsolePage extends AsyncDisposable {
  readonly page: Page;
  readonly browser: Browser;
  /** Errors of scripts, refusals by the policy, and requests to other hosts. */
  readonly complaints: readonly string[];
  /** Goes to a place of the console and waits until it is there. */
  readonly open: (place: string) => Promise<void>;
}

export async function openConsole(url: string, options: Options = {}): Promise<ConsolePage> {
  const browser = await startChromium(options);
  const page = await browser.context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // The browser notes each answer of 4xx here; which are meant, the tests say.
    const isAnswer = /status of 4\d\d/.test(message.text());
    if (message.type() === "error" && !isAnswer) complaints.push(message.text());
  });
  page.on("request", (request) => {
    const asked = request.url();
    if (!asked.startsWith(url) && !/^(?:data|blob):/.test(asked)) complaints.push(`asked ${asked}`);
  });
  return {
    page,
    browser,
    complaints,
    open: async (place) => {
      await page.goto(`${url}/#/${place}`);
      await page.locator("h1").first().waitFor();
      await page.locator(".loading").waitFor({ state: "detached" });
    },
    [Symbol.asyncDispose]: async () => browser[Symbol.asyncDispose](),
  };
}

const UNTIL_MS = 30_000;

/** Waits until an expression of the page holds; asked from outside, since the page's policy lets nothing be evaluated. */
export async function until(page: Page, expression: string): Promise<void> {
  const end = Date.now() + UNTIL_MS;
  while ((await page.evaluate(expression)) !== true) {
    if (Date.now() > end) throw new Error(`never true: ${expression}`);
    await page.waitForTimeout(50);
  }
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds against WCAG 2.2 A and AA, in words. */
export async function violations(page: Page): Promise<readonly string[]> {
  const run = `(async () => {
    const { violations } = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ": " + node.html.slice(0, 200) + " " + (node.any[0]?.message ?? node.all[0]?.message ?? "")));
  })()`;
  if (!(await page.evaluate("typeof axe === 'object'"))) await page.evaluate(AXE);
  return page.evaluate<string[]>(run);
}
