import { Router } from "express";
import { measure } from "../core/coverage/ledger.ts";
import type { ApiDeps } from "./api.ts";
import { handle } from "./problem.ts";

/** `/coverage`: the plane of events × patterns, partition by partition, and what stands outside it. */
export function coverageRoutes({ state, events, semantics }: ApiDeps): Router {
  const router = Router();
  router.get(
    "/coverage",
    handle(async (_request, response) => {
      const revision = await state.patterns.bound();
      const partitions = new Map((await events.partitions()).map((p) => [p.id, p.bound] as const));
      const rows = new Map((await state.ledger.rows()).map((row) => [row.partition, row] as const));
      const list = [...new Set([...partitions.keys(), ...rows.keys()])].map((id) => {
        const row = rows.get(id);
        const pieces = row?.pieces ?? [];
        const here = partitions.get(id);
        // What can't be read is not covered, whatever was once swept of it.
        const bound = here ?? pieces.at(-1)?.to ?? 0;
        const area = measure(pieces, bound, revision, semantics);
        return {
          partition: id,
          bound,
          pieces,
          ...(here === undefined ? { ...area, covered: 0, stale: 0 } : area),
          unreachableSince:
            here === undefined ? new Date(row?.unreachableSince ?? 0).toISOString() : null,
        };
      });
      const covered = list.reduce((sum, p) => sum + p.covered, 0);
      const total = list.reduce((sum, p) => sum + p.total, 0);
      response.json({
        revision,
        semantics,
        covered,
        total,
        ratio: total === 0 ? 1 : covered / total,
        partitions: list,
        exceptions: await state.ledger.exceptions(),
      });
    }),
  );
  return router;
}
