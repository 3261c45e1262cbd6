import type {
  Comparison,
  ComparisonExpression,
  ComparisonOperator,
  Literal,
  ObservationExpression,
  Pattern,
  Qualifier,
} from "./ast.ts";
import { scanLiteral, scanNumber, scanString, scanTimestamp, scanInteger } from "./scan-literal.ts";
import { scanPath } from "./scan-path.ts";
import { Scanner } from "./scanner.ts";

/** Bounds for patterns of strangers. */
export interface PatternLimits {
  /** UTF-16 units of the whole pattern; 1,000,000 unless told. */
  readonly maxLength?: number;
  /** Nested parentheses plus stacked qualifiers, and steps of one path; 256 unless told. */
  readonly maxDepth?: number;
  /** Comparisons in the whole pattern; 100,000 unless told. */
  readonly maxComparisons?: number;
}

const WORD_OPERATORS: Readonly<Record<string, ComparisonOperator>> = {
  IN: "IN",
  LIKE: "LIKE",
  MATCHES: "MATCHES",
  ISSUBSET: "ISSUBSET",
  ISSUPERSET: "ISSUPERSET",
};
const OPERATORS = ["=", "!=", "<", "<=", ">", ">=", ...Object.keys(WORD_OPERATORS)];

/**
 * Parses a pattern of STIX 2.0 or 2.1 (§9) in linear time.
 * Throws `PatternSyntaxError`, also where a limit is passed.
 */
export function parsePattern(text: string, limits: PatternLimits = {}): Pattern {
  const parser = new Parser(text, limits);
  return { text, root: parser.pattern() };
}

class Parser {
  private readonly scanner: Scanner;
  private readonly maxDepth: number;
  private readonly maxComparisons: number;
  private depth = 0;
  private comparisons = 0;

  constructor(text: string, limits: PatternLimits) {
    const maxLength = limits.maxLength ?? 1_000_000;
    this.maxDepth = limits.maxDepth ?? 256;
    this.maxComparisons = limits.maxComparisons ?? 100_000;
    this.scanner = new Scanner(text.length > maxLength ? "" : text);
    if (text.length > maxLength)
      throw this.scanner.errorAt(0, [`at most ${maxLength} characters`], `${text.length}`);
  }

  pattern(): ObservationExpression {
    const root = this.followedBy();
    if (this.scanner.pos < this.scanner.text.length)
      throw this.scanner.error([
        "AND",
        "OR",
        "FOLLOWEDBY",
        "a qualifier",
        "the end of the pattern",
      ]);
    return root;
  }

  private followedBy(): ObservationExpression {
    const start = this.scanner.pos;
    const first = this.observationOr();
    if (!this.scanner.takeWord("FOLLOWEDBY")) return first;
    const operands = [first];
    do operands.push(this.observationOr());
    while (this.scanner.takeWord("FOLLOWEDBY"));
    return { kind: "followed-by", operands, span: { start, end: this.scanner.end } };
  }

  private observationOr(): ObservationExpression {
    const start = this.scanner.pos;
    const first = this.observationAnd();
    if (!this.scanner.takeWord("OR")) return first;
    const operands = [first];
    do operands.push(this.observationAnd());
    while (this.scanner.takeWord("OR"));
    return { kind: "observation-or", operands, span: { start, end: this.scanner.end } };
  }

  private observationAnd(): ObservationExpression {
    const start = this.scanner.pos;
    const first = this.qualified();
    if (!this.scanner.takeWord("AND")) return first;
    const operands = [first];
    do operands.push(this.qualified());
    while (this.scanner.takeWord("AND"));
    return { kind: "observation-and", operands, span: { start, end: this.scanner.end } };
  }

  private qualified(): ObservationExpression {
    const { scanner } = this;
    const start = scanner.pos;
    let expression = this.observation();
    const depthBefore = this.depth;
    for (let qualifier = this.qualifier(); qualifier; qualifier = this.qualifier()) {
      this.enter(); // one node deeper, though the text is flat
      expression = { kind: "qualified", expression, qualifier, span: { start, end: scanner.end } };
    }
    this.depth = depthBefore;
    return expression;
  }

  private observation(): ObservationExpression {
    const { scanner } = this;
    const start = scanner.pos;
    if (scanner.take(91)) {
      const expression = this.comparisonOr();
      if (!scanner.take(93)) throw scanner.error(["AND", "OR", '"]"']);
      return { kind: "observation", expression, span: { start, end: scanner.end } };
    }
    if (!scanner.take(40)) throw scanner.error(['"["', '"("']);
    this.enter();
    const inner = this.followedBy();
    if (!scanner.take(41)) throw scanner.error(["AND", "OR", "FOLLOWEDBY", "a qualifier", '")"']);
    this.depth--;
    return inner;
  }

