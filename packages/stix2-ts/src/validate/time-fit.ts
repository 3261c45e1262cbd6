import { msOf } from "../correlate/arrangement.ts";
import type { ObservationExpression, Span } from "../pattern/ast.ts";

/**
 * When the observations of an expression can be. `from` and `until` bound each of them, `gap` is the least time in seconds
 * that lies between the first and the last. From `until` on nothing counts, as STIX 2.1 §9.5.1 says of STOP.
 */
interface Times {
  readonly from: number;
  readonly until: number;
  readonly gap: number;
}

const ALWAYS: Times = { from: -Infinity, until: Infinity, gap: 0 };

type Warn = (message: string, span: Span, section: string) => void;

/** Warns of qualifiers and orders that no observations can meet. */
export function checkTimes(root: ObservationExpression, warn: Warn): void {
  timesOf(root, ALWAYS, warn);
}

function timesOf(node: ObservationExpression, outer: Times, warn: Warn): Times {
  switch (node.kind) {
    case "observation":
      return { ...outer, gap: 0 };
    case "qualified":
      return qualified(node, outer, warn);
    case "observation-or": {
      const all = node.operands.map((operand) => timesOf(operand, outer, warn));
      return {
        from: Math.min(...all.map(({ from }) => from)),
        until: Math.max(...all.map(({ until }) => until)),
        gap: Math.min(...all.map(({ gap }) => gap)),
      };
    }
    case "observation-and":
    case "followed-by": {
      const all = node.operands.map((operand) => timesOf(operand, outer, warn));
      if (node.kind === "followed-by") checkOrder(all, node.span, warn);
      return together(all);
    }
  }
}

/** The first of each ends before `until`, the last begins at `from`: between them lies what lies between the two. */
function together(all: readonly Times[]): Times {
  const last = Math.max(...all.map(({ from }) => from));
  const first = Math.min(...all.map(({ until }) => until));
  const between = last > first ? (last - first) / 1000 : 0;
  return {
    from: Math.min(...all.map(({ from }) => from)),
    until: Math.max(...all.map(({ until }) => until)),
    gap: Math.max(between, ...all.map(({ gap }) => gap)),
  };
}

function checkOrder(all: readonly Times[], span: Span, warn: Warn): void {
  let earliest = -Infinity;
  for (const { from, until } of all) {
    earliest = Math.max(earliest, from);
    if (until <= earliest) {
      warn("What must follow lies before what it follows.", span, "2.1 §9.5.2");
      return;
    }
  }
}

function qualified(
  node: ObservationExpression & { readonly kind: "qualified" },
  outer: Times,
  warn: Warn,
): Times {
  const { qualifier, expression, span } = node;
  switch (qualifier.kind) {
    case "start-stop": {
      const [start, stop] = [msOf(qualifier.start), msOf(qualifier.stop)];
      const from = Math.max(outer.from, start);
      const until = Math.min(outer.until, stop);
      if (start >= stop) warn("START is not before STOP.", span, "2.1 §9.5.1");
      else if (from >= until) {
        warn("This window and the one around it have no time in common.", span, "2.1 §9.5.1");
      }
      return timesOf(expression, { from, until, gap: 0 }, warn);
    }
    case "within": {
      const times = timesOf(expression, outer, warn);
      if (times.gap >= qualifier.seconds && times.gap > 0) {
        const seconds = Number(times.gap.toFixed(3));
        warn(`At least ${seconds} seconds lie between the windows inside, which is not within ${qualifier.seconds}.`, span, "2.1 §9.5.1"); // prettier-ignore
      }
      return times;
    }
    case "repeats":
      if (qualifier.times > Number.MAX_SAFE_INTEGER) {
        warn("So many observations can't be counted.", span, "2.1 §9.5.1");
      }
      return timesOf(expression, outer, warn);
  }
}
