/** An engine behind real TLS, with credentials that are really checked: what a secured cluster is to a client. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";

export interface Certificates {
  /** PEM file of the authority. */
  readonly ca: string;
  readonly key: string;
  readonly cert: string;
  readonly remove: () => void;
}

/** Makes an authority of its own, and a certificate that it signed for a name (`IP:127.0.0.1`). */
export function makeCertificates(name = "IP:127.0.0.1"): Certificates {
  const folder = mkdtempSync(path.join(tmpdir(), "stixsweep-tls-"));
  const at = (file: string) => path.join(folder, file);
  const openssl = (...args: readonly string[]) =>
    execFileSync("openssl", args, { stdio: "pipe", cwd: folder });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", at("ca.key"), "-out", at("ca.pem"), "-days", "2", "-subj", "/CN=test authority"); // prettier-ignore
  openssl("req", ...key, "-keyout", at("key.pem"), "-out", at("csr.pem"), "-subj", "/CN=engine");
  writeFileSync(at("ext"), `subjectAltName=${name}\n`);
  openssl("x509", "-req", "-in", at("csr.pem"), "-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-days", "2", "-extfile", at("ext"), "-out", at("cert.pem")); // prettier-ignore
  return {
    ca: at("ca.pem"),
    key: at("key.pem"),
    cert: at("cert.pem"),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

export interface SecureProxy {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Passes on what carries one of the `Authorization` headers; answers the rest as a secured engine does. */
export async function startSecureProxy(
  engine: string,
  { key, cert }: Certificates,
  accepted: ReadonlySet<string>,
): Promise<SecureProxy> {
  const target = new URL(engine);
  const tls = { key: readFileSync(key), cert: readFileSync(cert) };
  const server = createServer(tls, (from, to) => {
    const { method, url, headers } = from;
    if (!accepted.has(headers.authorization ?? "")) {
      from.resume();
      const error = { type: "security_exception", reason: "unable to authenticate" };
      to.writeHead(401, { "content-type": "application/json" });
      to.end(JSON.stringify({ error, status: 401 }));
      return;
    }
    const options = { host: target.hostname, port: target.port, method, path: url, headers };
    const on = request(options, (reply) => {
      to.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(to);
    });
    on.on("error", () => to.destroy());
    from.pipe(on);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  return {
    url: `https://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
