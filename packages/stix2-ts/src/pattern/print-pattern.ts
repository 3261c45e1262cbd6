import type {
  Comparison,
  ComparisonExpression,
  Literal,
  ObjectPath,
  ObservationExpression,
  Pattern,
  Qualifier,
} from "./ast.ts";

/** What the printer takes: a whole pattern or any node of it. */
export type Printable = Pattern | ObservationExpression | ComparisonExpression;

/** Prints a pattern or a node; parsing a printed pattern gives the same tree again, spans aside. */
export function printPattern(node: Printable): string {
  if ("root" in node) return printObservation(node.root);
  switch (node.kind) {
    case "comparison":
    case "and":
    case "or":
      return printComparison(node);
    default:
      return printObservation(node);
  }
}

/** Prints an object path (STIX 2.1 §9.7); steps that are no plain identifiers are quoted. */
export function printPath(path: ObjectPath): string {
  let text = `${path.objectType}:`;
  for (const [i, step] of path.steps.entries()) {
    if (step.kind === "index") text += `[${step.index}]`;
    else text += (i === 0 ? "" : ".") + printKey(step.name);
  }
  return text;
}

/** Prints one literal as it stands in a pattern. */
export function printLiteral(literal: Literal): string {
  switch (literal.kind) {
    case "string":
      return quote(literal.value);
    case "integer":
    case "boolean":
      return String(literal.value);
    case "float":
      return printFloat(literal.value);
    case "timestamp":
      return `t'${literal.value}'`;
    case "hex":
      return `h'${literal.value}'`;
    case "binary":
      return `b'${literal.value}'`;
  }
}

function printKey(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : quote(name);
}

function quote(value: string): string {
  return `'${/['\\]/.test(value) ? value.replaceAll(/['\\]/g, "\\$&") : value}'`;
}

/** The grammar has no exponents, so 1e21 and 1e-7 are written out. */
export function printFloat(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  const e = text.indexOf("e");
  if (e === -1) return text.includes(".") ? text : `${text}.0`;
  const [whole = "", fraction = ""] = text.slice(0, e).replace("-", "").split(".");
  const shift = Number(text.slice(e + 1));
  const sign = value < 0 ? "-" : "";
  if (shift > 0) return `${sign}${whole}${fraction.padEnd(shift, "0")}.0`;
  return `${sign}0.${"0".repeat(-shift - 1)}${whole}${fraction}`;
}

function printComparison(node: ComparisonExpression): string {
  if (node.kind === "comparison") return printTest(node);
  const operands = node.operands.map((operand) => {
    const text = printComparison(operand);
    const bare = operand.kind === "comparison" || (node.kind === "or" && operand.kind === "and");
    return bare ? text : `(${text})`;
  });
  return operands.join(node.kind === "and" ? " AND " : " OR ");
}

function printTest(node: Comparison): string {
  const path = printPath(node.path);
  const not = node.negated ? "NOT " : "";
  if (node.operator === "EXISTS") return `${not}EXISTS ${path}`;
  const literals = node.literals.map(printLiteral).join(", ");
  return `${path} ${not}${node.operator} ${node.operator === "IN" ? `(${literals})` : literals}`;
}

const RANK = { "followed-by": 0, "observation-or": 1, "observation-and": 2 } as const;
const WORD = { "followed-by": "FOLLOWEDBY", "observation-or": "OR", "observation-and": "AND" };

function printObservation(node: ObservationExpression): string {
  switch (node.kind) {
    case "observation":
      return `[${printComparison(node.expression)}]`;
    case "qualified": {
      const inner = printObservation(node.expression);
      const bare = node.expression.kind === "observation" || node.expression.kind === "qualified";
      return `${bare ? inner : `(${inner})`} ${printQualifier(node.qualifier)}`;
    }
    default: {
      const operands = node.operands.map((operand) => {
        const text = printObservation(operand);
        const bare =
          operand.kind === "observation" ||
          operand.kind === "qualified" ||
          RANK[operand.kind] > RANK[node.kind];
        return bare ? text : `(${text})`;
      });
      return operands.join(` ${WORD[node.kind]} `);
    }
  }
}

function printQualifier(qualifier: Qualifier): string {
  switch (qualifier.kind) {
    case "within": {
      const { seconds } = qualifier;
      return `WITHIN ${Number.isSafeInteger(seconds) ? seconds : printFloat(seconds)} SECONDS`;
    }
    case "repeats":
      return `REPEATS ${BigInt(qualifier.times)} TIMES`;
    case "start-stop":
      return `START t'${qualifier.start}' STOP t'${qualifier.stop}'`;
  }
}
