/**
 * The load: a process of its own that keeps N connections busy, each sending its next operation when the last one is
 * answered. Asked over IPC, one task at a time: `{facts}` once, then tasks.
 */
import { Pool } from 'undici';
import { respelled } from './answers.mjs';
import { growthWorkloads } from '../workloads/growth.mjs';
import { workloads } from '../workloads/index.mjs';

let facts;
process.on('message', async (message) => {
  if (message.facts) facts = message.facts;
  else process.send(await run(message).catch((error) => ({ error: String(error.stack ?? error) })));
});
process.on('disconnect', () => process.exit());

/** Runs for so many seconds, or so many operations, and to the end of what is under way then. */
async function run({
  url,
  headers,
  workload: name,
  seconds,
  operations = Infinity,
  connections,
  from,
  run,
  respell,
}) {
  const workload = [...workloads, ...growthWorkloads].find((each) => each.name === name);
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections, headersTimeout: 0, bodyTimeout: 0 });
  const all = { 'content-type': 'application/json', ...headers };
  const latencies = [];
  let next = from;
  const start = performance.now();
  const end = start + seconds * 1000;

  const worker = async () => {
    while (next - from < operations && performance.now() < end) {
      const operation = { operationName: name, ...workload.operation(facts, next++, run) };
      const sent = performance.now();
      const { statusCode, body } = await pool.request({
        path: pathname,
        method: 'POST',
        headers: all,
        body: JSON.stringify(respelled(operation, respell)),
      });
      const answer = Buffer.from(await body.arrayBuffer());
      latencies.push(performance.now() - sent);
      if (statusCode !== 200 || answer.includes('"errors"') || workload.isDone?.(answer) === false)
        throw new Error(`${name} at ${url}: ${statusCode} ${answer.toString().slice(0, 500)}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const ms = performance.now() - start;
  await pool.close();
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
  return { operations: latencies.length, ms, p50: at(0.5), p99: at(0.99), next };
}
