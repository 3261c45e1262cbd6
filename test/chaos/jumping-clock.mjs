// Preloaded into a role: its clock is off by what a file says, milliseconds.
import { readFileSync } from "node:fs";

const file = process.env["CHAOS_CLOCK"];
const RealDate = Date;
let offset = 0;

function read() {
  try {
    offset = Number(readFileSync(file, "utf8"));
  } catch {
    // It is not written yet, or just being written.
  }
}

if (file !== undefined) {
  read();
  setInterval(read, 50).unref();
  globalThis.Date = class extends RealDate {
    constructor(...args) {
      if (args.length === 0) super(RealDate.now() + offset);
      else super(...args);
    }
    static now() {
      return RealDate.now() + offset;
    }
  };
}
