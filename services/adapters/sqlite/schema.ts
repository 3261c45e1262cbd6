/** The steps that made the schema, in order; one that was released is never changed. */
export const SCHEMA: readonly string[] = [
  `
  CREATE TABLE revision (last INTEGER NOT NULL);
  INSERT INTO revision VALUES (0);
  CREATE TABLE pattern (
    key TEXT PRIMARY KEY, pattern TEXT NOT NULL, options TEXT NOT NULL,
    live INTEGER NOT NULL, revision INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX pattern_revision ON pattern (revision);

  CREATE TABLE indicator (
    number INTEGER PRIMARY KEY AUTOINCREMENT, feed TEXT NOT NULL, id TEXT NOT NULL,
    pattern_key TEXT NOT NULL, modified TEXT NOT NULL, valid_from INTEGER, record TEXT NOT NULL,
    UNIQUE (feed, id)
  ) STRICT;
  CREATE INDEX indicator_pattern ON indicator (pattern_key);
  CREATE INDEX indicator_id ON indicator (id);
  CREATE INDEX indicator_due ON indicator (valid_from) WHERE valid_from IS NOT NULL;

  CREATE TABLE ledger (
    partition TEXT PRIMARY KEY, version INTEGER NOT NULL, pieces TEXT NOT NULL, unreachable_since INTEGER
  ) STRICT;
  CREATE TABLE exception (
    pattern TEXT NOT NULL, partition TEXT NOT NULL, code TEXT NOT NULL, reason TEXT NOT NULL,
    retry_at INTEGER, PRIMARY KEY (pattern, partition)
  ) STRICT;

  CREATE TABLE match (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, pattern_key TEXT NOT NULL,
    host TEXT NOT NULL, value TEXT NOT NULL, time INTEGER NOT NULL, held_back TEXT, record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX match_group ON match (pattern_key, host, value, number);

  CREATE TABLE alert (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL,
    pattern_key TEXT NOT NULL, host TEXT NOT NULL, value TEXT NOT NULL, generation INTEGER NOT NULL,
    status TEXT NOT NULL, severity TEXT NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX alert_group ON alert (pattern_key, host, value, generation);
  CREATE INDEX alert_host ON alert (host, number);

  CREATE TABLE import (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, record TEXT NOT NULL
  ) STRICT;
  CREATE TABLE bookmark (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
  CREATE TABLE import_part (
    import TEXT NOT NULL, part INTEGER NOT NULL, entries TEXT NOT NULL, PRIMARY KEY (import, part)
  ) STRICT;
  CREATE TABLE dirty (mark INTEGER PRIMARY KEY AUTOINCREMENT, pattern TEXT NOT NULL UNIQUE) STRICT;
  `,
  `
  CREATE TABLE api_key (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    hash TEXT NOT NULL, scopes TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER,
    last_used_at INTEGER, revoked_at INTEGER
  ) STRICT;
  `,
  `
  CREATE TABLE operand_hit (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, pattern_key TEXT NOT NULL,
    scope TEXT NOT NULL, operand INTEGER NOT NULL, time INTEGER NOT NULL, record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX operand_hit_group ON operand_hit (pattern_key, scope, time);
  CREATE INDEX operand_hit_operand ON operand_hit (pattern_key, scope, operand);
  `,
  `ALTER TABLE ledger ADD COLUMN costs TEXT NOT NULL DEFAULT '{}'`,
  `
  CREATE TABLE record (
    kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT;
  `,
  `CREATE INDEX match_held ON match (pattern_key, held_back) WHERE held_back IS NOT NULL`,
  `
  CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, by TEXT NOT NULL, action TEXT NOT NULL,
    subject TEXT NOT NULL, detail TEXT NOT NULL
  ) STRICT;
  `,
];
