import { z } from "zod";
import { heldByList } from "../core/suppress/held-back.ts";
import { SORTS } from "../core/suppress/observed-value.ts";
import { LIST_TYPES } from "../core/suppress/warning-lists.ts";
import { endpoint, list } from "./endpoint.ts";

export const listWarningLists = endpoint({
  method: "get",
  path: "/api/v1/warning-lists",
  summary: "Lists the warning lists in use, what each does, and how many matches it holds back.",
  answers: z.strictObject({
    warningLists: list(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        version: z.number(),
        type: z.enum(LIST_TYPES),
        sorts: z.array(z.enum(SORTS)),
        entries: z.number(),
        unusable: z.number(),
        holds: z.boolean(),
        heldBack: z.number(),
      }),
    ),
  }),
  handle: async ({ state, warningLists }) => {
    const { lists } = await warningLists();
    const counts = await state.matches.heldBackBy();
    return {
      warningLists: lists.map((one) => ({
        ...one,
        sorts: [...one.sorts],
        heldBack: counts.get(heldByList(one.id)) ?? 0,
      })),
    };
  },
});
