/** Takes the pictures of docs/console.md from the sample data: `npm run screenshots`. Needs Chromium. */
import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import type { Page } from "playwright-core";
import { startChromium } from "../support/chromium.ts";
import { startConsoleService } from "../support/console-service.ts";

const FOLDER = path.join(import.meta.dirname, "../../docs/console");
const FEED = [
  "203.0.113.171",
  "https://updates[.]example.net/stage2.bin",
  "ed01ebfbc9eb5bbea545af4d01bf5f1071661840480439c6e5babe8e080e41aa",
].join("\n");

const SIZE = { width: 1100, height: 620 };

interface Picture {
  readonly name: string;
  readonly place: string;
  /** What is done before the picture is taken. */
  readonly before?: (page: Page) => Promise<void>;
  /** The dark theme is shown of a few. */
  readonly isDarkToo?: boolean;
  readonly size?: { readonly width: number; readonly height: number };
}

const pictures: readonly Picture[] = [
  { name: "alerts", place: "alerts", isDarkToo: true, size: { width: 1280, height: 500 } },
  {
    name: "alert",
    place: "alerts",
    isDarkToo: true,
    before: async (page) => {
      await page.locator("[data-main]").first().click();
      await page.locator(".evidence .event").first().waitFor();
    },
  },
  {
    name: "hunt",
    place: `hunt?${new URLSearchParams([["c", "Image contains vssadmin"]]).toString()}`,
    before: async (page) => page.locator("[data-main]").first().waitFor(),
  },
  {
    name: "process",
    place: `hunt?${new URLSearchParams([["c", "Image contains vssadmin"]]).toString()}`,
    before: async (page) => {
      await page.locator("[data-main]").first().click();
      await page.locator(".loading").waitFor({ state: "detached" });
      await page.waitForTimeout(1000);
    },
  },
  {
    name: "indicators",
    place: "indicators",
    before: async (page) => page.locator("[data-main]").nth(1).click(),
  },
  {
    name: "import-preview",
    place: "imports",
    before: async (page) => {
      const file = { name: "incident.txt", mimeType: "text/plain", buffer: Buffer.from(FEED) };
      await page.locator("input[type=file]").setInputFiles(file);
      await page.locator(".preview").waitFor();
    },
  },
  {
    name: "import",
    place: "imports",
    before: async (page) => {
      await page.locator("[data-main]", { hasText: "wannacry.json" }).click();
      await page.locator(".rows .entry").first().waitFor();
    },
  },
  { name: "feeds", place: "feeds" },
  {
    name: "suppressions",
    place: "suppressions",
    before: async (page) => {
      await page.locator("summary").click();
      await page.getByLabel("What", { exact: true }).fill("10.9.0.0/16");
      await page.getByLabel("Kind").selectOption("cidr");
      await page.getByLabel("Host").fill("scan-*");
      await page.getByLabel("Reason").fill("our own scanner");
      await page.getByRole("button", { name: "Add a suppression" }).click();
      await page.locator(".state-standing").waitFor();
    },
  },
  { name: "coverage", place: "coverage" },
  { name: "settings", place: "settings" },
];

await mkdir(FOLDER, { recursive: true });
await using service = await startConsoleService();
for (const theme of ["light", "dark"] as const) {
  await using browser = await startChromium({ colorScheme: theme });
  const page = await browser.context.newPage();
  for (const { name, place, before, isDarkToo, size = SIZE } of pictures) {
    if (theme === "dark" && isDarkToo !== true) continue;
    await page.setViewportSize(size);
    await page.goto(`${service.url}/#/${place}`);
    await page.reload();
    await page.locator("h1").waitFor();
    await page.locator(".loading").waitFor({ state: "detached" });
    await before?.(page);
    await page.mouse.move(0, 0);
    await page.waitForTimeout(300);
    const file = path.join(FOLDER, theme === "dark" ? `${name}-dark.png` : `${name}.png`);
    await page.screenshot({ path: file });
    const { size: bytes } = await stat(file);
    process.stdout.write(`${path.basename(file)} ${Math.round(bytes / 1024)} KiB\n`);
  }
}
