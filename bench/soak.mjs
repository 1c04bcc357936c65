/**
 * `npm run soak`: nominal load for a long time, with 5 % of the vendors' answers broken and 10 % of the callers leaving
 * early. Writes SOAK.md.
 *
 *   npm run soak [-- --hours 8 | --minutes 10] [--rate 25]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine, UsageError } from '../dist/cli/command-line.js';
import { startRollcall } from './measure/peers.mjs';
import { listening, memoryMb, stop } from './measure/processes.mjs';
import { createTokens } from './measure/tokens.mjs';
import { factsOf, startWorld } from './measure/world.mjs';
import { progress } from './report/progress.mjs';
import { writeSoak } from './report/soak.mjs';
import { startFaults } from './soak/faults.mjs';
import { compareHeaps, takeHeap } from './soak/heap.mjs';
import { createSampler } from './soak/sampler.mjs';
import { startTraffic } from './soak/traffic.mjs';

const PORTS = 4570;
const PORT = 4580;
const SAMPLES = 120;

const command = {
  usage: `Usage: npm run soak -- [options]

Nominal load for a long time, with broken vendors and callers who leave; writes bench/SOAK.md.

  --minutes N    default: 10
  --hours N      instead of minutes
  --rate N       operations per second; default: 25
  -h, --help     prints this
  -v, --version  prints the version`,
  options: {
    minutes: { type: 'string', default: '10' },
    hours: { type: 'string' },
    rate: { type: 'string', default: '25' },
  },
};
const { values } = readCommandLine(command, (parsed) => {
  const { minutes, hours, rate } = parsed.values;
  for (const [name, text] of Object.entries({ minutes, hours: hours ?? '1', rate }))
    if (!(Number(text) > 0)) throw new UsageError(`--${name} must be a number above 0.`);
  return parsed;
});
const seconds = values.hours ? Number(values.hours) * 3600 : Number(values.minutes) * 60;
const rate = Number(values.rate);

const load = [loadavg()[0]];
const folder = mkdtempSync(join(tmpdir(), 'rollcall-soak-'));
const vendors = await startWorld({ accounts: 20, staffPerAccount: 50 }, 20, PORTS);
const facts = await factsOf(vendors.world);
const tokens = await createTokens(folder);
/** One process of Rollcall with callers of its own. */
const launch = async (name, port, args = []) => {
  const own = join(folder, name);
  const child = startRollcall({ folder: own, world: vendors.world, port, tokens, limits: {}, args });
  await listening(child, port);
  const origin = `http://127.0.0.1:${port}`;
  return {
    child,
    origin,
    traffic: startTraffic({ url: `${origin}/graphql`, token: tokens.token, facts, rate }),
  };
};
const { child, origin, traffic } = await launch('measured', PORT);
// Writing a heap down takes memory that a process keeps, so that is done to another one with the same to do.
const twin = await launch('twin', PORT + 1, ['--heapsnapshot-signal=SIGUSR2', `--diagnostic-dir=${folder}`]);
const faults = startFaults(vendors.sideDoors);
const sampler = createSampler({ child, origin, traffic, faults });

// What is made once, compiled by then, or kept for five minutes (`staleTtl`) is no leak.
const warmUp = Math.min(6 * 60, seconds / 4);
progress(`soak: warming up for ${warmUp.toFixed(0)} s`);
await sampler.run(warmUp, Math.max(1, seconds / SAMPLES));
const rssAtFirst = memoryMb(child).now;
const before = await heapOfTwin();
progress(`soak: ${(seconds / 60).toFixed(1)} minutes of ${rate} operations per second`);
const samples = await sampler.run(seconds, Math.max(1, seconds / SAMPLES), (sample) => {
  const { atSeconds, rss, heapUsed, p99 } = sample;
  progress(
    `soak: ${atSeconds.toFixed(0)} of ${seconds} s, RSS ${rss.toFixed(0)} MiB, heap ${heapUsed.toFixed(0)} MiB, p99 ${p99.toFixed(0)} ms`,
  );
});
const after = await heapOfTwin();
traffic.stop();
twin.traffic.stop();
await faults.stop();
load.push(loadavg()[0]);
writeSoak({
  samples,
  seconds,
  warmUp,
  rate,
  load,
  heap: compareHeaps(before, after),
  totals: traffic.totals(),
  rssAtFirst,
});
await Promise.all([stop(child), stop(twin.child)]);
await vendors.stop();
rmSync(folder, { recursive: true, force: true });
progress('soak: written to bench/SOAK.md');
process.exit(0);

/** The twin's heap while no operation is under way in it. */
async function heapOfTwin() {
  await twin.traffic.pause();
  const heap = await takeHeap(twin.child, folder);
  twin.traffic.resume();
  return heap;
}
