import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { pinned } from '../measure/processes.mjs';

const manifest = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

/**
 * Where and with what a run was made, as a list.
 * @param {[number, number]} load The load average before and after.
 */
export function machineList([before, after], { withPeers = false } = {}) {
  const product = manifest('../../package.json');
  const gib = Math.round(totalmem() / 2 ** 30);
  const facts = {
    Date: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    Machine: `${availableParallelism()} cores, ${cpus()[0].model.trim()}, ${gib} GiB, ${process.platform}`,
    'Load average': `${before.toFixed(1)} before, ${after.toFixed(1)} after`,
    Cores: pinned ? 'the measured server on one, vendors and load on the others' : 'not pinned',
    'Node.js': process.versions.node,
    Rollcall: `${product.version}, with Apollo Server ${product.dependencies['@apollo/server']}`,
    ...(withPeers ? { Peers: versions(manifest('../package.json').dependencies) } : {}),
  };
  return Object.entries(facts)
    .map(([name, fact]) => `- ${name}: ${fact}`)
    .join('\n');
}

const versions = (dependencies) =>
  Object.entries(dependencies)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
