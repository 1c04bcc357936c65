/** One process, several workers behind its port, or several processes behind a balancer. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startRollcall } from './peers.mjs';
import { cpuMs, listening, memoryMb, start, stop } from './processes.mjs';

const BALANCER = new URL('./balancer.mjs', import.meta.url).pathname;
/** The point is to use more than one, so nothing is pinned here but vendors and load. */
const CORES = `0-${availableParallelism() - 1}`;

/**
 * Starts so many of them, on `port` and those that follow; together they are asked at `url`.
 * @param {{workers?: number, processes?: number}} how
 */
export async function startSeveral({ workers, processes = 1 }, { folder, port, ...rollcall }) {
  const flags = workers ? ['--workers', String(workers)] : [];
  const folderOfAll = join(folder, `on-${port}`);
  const several = Array.from({ length: processes }, (_, index) =>
    startRollcall({
      ...rollcall,
      folder: folderOfAll,
      port: port + 1 + index,
      // They read one file, in which the last one's port stands.
      flags: [...flags, '--port', String(port + 1 + index)],
      core: CORES,
    }),
  );
  for (const [index, child] of several.entries()) await listening(child, port + 1 + index);
  const balanced = !workers;
  const balancer = balanced
    ? start(CORES, [BALANCER, port, ...several.map((_, index) => port + 1 + index)].map(String))
    : null;
  if (balancer) await listening(balancer, port);
  const all = () => several.flatMap((child) => [child, ...childrenOf(child)]);
  const sum = (of) => all().reduce((total, each) => total + of(each), 0);
  await quiet(() => sum(cpuMs));
  return {
    url: `http://127.0.0.1:${balanced ? port : port + 1}/graphql`,
    cpu: () => sum(cpuMs),
    balancerCpu: () => (balancer ? cpuMs(balancer) : 0),
    memory: () => sum((each) => memoryMb(each).now),
    stop: () => Promise.all([...several, ...(balancer ? [balancer] : [])].map((child) => stop(child))),
  };
}

/** The port is open as soon as one worker listens; the others are there when nothing is left to do. */
async function quiet(cpu) {
  for (let before = -Infinity; cpu() - before > 20; await delay(400)) before = cpu();
}

const childrenOf = ({ pid }) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((each) => each !== '')
    .map((each) => ({ pid: Number(each) }));
