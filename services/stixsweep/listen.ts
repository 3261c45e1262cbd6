import { once } from "node:events";
import type { Server } from "node:http";
import type { Express } from "express";
import { messageOf, ServiceError } from "../core/errors.ts";
import type { Config } from "../runtime/config.ts";

/** Serves the API; throws `api/cannot-listen`. */
export async function listen(
  app: Express,
  { HOST }: Pick<Config, "HOST">,
  port: number,
): Promise<Server> {
  const server = app.listen(port, HOST);
  try {
    await once(server, "listening");
  } catch (error) {
    throw new ServiceError("api/cannot-listen", `port ${port} on ${HOST}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return server;
}

/** Aborted when the process is asked to end. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => controller.abort());
  }
  return controller.signal;
}
