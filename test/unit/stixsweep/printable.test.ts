import { expect, test } from "@jest/globals";
import { importReport } from "../../../services/stixsweep/import-report.ts";
import { printable, printableLines } from "../../../services/stixsweep/printable.ts";

test("nothing that strangers wrote steers the terminal", () => {
  expect(printable("a\u001b]0;x\u0007\n\u009b2J\u202e")).toBe("a�]0;x���2J�");
  expect(printableLines("a\tb\r\n\u001b[2J\n")).toBe("a\tb�\n�[2J\n");
});

test("an import's report has none of it", () => {
  const entries = [{ status: "rejected", where: "/objects/0", reason: "\u001b[2J", lost: [] }];
  const report = importReport({ name: "f\u001b.json", state: "done", entries } as never);
  expect(report).toBe("f�.json: 1 rejected\n  rejected at /objects/0: �[2J\n");
});
