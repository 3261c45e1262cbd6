/** The web console's files, to everybody: they hold nothing but the program, which then asks the API like any other client. */
import type { RequestHandler } from "express";
import type { ApiDeps } from "./api-deps.ts";

/** What the page may do: run its own files, ask its own API. No text ever becomes a part of the page's program. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const FOREVER = "public, max-age=31536000, immutable";

/** Answers with the console's files, from memory: there is no path to be led astray. */
export function serveConsole(files: ApiDeps["console"]): RequestHandler {
  return (req, res, next) => {
    const file = files?.get(req.path);
    if (file === undefined || (req.method !== "GET" && req.method !== "HEAD")) {
      next();
      return;
    }
    res.set({
      // The names of assets change with what is in them; the page that names them is asked for each time.
      "Cache-Control": req.path.startsWith("/assets/") ? FOREVER : "no-cache",
      "Content-Security-Policy": POLICY,
      "Content-Type": file.type,
      "Cross-Origin-Opener-Policy": "same-origin",
      "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
      ETag: file.etag,
    });
    if (req.fresh) res.status(304).end();
    else res.send(file.bytes);
  };
}
