import { uuidV5 } from "stix2-ts";
import type {
  EntryReport,
  FeedContent,
  FeedIndicator,
} from "../../services/core/ingest/feed-content.ts";
import { patternProblem } from "./checked-pattern.ts";
import { FeedError } from "./feed-error.ts";
import { FEED_NAMESPACE } from "./feed-namespace.ts";
import { convertCriteria, type Criteria, groupOf, type Loss, lostPart } from "./stix1/criteria.ts";
import { isCybox, isIndicator, isObservable, isStix } from "./stix1/families.ts";
import { fieldsOf, indexPackage, type PackageIndex } from "./stix1/indicator-fields.ts";
import { indexObservables, type Observables, ownObservables } from "./stix1/observables.ts";
import { printScoped } from "./terms/expression.ts";
import { childOf, elementsOf, readXmlTree, type XmlElement } from "./xml/xml-tree.ts";

const CANNOT_DECIDE =
  "Sysmon can't decide all of it; leaving out what is lost would find more than was meant.";
/** Longest chain of indicators that consist of indicators. */
const DEEPEST = 50;
/** Most indicators that those of one file consist of, counted at each place. */
const MOST_PARTS = 200_000;

/**
 * Reads STIX 1.0 to 1.2. Each indicator becomes one, wherever it stands in the file; those that a composite indicator holds are
 * parts of it. Observables that no indicator asks for are counted and not used: as in MISP, what is not meant for detection
 * is no indicator.
 */
export function readStix1(text: string): FeedContent {
  const root = readXmlTree(text);
  if (!isStix1(root)) {
    const reason = "It looks like XML of the shape of STIX 1, but nothing in it has a namespace of STIX 1."; // prettier-ignore
    throw new FeedError("feed/format-unsupported", reason, root.where);
  }
  const file = new Stix1File(root);
  const indicators: FeedIndicator[] = [];
  const entries: EntryReport[] = [];
  for (const element of file.indicators) {
    const { entry, indicator } = file.convert(element);
    entries.push(entry);
    if (indicator !== undefined) indicators.push(indicator);
  }
  const unused = file.unusedObservables();
  if (file.indicators.length === 0 && unused > 0) {
    const reason = `The file has ${unused} observables and no indicator: nothing in it is marked for detection.`; // prettier-ignore
    entries.push({ status: "rejected", where: root.where, code: "feed/not-for-detection", reason });
  }
  return {
    format: "stix1",
    version: versionOf(root),
    indicators,
    entries,
    ignored: unused === 0 ? {} : { Observable: unused },
  };
}

/** Whether anything in a file is of STIX 1, whatever encloses it. */
function isStix1(root: XmlElement): boolean {
  for (const one of elementsOf(root)) if (isStix(one) || isCybox(one)) return true;
  return false;
}

function versionOf(root: XmlElement): string {
  for (const { local, attributes, children } of elementsOf(root)) {
    const version = attributes.get("version");
    if (/^(?:STIX_Package|Package)$/.test(local) && children.length > 0 && version !== undefined)
      return version.slice(0, 20);
  }
  return "1";
}

interface Converted {
  readonly entry: EntryReport;
  readonly indicator?: FeedIndicator;
}

class Stix1File {
  readonly indicators: readonly XmlElement[];
  readonly #root: XmlElement;
  readonly #byId = new Map<string, XmlElement>();
  readonly #index: PackageIndex;
  readonly #observables: Observables;
  readonly #taken = new Map<string, string>();
  #parts = MOST_PARTS;

  constructor(root: XmlElement) {
    this.#root = root;
    this.#index = indexPackage(root);
    this.#observables = indexObservables(root);
    const enters = ({ local }: XmlElement) => local !== "Composite_Indicator_Expression";
    this.indicators = [...elementsOf(root, enters)].filter(
      (one) => isIndicator(one) && !one.attributes.has("idref"),
    );
    for (const one of this.indicators) {
      const id = one.attributes.get("id");
      const other = id === undefined ? undefined : this.#byId.get(id);
      if (id !== undefined && (other === undefined || timeOf(one) > timeOf(other)))
        this.#byId.set(id, one);
    }
  }

