/** The views of the console: to add one, add its line. */
import type { FunctionComponent } from "preact";
import type { TextKey } from "./i18n/en.ts";
import { AlertView } from "./views/alert.tsx";
import { AlertsView } from "./views/alerts.tsx";
import { CoverageView } from "./views/coverage.tsx";
import { FeedsView } from "./views/feeds.tsx";
import { EventView } from "./views/event.tsx";
import { HuntView } from "./views/hunt.tsx";
import { NoProcessView, ProcessView } from "./views/process.tsx";
import { ImportView } from "./views/import.tsx";
import { ImportsView } from "./views/imports.tsx";
import { IndicatorsView } from "./views/indicators.tsx";
import { SettingsView } from "./views/settings.tsx";
import { SuppressionsView } from "./views/suppressions.tsx";

export interface View {
  readonly title: TextKey;
  /** A picture's path, 16 × 16, drawn in lines; a view without one is no part of the menu. */
  readonly icon?: string;
  readonly list: FunctionComponent;
  /** What is shown of `#/view/ID`. */
  readonly one?: FunctionComponent<{ readonly id: string }>;
}

// prettier-ignore
export const VIEWS: Readonly<Record<string, View>> = {
  alerts: { title: "nav.alerts", icon: "M8 2.5 14 13H2L8 2.5M8 6.5v3M8 11.3v.2", list: AlertsView, one: AlertView },
  hunt: { title: "nav.hunt", icon: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3 14 14", list: HuntView, one: EventView },
  indicators: { title: "nav.indicators", icon: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6", list: IndicatorsView },
  imports: { title: "nav.imports", icon: "M8 2v8M5 7l3 3 3-3M2.5 10.5v3h11v-3", list: ImportsView, one: ImportView },
  feeds: { title: "nav.feeds", icon: "M3 13v-.1M3 8.5A4.5 4.5 0 0 1 7.5 13M3 4a9 9 0 0 1 9 9", list: FeedsView },
  suppressions: { title: "nav.suppressions", icon: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M3.8 12.2l8.4-8.4", list: SuppressionsView },
  coverage: { title: "nav.coverage", icon: "M2.5 2.5v11h11M5 11V8h3V5.5h3V4h2.5", list: CoverageView },
  processes: { title: "tree.title", list: NoProcessView, one: ProcessView },
  settings: { title: "nav.settings", icon: "M2 4.5h6M11 4.5h3M2 11.5h3M8 11.5h6M9.5 3v3M6.5 10v3", list: SettingsView },
};
