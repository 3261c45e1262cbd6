/** What stixsweep is compared with: the twenty-line loop anyone would write, and DuckDB alone. */
import { readFileSync } from "node:fs";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import type { Indicators } from "./workload.ts";

interface WinlogbeatLine {
  readonly winlog?: {
    readonly event_data?: Readonly<Record<string, string | undefined>>;
  };
}

interface Range {
  readonly base: number;
  readonly bits: number;
}

const toNumber = (address: string): number =>
  address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

/** JSON.parse of each line, a Set a kind, ranges by prefix: counts the values that hit. */
export function naiveLoop(file: string, indicators: Indicators): number {
  const hashes = new Set(indicators.hashes);
  const addresses = new Set(indicators.addresses);
  const domains = new Set(indicators.domains);
  const ranges = new Map<number, Set<number>>();
  for (const { base, bits } of indicators.ranges.map(toRange)) {
    const set = ranges.get(bits) ?? new Set<number>();
    ranges.set(bits, set.add(Math.floor(base / 2 ** (32 - bits))));
  }
  const inRange = (address: string): boolean => {
    for (const [bits, set] of ranges) {
      if (set.has(Math.floor(toNumber(address) / 2 ** (32 - bits)))) return true;
    }
    return false;
  };
  let hits = 0;
  const bytes = readFileSync(file);
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at);
    const event = JSON.parse(bytes.toString("utf8", at, end)) as WinlogbeatLine;
    at = end + 1;
    const data = event.winlog?.event_data ?? {};
    for (const part of data["Hashes"]?.split(",") ?? []) {
      if (hashes.has(part.slice(part.indexOf("=") + 1).toLowerCase())) hits += 1;
    }
    const addressesOf = [
      data["SourceIp"],
      data["DestinationIp"],
      ...(data["QueryResults"]?.split(";").map((one) => one.replace("::ffff:", "")) ?? []),
    ];
    for (const address of addressesOf) {
      if (address !== undefined && address !== "" && (addresses.has(address) || inRange(address))) {
        hits += 1;
      }
    }
    if (data["QueryName"] !== undefined && domains.has(data["QueryName"].toLowerCase())) hits += 1;
  }
  return hits;
}

function toRange(text: string): Range {
  const [base = "", bits = "32"] = text.split("/");
  return { base: toNumber(base), bits: Number(bits) };
}

/** DuckDB without us: NDJSON to Parquet, then hash joins over it. */
export class BareDuckDb {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(): Promise<BareDuckDb> {
    const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
    return new BareDuckDb(instance, await instance.connect());
  }

  /** Reads the fields that indicators speak of, and nothing else, into one Parquet file. */
  async ingest(log: string, parquet: string): Promise<void> {
    const fields = ["Hashes", "SourceIp", "DestinationIp", "QueryName", "QueryResults"];
    const struct = fields.map((field) => `"${field}" VARCHAR`).join(", ");
    await this.#connection.run(
      `COPY (SELECT row_number() OVER () AS n, unnest(winlog.event_data) FROM
         read_json('${log}', format = 'newline_delimited',
           columns = {winlog: 'STRUCT(event_data STRUCT(${struct}))'}))
       TO '${parquet}' (FORMAT parquet, COMPRESSION zstd)`,
    );
  }

  /** Loads indicators as a table; not part of the join's time. */
  async load(indicators: Indicators): Promise<void> {
    const values = [...indicators.hashes, ...indicators.addresses, ...indicators.domains];
    await this.#connection.run("CREATE OR REPLACE TABLE indicators (value VARCHAR)");
    for (let at = 0; at < values.length; at += 10_000) {
      const rows = values.slice(at, at + 10_000).map((value) => `('${value}')`);
      await this.#connection.run(`INSERT INTO indicators VALUES ${rows.join(",")}`);
    }
  }

  /** Joins exact values (no ranges, no composites); returns the number of hits. */
  async join(parquet: string): Promise<number> {
    const events = `read_parquet('${parquet}')`;
    const hashes = `lower(regexp_extract(Hashes, 'SHA256=([0-9A-Fa-f]{64})', 1))`;
    const query = [hashes, "SourceIp", "DestinationIp", "lower(QueryName)"]
      .map((value) => `SELECT n FROM ${events} JOIN indicators ON ${value} = value`)
      .join(" UNION ALL ");
    const rows = await this.#connection.runAndReadAll(`SELECT count(*) AS n FROM (${query})`);
    return Number(rows.getRowObjects()[0]?.["n"]);
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}
