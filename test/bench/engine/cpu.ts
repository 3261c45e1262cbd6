import { readFileSync } from "node:fs";

/** CPU time of this process and of the engine, and what went by on the clock. */
export interface Cost<T> {
  readonly ownMs: number;
  readonly engineMs: number;
  readonly wallMs: number;
  readonly value: T;
}

/** Clock ticks a second, in which Linux counts CPU time (`getconf CLK_TCK`). */
const TICKS = 100;

/** CPU milliseconds that a process has used: fields 14 and 15 of `/proc/PID/stat` (proc(5)). */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
}

/** Runs work once and gives what it cost, here and in the engine. */
export async function costOf<T>(pid: number, work: () => Promise<T>): Promise<Cost<T>> {
  const engine = cpuMs(pid);
  const own = process.cpuUsage();
  const start = performance.now();
  const value = await work();
  const { user, system } = process.cpuUsage(own);
  return {
    ownMs: (user + system) / 1000,
    engineMs: cpuMs(pid) - engine,
    wallMs: performance.now() - start,
    value,
  };
}

/** The most memory that a process has had, from its `/proc/PID/status`. */
export function peakMiB(status: string): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
}
