import type { State } from "../../../core/ports.ts";
import { askCapabilities, type Capabilities } from "../capabilities.ts";
import type { EngineClient } from "../client.ts";
import { randomUUID } from "node:crypto";
import { ElasticsearchApiKeyStore } from "./api-key-store.ts";
import { AlertContexts } from "./alert-context.ts";
import { AlertMonths } from "./alert-months.ts";
import { AlertNumbers } from "./alert-numbers.ts";
import { AlertPlaces } from "./alert-places.ts";
import { ElasticsearchAlertStore } from "./alert-store.ts";
import { ElasticsearchAuditStore } from "./audit-store.ts";
import { ElasticsearchBookmarks } from "./bookmarks.ts";
import { ElasticsearchImportStore } from "./import-store.ts";
import { ElasticsearchIndicatorStore } from "./indicator-store.ts";
import { installState } from "./install.ts";
import { ElasticsearchLedgerStore } from "./ledger-store.ts";
import { ElasticsearchMatchStore } from "./match-store.ts";
import { ElasticsearchOperandHitStore } from "./operand-hit-store.ts";
import { ElasticsearchPatternStore } from "./pattern-store.ts";
import { ElasticsearchRecordStore } from "./record-store.ts";
import { alertsDefinition, definitions, stateNames } from "./schema.ts";
import { stateCalls } from "./state-calls.ts";
import { StateIndex } from "./state-index.ts";

export interface ElasticsearchStateOptions {
  /** Belongs to the caller, who closes it after the state. */
  readonly client: EngineClient;
  /** Begins the names of all indices; one installation, one prefix. */
  readonly prefix?: string;
  readonly capabilities?: Capabilities;
}

/**
 * Opens all state in indices of Elasticsearch or OpenSearch, making what is not there yet. Reads by id are realtime;
 * what is found by searching is refreshed first, which costs next to nothing where nothing was written. So every read
 * shows every write that was acknowledged before, whichever process made it. Throws `state/too-new`, `state/incomplete`.
 */
export async function openElasticsearchState(
  options: ElasticsearchStateOptions,
): Promise<State & { readonly close: () => void }> {
  const { client, prefix = "stixsweep" } = options;
  const names = stateNames(prefix);
  await installState(client, prefix, definitions(names));
  const { canNamePrimary } =
    options.capabilities ?? (await askCapabilities(client, names.registry));
  const calls = stateCalls(client, canNamePrimary);
  const at = (name: string): StateIndex => new StateIndex(client, name, canNamePrimary, calls);
  // All that is read by id, and whatever keeps numbers of the logs: lost or restored together.
  const registry = at(names.registry);
  const patterns = new ElasticsearchPatternStore(at(names.patterns), registry);
  const indicators = new ElasticsearchIndicatorStore(at(names.indicators));
  return {
    patterns,
    indicators,
    ledger: new ElasticsearchLedgerStore(registry),
    matches: new ElasticsearchMatchStore({
      matches: at(names.matches),
      held: at(names.held),
      registry,
    }),
    operandHits: new ElasticsearchOperandHitStore(at(names.operandHits), registry),
    alerts: new ElasticsearchAlertStore({
      months: new AlertMonths(client, alertsDefinition(names), canNamePrimary, calls),
      places: new AlertPlaces(registry),
      numbers: new AlertNumbers(at(names.alertNumbers), registry),
      contexts: new AlertContexts(patterns, indicators),
      patternsOf: async (indicator) => indicators.patternsOf(indicator),
    }),
    imports: new ElasticsearchImportStore(at(names.imports), registry),
    apiKeys: new ElasticsearchApiKeyStore(registry),
    audit: new ElasticsearchAuditStore(at(names.audit), randomUUID),
    records: new ElasticsearchRecordStore(registry),
    bookmarks: new ElasticsearchBookmarks(registry),
    close: () => undefined,
  };
}
