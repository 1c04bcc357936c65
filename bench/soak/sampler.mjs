import { setTimeout as delay } from 'node:timers/promises';
import { cpuMs, handles, memoryMb } from '../measure/processes.mjs';

/** Looks at the server from outside: the kernel's figures, its own metrics, and what callers saw. */
export function createSampler({ child, origin, traffic, faults }) {
  const look = async (sinceMs, cpuBefore) => {
    const metrics = await (await fetch(`${origin}/metrics`)).text();
    const metric = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1] ?? NaN);
    const latencies = traffic.since();
    const at = (share) => latencies[Math.floor(latencies.length * share)] ?? 0;
    return {
      rss: memoryMb(child).now,
      heapUsed: metric('nodejs_heap_size_used_bytes') / 2 ** 20,
      handles: handles(child),
      resources: metric('nodejs_active_resources_total'),
      loopP99: metric('nodejs_eventloop_lag_p99_seconds') * 1000,
      p50: at(0.5),
      p99: at(0.99),
      cpuShare: (cpuMs(child) - cpuBefore) / sinceMs,
      ...faults.counts(),
    };
  };
  return {
    /** Samples for so long, so often; hands each sample to `note`. */
    run: async (seconds, everySeconds, note = () => {}) => {
      const samples = [];
      const began = performance.now();
      traffic.since();
      while (performance.now() - began < seconds * 1000) {
        const start = performance.now();
        const cpu = cpuMs(child);
        await delay(everySeconds * 1000);
        const sample = await look(performance.now() - start, cpu);
        samples.push({ ...sample, atSeconds: (performance.now() - began) / 1000 });
        note(samples.at(-1));
      }
      return samples;
    },
  };
}
