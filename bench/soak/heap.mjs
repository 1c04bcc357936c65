/** The heap by kinds of objects: what has grown between two looks, with nothing under way in either. */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Has the process write its heap, after a full collection, and counts it. */
export async function takeHeap(child, folder) {
  child.kill('SIGUSR2');
  const file = await written(folder);
  const heap = count(JSON.parse(readFileSync(file, 'utf8')));
  rmSync(file);
  return heap;
}

async function written(folder) {
  for (let size = -1, tries = 0; tries < 600; tries++) {
    await delay(500);
    const name = readdirSync(folder).find((each) => each.endsWith('.heapsnapshot'));
    if (!name) continue;
    const now = statSync(join(folder, name)).size;
    if (now > 0 && now === size) return join(folder, name);
    size = now;
  }
  throw new Error('The process wrote no heap snapshot.');
}

/** Objects and bytes by kind: the constructor's name for objects, the engine's word for all else. */
function count({ snapshot, nodes, strings }) {
  const fields = snapshot.meta.node_fields;
  const types = snapshot.meta.node_types[0];
  const [type, name, size] = ['type', 'name', 'self_size'].map((field) => fields.indexOf(field));
  const kinds = new Map();
  for (let at = 0; at < nodes.length; at += fields.length) {
    const word = types[nodes[at + type]];
    const kind =
      word === 'object' || word === 'native' ? strings[nodes[at + name]].slice(0, 60) : `(${word})`;
    const known = kinds.get(kind) ?? { objects: 0, bytes: 0 };
    known.objects++;
    known.bytes += nodes[at + size];
    kinds.set(kind, known);
  }
  return kinds;
}

/** The whole heap then and now, and the kinds that have grown most. */
export function compareHeaps(before, after) {
  const sum = (heap) => [...heap.values()].reduce((total, { bytes }) => total + bytes, 0);
  const grown = [...after]
    .map(([kind, now]) => {
      const then = before.get(kind) ?? { objects: 0, bytes: 0 };
      return { kind, objects: now.objects - then.objects, bytes: now.bytes - then.bytes };
    })
    .sort((a, b) => b.bytes - a.bytes);
  return { before: sum(before), after: sum(after), grown: grown.slice(0, 15) };
}
