/** One size of something that grows: vendors, Rollcall over them, and what an operation costs there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLoad } from '../measure/load-process.mjs';
import { startRollcall } from '../measure/peers.mjs';
import { cpuMs, listening, memoryMb, stop } from '../measure/processes.mjs';
import { createTokens } from '../measure/tokens.mjs';
import { factsOf, startWorld } from '../measure/world.mjs';

const PORTS = 4550;
const PORT = 4560;
const UNCACHED = { cacheTtl: '0s', staleTtl: '0s' };

/**
 * Starts all and hands it to `work`, then ends it.
 * @param {object} options
 * @param {{accounts: number, staffPerAccount: number}} options.size Of the vendors' world.
 * @param {object} [options.limits] Of Rollcall's configuration.
 * @param {(ledger: {file: string, facts: object}) => Promise<void>} [options.prepare] Runs before Rollcall starts.
 */
export async function stage({ size, limits = UNCACHED, prepare }, work) {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-growth-'));
  const vendors = await startWorld(size, 0, PORTS);
  const facts = await factsOf(vendors.world, 60);
  const tokens = await createTokens(folder);
  const file = join(folder, 'rollcall.db');
  await prepare?.({ file, facts });
  const began = performance.now();
  const child = startRollcall({ folder, world: vendors.world, port: PORT, tokens, limits });
  await listening(child, PORT);
  const startMs = performance.now() - began;
  const load = startLoad(facts);
  let next = 0;

  /** CPU, latency and throughput of one kind of operation, after a warm-up. */
  const measure = async (workload, { seconds, connections = 8 }) => {
    const task = {
      url: `http://127.0.0.1:${PORT}/graphql`,
      headers: { authorization: `Bearer ${tokens.token}` },
      workload,
      connections,
      run: `growth-${workload}`,
    };
    next = (await load.run({ ...task, seconds: seconds / 2, from: next })).next;
    const before = cpuMs(child);
    const result = await load.run({ ...task, seconds, from: next });
    next = result.next;
    return {
      ...result,
      cpu: (cpuMs(child) - before) / result.operations,
      perSecond: (result.operations * 1000) / result.ms,
    };
  };

  try {
    return await work({ measure, startMs, file, memory: () => memoryMb(child) });
  } finally {
    await Promise.all([load.stop(), stop(child)]);
    await vendors.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
