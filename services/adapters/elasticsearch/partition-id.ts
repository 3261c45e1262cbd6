/**
 * What makes one shard's log: the index's UUID, the shard's number, and its history UUID, which changes when the same
 * index is restored over itself and hands out numbers again.
 */
export interface PartitionId {
  readonly uuid: string;
  readonly shard: number;
  readonly history: string;
}

export function formatPartitionId({ uuid, shard, history }: PartitionId): string {
  return `${uuid}/${shard}/${history}`;
}

/** Undefined for what is no partition of this store. */
export function parsePartitionId(id: string): PartitionId | undefined {
  const [uuid, shard, history, more] = id.split("/");
  return uuid !== undefined &&
    /^\d+$/.test(shard ?? "") &&
    history !== undefined &&
    more === undefined
    ? { uuid, shard: Number(shard), history }
    : undefined;
}