  convert(element: XmlElement): Converted {
    const original = element.attributes.get("id");
    const where = original === undefined ? element.where : `${element.where}, ${original}`;
    const newest = original === undefined ? undefined : this.#byId.get(original);
    const losses: Loss[] = [];
    const repairs = new Set<string>();
    const scoped = convertCriteria(this.#read(element, repairs, new Set()), losses);
    const pattern = scoped === undefined ? undefined : printScoped(scoped);
    const key = original ?? pattern ?? `at ${element.where}`;
    const id = `indicator--${uuidV5(FEED_NAMESPACE, `stix1|${key}`)}`;
    if (newest !== undefined && newest !== element) {
      const reason = `Another indicator with this id is newer or came first: ${newest.where}.`;
      return { entry: { status: "ignored", id, where, code: "feed/duplicate-id", reason } };
    }
    const same = this.#taken.get(id);
    if (same !== undefined) {
      const reason = `The same indicator stands at ${same} already.`;
      return { entry: { status: "ignored", id, where, code: "feed/duplicate-id", reason } };
    }
    this.#taken.set(id, where);
    const problem = pattern === undefined ? undefined : patternProblem(pattern);
    const texts = losses.map((loss) => loss.text);
    const code = losses.every((loss) => loss.code === losses[0]?.code)
      ? losses[0]?.code
      : "feed/term-unknown";
    if (pattern === undefined || problem !== undefined) {
      const reason = problem?.message ?? (texts.length === 1 ? (texts[0] ?? "") : CANNOT_DECIDE);
      const rejected = problem === undefined ? this.#whyNot(element, code) : "feed/pattern-syntax";
      return {
        entry: { status: "rejected", id, where, code: rejected, reason, lost: texts },
      };
    }
    const fields = fieldsOf(element, this.#index, texts);
    const repaired = [...repairs];
    const found = code ?? (repaired.length > 0 ? "feed/value-repaired" : undefined);
    const isWhole = texts.length === 0 && repaired.length === 0;
    return {
      entry: {
        status: isWhole ? "accepted" : "partly",
        id,
        where,
        ...(found !== undefined && { code: found }),
        ...(losses.length > 0
          ? { reason: "What is lost is not asked for." }
          : repaired.length > 0 && { reason: `${repaired.slice(0, 5).join("; ")}.` }),
        ...(texts.length > 0 && { lost: texts }),
        ...(repaired.length > 0 && { repaired }),
      },
      indicator: {
        ...fields,
        id,
        pattern,
        patternType: "stix",
        revoked: false,
        original: { format: "stix1", id: original ?? id },
      },
    };
  }

  unusedObservables(): number {
    let count = 0;
    for (const one of ownObservables(this.#root)) if (!this.#observables.isUsed(one)) count += 1;
    return count;
  }

  /** Reads what an indicator asks for; `above` are those that it is a part of. */
  #read(element: XmlElement, repairs: Set<string>, above: Set<XmlElement>): Criteria {
    const parts: Criteria[] = [];
    const observables = element.children.filter(isObservable);
    if (observables.length > 0) parts.push(this.#observables.read(observables, repairs));
    const composite = childOf(element, "Composite_Indicator_Expression");
    if (composite !== undefined) {
      parts.push(this.#readComposite(composite, repairs, new Set([...above, element])));
    }
    const isNegated = /^(?:true|1)$/i.test(element.attributes.get("negate") ?? "");
    if (parts.length > 0) return groupOf("or", parts, isNegated);
    return lostPart("feed/pattern-missing", "It has no observable.");
  }

  #readComposite(element: XmlElement, repairs: Set<string>, above: Set<XmlElement>): Criteria {
    const operator = element.attributes.get("operator")?.toUpperCase();
    if (operator !== "AND" && operator !== "OR") {
      return lostPart("feed/condition-unsupported", `a composite without AND or OR (${element.where})`); // prettier-ignore
    }
    const parts = element.children.filter(isIndicator).map((part): Criteria => {
      const reference = part.attributes.get("idref");
      const target = reference === undefined ? part : this.#byId.get(reference);
      this.#parts -= 1;
      if (target === undefined) {
        return lostPart("feed/reference-unknown", `${reference?.slice(0, 200)} (${part.where}): the file does not have it`); // prettier-ignore
      }
      if (this.#parts < 0) return lostPart("feed/too-complex", `too many parts (${part.where})`);
      if (above.has(target) || above.size > DEEPEST) {
        return lostPart("feed/reference-unknown", `an indicator that consists of itself, or is nested too deep (${part.where})`); // prettier-ignore
      }
      return this.#read(target, repairs, above);
    });
    return parts.length === 0
      ? lostPart("feed/value-missing", `an empty composite (${element.where})`)
      : groupOf(operator === "AND" ? "and" : "or", parts);
  }

  /** An indicator without observables may have its meaning in another language. */
  #whyNot(element: XmlElement, code: Loss["code"] | undefined): string {
    const mechanisms = childOf(element, "Test_Mechanisms")?.children ?? [];
    return code === "feed/pattern-missing" && mechanisms.length > 0
      ? "feed/pattern-type-unsupported"
      : code === undefined || code === "feed/partly-visible"
        ? "feed/term-unknown"
        : code;
  }
}

function timeOf(element: XmlElement): number {
  const time = Date.parse(element.attributes.get("timestamp") ?? "");
  return Number.isNaN(time) ? -Infinity : time;
}
