/** What docs/recall.md says of the peers, in kind: their shapes lose what they are said to lose, and ours nothing. */
import { expect, test } from "@jest/globals";
import { describeEngines } from "../engines/describe-engines.ts";
import { CASES } from "./cases.ts";
import { STORM } from "./peers/bursts.ts";
import { hitsWithoutSize, runPeers, type PeerRow } from "./peers/run-peers.ts";

const ELEVEN = CASES.map(({ name }) => name).filter((name) => name.startsWith("one of eleven"));

/** A peer's row, and which of some cases it fails. */
function ofPeer(rows: readonly PeerRow[], who: string, cases: readonly string[] = []) {
  const row = rows.find((one) => one.who.startsWith(who));
  const { failed = [], ...score } = row?.score ?? {};
  return { ...row, score, failed: cases.filter((name) => failed.includes(name)).length };
}

describeEngines("recall beside the query shapes of others", (engine) => {
  test("each finds what it is said to find", async () => {
    const isElastic = engine.name.startsWith("es");
    const rows = await runPeers(engine.url, isElastic);
    expect(ofPeer(rows, "stixsweep (Winlogbeat)")).toMatchObject({
      score: { exact: CASES.length, wrong: 0 },
      storm: STORM,
      disorder: 3,
    });
    // In ECS an answer that was cut off looks like a whole one.
    expect(ofPeer(rows, "stixsweep (ECS)")).toMatchObject({
      score: { exact: CASES.length - 1, wrong: 1 },
    });
    if (!isElastic) {
      expect(ofPeer(rows, "OpenSearch Security Analytics", ELEVEN)).toMatchObject({
        failed: 2, // a name of another case is the twelfth that hits; ten are told
        storm: STORM,
        disorder: 2,
      });
      return;
    }
    const ruled = { storm: 100, disorder: 1 };
    expect(ofPeer(rows, "Elastic indicator match", ELEVEN)).toMatchObject({ ...ruled, failed: 11 });
    expect(ofPeer(rows, "the same, mapped by an expert", ELEVEN)).toMatchObject({ ...ruled, failed: 0 }); // prettier-ignore
    expect(ofPeer(rows, "the same, events first", [CASES[0]?.name ?? ""])).toMatchObject({ ...ruled, failed: 1 }); // prettier-ignore
    const inverted = ["NOT is not its opposite"];
    expect(ofPeer(rows, "SysmonSearch", inverted)).toMatchObject({ storm: 10_000, disorder: 3, failed: 1 }); // prettier-ignore
  }, 120_000);

  test("a search that names no size tells ten of eleven", async () => {
    expect(await hitsWithoutSize(engine.url)).toBe(10);
  });
});
