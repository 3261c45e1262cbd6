import { expect, jest, test } from "@jest/globals";
import { connectEngine } from "../../services/adapters/elasticsearch/client.ts";
import { ElasticsearchEventStore } from "../../services/adapters/elasticsearch/event-store.ts";
import { startCluster } from "../engines/cluster.ts";
import { describeEngines } from "../engines/describe-engines.ts";
import { EngineApi } from "../engines/engine-api.ts";
import { Tail } from "../support/tail.ts";

jest.setTimeout(300_000);

interface Copy {
  readonly node: string;
  readonly prirep: string;
}

describeEngines("a cluster of several nodes", ({ name }) => {
  test("loses nothing when the node of the primaries is killed among writers, and replicas lag", async () => {
    const cluster = await startCluster(name, ["one", "two"]);
    const client = connectEngine({ nodes: [cluster.url] });
    const api = new EngineApi(cluster.url);
    try {
      const settings = { number_of_shards: 2, number_of_replicas: 1, refresh_interval: "500ms" };
      const bySegment = { ...settings, "index.replication.type": "SEGMENT" };
      const indices = name.startsWith("opensearch") ? ["copied", "segments"] : ["copied"];
      for (const index of indices) {
        const body = { settings: index === "segments" ? bySegment : settings };
        await api.call("PUT", `/${index}?wait_for_active_shards=all`, body);
      }
      const tail = new Tail(
        new ElasticsearchEventStore(client, { indices: ["copied", "segments"] }),
      );
      const acknowledged = new Set<string>();
      const write = async (index: string, writer: number) => {
        for (let round = 0; round < 60; round++) {
          const documents = Array.from({ length: 50 }, (_, at) => ({
            id: `${index}-${writer}-${round}-${at}`,
            source: `{"round":${round}}`,
          }));
          // What fails while the node is lost is not acknowledged, and may be stored all the same.
          await api.index(index, documents).then(
            () => documents.forEach(({ id }) => acknowledged.add(id)),
            () => undefined,
          );
        }
      };
      const kill = async () => {
        while (acknowledged.size < 1500) {
          await new Promise((done) => setTimeout(done, 20));
        }
        const copies = (await api.call("GET", "/_cat/shards?format=json")) as unknown as Copy[];
        const holder = copies.find(({ prirep }) => prirep === "p")?.node ?? "";
        await cluster.nodes.get(holder)?.kill();
      };
      const writing = indices.flatMap((index) => [0, 1].map((writer) => write(index, writer)));
      await tail.followDuring(Promise.all([...writing, kill()]));
      for (let wait = 0; wait < 50; wait++) {
        await tail.follow();
        if (acknowledged.isSubsetOf(new Set(tail.seen))) {
          break;
        }
        await new Promise((done) => setTimeout(done, 200));
      }
      expect(acknowledged.size).toBeGreaterThan(3000);
      expect([...acknowledged.difference(new Set(tail.seen))]).toEqual([]);
    } finally {
      await client.close();
      await cluster.stop();
    }
  });
});
