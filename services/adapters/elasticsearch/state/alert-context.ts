import type { IndicatorStore, PatternStore } from "../../../core/ports.ts";
import type { AlertContext } from "./alert-document.ts";

/** A fold writes many alerts of few patterns; what is shown beside them may be this old. */
const FRESH_MS = 5000;
const MOST = 1000;

/** Looks up what an alert shows of its pattern: the text, and which indicators of which feeds name it. */
export class AlertContexts {
  readonly #patterns: PatternStore;
  readonly #indicators: IndicatorStore;
  readonly #known = new Map<string, { readonly context: AlertContext; readonly at: number }>();

  constructor(patterns: PatternStore, indicators: IndicatorStore) {
    this.#patterns = patterns;
    this.#indicators = indicators;
  }

  async of(patternKey: string): Promise<AlertContext> {
    const now = Date.now();
    const known = this.#known.get(patternKey);
    if (known !== undefined && now - known.at < FRESH_MS) {
      return known.context;
    }
    const [patterns, indicators] = await Promise.all([
      this.#patterns.find([patternKey]),
      this.#indicators.byPattern([patternKey]),
    ]);
    const context = { pattern: patterns[0]?.pattern, indicators };
    if (this.#known.size >= MOST) {
      this.#known.clear();
    }
    this.#known.set(patternKey, { context, at: now });
    return context;
  }
}