  private qualifier(): Qualifier | undefined {
    const { scanner } = this;
    if (scanner.takeWord("WITHIN")) {
      const at = scanner.pos;
      const seconds = Number(scanNumber(scanner).value);
      if (!(seconds > 0)) throw scanner.errorAt(at, ["a number of seconds above zero"]);
      scanner.expectWord("SECONDS");
      return { kind: "within", seconds };
    }
    if (scanner.takeWord("REPEATS")) {
      const at = scanner.pos;
      const times = Number(scanInteger(scanner));
      if (times < 1) throw scanner.errorAt(at, ["a number of times above zero"]);
      scanner.expectWord("TIMES");
      return { kind: "repeats", times };
    }
    if (!scanner.takeWord("START")) return undefined;
    const start = scanTimestamp(scanner);
    scanner.expectWord("STOP");
    return { kind: "start-stop", start, stop: scanTimestamp(scanner) };
  }

  private comparisonOr(): ComparisonExpression {
    const start = this.scanner.pos;
    const first = this.comparisonAnd();
    if (!this.scanner.takeWord("OR")) return first;
    const operands = [first];
    do operands.push(this.comparisonAnd());
    while (this.scanner.takeWord("OR"));
    return { kind: "or", operands, span: { start, end: this.scanner.end } };
  }

  private comparisonAnd(): ComparisonExpression {
    const start = this.scanner.pos;
    const first = this.propertyTest();
    if (!this.scanner.takeWord("AND")) return first;
    const operands = [first];
    do operands.push(this.propertyTest());
    while (this.scanner.takeWord("AND"));
    return { kind: "and", operands, span: { start, end: this.scanner.end } };
  }

  private propertyTest(): ComparisonExpression {
    const { scanner } = this;
    if (scanner.take(40)) {
      this.enter();
      const inner = this.comparisonOr();
      if (!scanner.take(41)) throw scanner.error(["AND", "OR", '")"']);
      this.depth--;
      return inner;
    }
    const start = scanner.pos;
    if (++this.comparisons > this.maxComparisons)
      throw scanner.error([`at most ${this.maxComparisons} comparisons`]);
    return this.exists(start) ?? this.comparison(start);
  }

  /** `EXISTS path` and `NOT EXISTS path`; an object type may be named like these words. */
  private exists(start: number): Comparison | undefined {
    const { scanner } = this;
    const isNot = scanner.isWord("NOT");
    if (!isNot && !scanner.isWord("EXISTS")) return undefined;
    if (scanner.text.charCodeAt(start + (isNot ? 3 : 6)) === 58) return undefined;
    const negated = scanner.takeWord("NOT");
    scanner.expectWord("EXISTS");
    const path = scanPath(scanner, this.maxDepth);
    const span = { start, end: scanner.end };
    return { kind: "comparison", path, operator: "EXISTS", negated, literals: [], span };
  }

  private comparison(start: number): Comparison {
    const { scanner } = this;
    const path = scanPath(scanner, this.maxDepth);
    const negated = scanner.takeWord("NOT");
    const operator = this.operator();
    const literals = this.literals(operator);
    const span = { start, end: scanner.end };
    return { kind: "comparison", path, operator, negated, literals, span };
  }

  private operator(): ComparisonOperator {
    const { scanner } = this;
    const { pos, code } = scanner;
    const next = scanner.text.charCodeAt(pos + 1);
    if (code === 61) return this.symbol("=", next === 61 ? 2 : 1);
    if (code === 33 && next === 61) return this.symbol("!=", 2);
    if (code === 60) {
      if (next === 62) return this.symbol("!=", 2);
      return next === 61 ? this.symbol("<=", 2) : this.symbol("<", 1);
    }
    if (code === 62) return next === 61 ? this.symbol(">=", 2) : this.symbol(">", 1);
    const word = scanner.peekWord();
    const operator = word === "" ? undefined : WORD_OPERATORS[word];
    if (operator === undefined || !Object.hasOwn(WORD_OPERATORS, word))
      throw scanner.error(OPERATORS);
    scanner.finish(pos + word.length);
    return operator;
  }

  private symbol(operator: ComparisonOperator, length: number): ComparisonOperator {
    this.scanner.finish(this.scanner.pos + length);
    return operator;
  }

  private literals(operator: ComparisonOperator): readonly Literal[] {
    const { scanner } = this;
    switch (operator) {
      case "IN":
        return this.set();
      case "LIKE":
      case "MATCHES":
      case "ISSUBSET":
      case "ISSUPERSET":
        return [{ kind: "string", value: scanString(scanner) }];
      case "=":
      case "!=":
        return [scanLiteral(scanner)];
      default: {
        const at = scanner.pos;
        const literal = scanLiteral(scanner);
        if (literal.kind === "boolean") throw scanner.errorAt(at, ["a literal that has an order"]);
        return [literal];
      }
    }
  }

  private set(): readonly Literal[] {
    const { scanner } = this;
    scanner.expect(40);
    if (scanner.take(41)) return [];
    const literals = [scanLiteral(scanner)];
    while (scanner.take(44)) literals.push(scanLiteral(scanner));
    if (!scanner.take(41)) throw scanner.error(['","', '")"']);
    return literals;
  }

  private enter(): void {
    if (++this.depth > this.maxDepth)
      throw this.scanner.error([`a nesting of at most ${this.maxDepth}`]);
  }
}
