/** Callers: so many operations a second of every kind, a tenth of which give up before the answer. */
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { workloads } from '../workloads/index.mjs';

/** How often each kind of operation comes, out of a hundred. */
const SHARES = { W1: 30, W2: 2, W3: 13, W4: 45, W5: 10 };
const KINDS = workloads.flatMap((workload) => Array.from({ length: SHARES[workload.name] }, () => workload));
const LEAVING = 0.1;

/** Starts them. `since` hands over, and forgets, the latencies of operations that were answered. */
export function startTraffic({ url, token, facts, rate }) {
  const agent = new Agent({ connections: null, headersTimeout: 30_000, bodyTimeout: 30_000 });
  const run = `soak-${Date.now()}`;
  const totals = { sent: 0, answered: 0, partial: 0, left: 0, failed: 0 };
  const underWay = new Set();
  let latencies = [];
  let index = 0;
  let paused = false;

  const one = async () => {
    const workload = KINDS[Math.floor(Math.random() * KINDS.length)];
    const operation = { operationName: workload.name, ...workload.operation(facts, index++, run) };
    const controller = new AbortController();
    const leaves = Math.random() < LEAVING;
    if (leaves) setTimeout(() => controller.abort(), Math.random() * 60);
    totals.sent++;
    const began = performance.now();
    try {
      const { statusCode, body } = await request(url, {
        method: 'POST',
        dispatcher: agent,
        signal: controller.signal,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(operation),
      });
      const text = await body.text();
      latencies.push(performance.now() - began);
      if (statusCode !== 200) totals.failed++;
      else if (text.includes('"errors"')) totals.partial++;
      else totals.answered++;
    } catch {
      if (leaves) totals.left++;
      else totals.failed++;
    }
  };

  const timer = setInterval(() => {
    if (paused) return;
    const operation = one().finally(() => underWay.delete(operation));
    underWay.add(operation);
  }, 1000 / rate);

  return {
    totals: () => ({ ...totals }),
    since: () => {
      const taken = latencies.sort((a, b) => a - b);
      latencies = [];
      return taken;
    },
    pause: async () => {
      paused = true;
      await Promise.all(underWay);
      // The server may still be at work for callers who have left.
      await delay(500);
    },
    resume: () => {
      paused = false;
    },
    stop: () => clearInterval(timer),
  };
}
