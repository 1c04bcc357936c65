/** What an operation costs the vendors: counted by themselves, in a pass that is not timed. */
import { ask } from './answers.mjs';

/**
 * Vendor calls and bytes of vendor answers per operation, one operation after another. The emulators tell what they were
 * asked; each question is put to them once more to weigh its answer, so that nothing stands between peer and vendor.
 */
export async function countUpstream(peer, workload, { facts, sideDoors }, { count, from, run }) {
  for (const door of sideDoors) await fetch(`${door}/requests`, { method: 'DELETE' });
  for (let index = from; index < from + count; index++)
    await ask(peer, { operationName: workload.name, ...workload.operation(facts, index, run) });
  const seen = [];
  for (const door of sideDoors) {
    const { total, requests } = await (await fetch(`${door}/requests`)).json();
    if (total > requests.length)
      throw new Error('More vendor calls than the emulators keep: count fewer operations.');
    const origin = new URL(door).origin;
    seen.push(
      ...requests.map((request) => ({ ...request, url: `${origin}${request.path}?${request.query}` })),
    );
  }
  let bytes = 0;
  for (const { method, url, headers, body } of seen) {
    const { 'content-length': _length, connection: _connection, host: _host, ...kept } = headers;
    const response = await fetch(url, { method, headers: kept, ...(body === '' ? {} : { body }) });
    bytes += (await response.arrayBuffer()).byteLength;
  }
  return { calls: seen.length / count, bytes: bytes / count };
}
