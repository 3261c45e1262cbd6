import type { State } from "../../core/ports.ts";
import { SqliteAlertStore } from "./alert-store.ts";
import { SqliteApiKeyStore } from "./api-key-store.ts";
import { SqliteAuditStore } from "./audit-store.ts";
import { SqliteBookmarks } from "./bookmarks.ts";
import { Database } from "./database.ts";
import { SqliteImportStore } from "./import-store.ts";
import { SqliteIndicatorStore } from "./indicator-store.ts";
import { SqliteLedgerStore } from "./ledger-store.ts";
import { SqliteMatchStore } from "./match-store.ts";
import { SqliteOperandHitStore } from "./operand-hit-store.ts";
import { SqlitePatternStore } from "./pattern-store.ts";
import { SqliteRecordStore } from "./record-store.ts";

/** Opens all state in one SQLite file; `:memory:` keeps nothing. Throws `state/unusable`. */
export function openSqliteState(path: string): State & { readonly close: () => void } {
  const database = new Database(path);
  return {
    patterns: new SqlitePatternStore(database),
    indicators: new SqliteIndicatorStore(database),
    ledger: new SqliteLedgerStore(database),
    matches: new SqliteMatchStore(database),
    operandHits: new SqliteOperandHitStore(database),
    alerts: new SqliteAlertStore(database),
    imports: new SqliteImportStore(database),
    bookmarks: new SqliteBookmarks(database),
    apiKeys: new SqliteApiKeyStore(database),
    audit: new SqliteAuditStore(database),
    records: new SqliteRecordStore(database),
    close: () => database.close(),
  };
}
