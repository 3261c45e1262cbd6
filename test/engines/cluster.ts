import { freePort, startEngine, type EngineName, type Server } from "./engine.ts";

export interface Cluster {
  /** The node that keeps no data: it stays. */
  readonly url: string;
  /** Data nodes by name. */
  readonly nodes: ReadonlyMap<string, Server>;
  readonly stop: () => Promise<void>;
}

/** Starts a cluster of one master without data, and data nodes that may be killed. */
export async function startCluster(
  engine: EngineName,
  dataNodes: readonly string[],
): Promise<Cluster> {
  const started: Server[] = [];
  const stop = async (): Promise<void> => {
    for (const server of started.toReversed()) {
      await server.stop();
    }
  };
  const transport = await freePort();
  const isOld = engine === "es7" || engine.startsWith("opensearch");
  const start = async (name: string, role: string, port: number): Promise<Server> => {
    const server = await startEngine(engine, {
      heap: "256m",
      settings: {
        "node.name": name,
        "node.roles": role,
        "discovery.type": isOld ? "zen" : "multi-node",
        "transport.port": `${port}`,
        "discovery.seed_hosts": `127.0.0.1:${transport}`,
        "cluster.initial_master_nodes": "boss",
        "cluster.routing.allocation.node_concurrent_recoveries": "10",
      },
    });
    started.push(server);
    return server;
  };
  try {
    const boss = await start("boss", "master", transport);
    const nodes = new Map<string, Server>();
    for (const name of dataNodes) {
      nodes.set(name, await start(name, "data", await freePort()));
    }
    return { url: boss.url, nodes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
