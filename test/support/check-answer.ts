import { z } from "zod";
import { routes } from "../../services/api/routes.ts";

/** Fails when an answer is not what its endpoint says that it answers: the description of the API would lie. */
export function checkAnswer(
  method: string,
  address: string,
  {
    status,
    body,
    type,
  }: { readonly status: number; readonly body: unknown; readonly type: string },
): void {
  const { pathname } = new URL(address, "http://localhost");
  const route = routes.find(
    (one) =>
      one.method === method.toLowerCase() &&
      new RegExp(`^${one.path.replaceAll(/:\w+/g, "[^/]+")}$`).test(pathname),
  );
  if (route === undefined || body === undefined) return;
  const isProblem = type.startsWith("application/problem+json");
  if (status !== route.status && !isProblem) return;
  const schema = isProblem ? problem : route.answers;
  if (!(schema instanceof z.ZodType)) return;
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    throw new Error(`${method} ${pathname} answered otherwise: ${z.prettifyError(parsed.error)}`);
  }
}

const problem = z.looseObject({ status: z.number(), code: z.string(), detail: z.string() });
