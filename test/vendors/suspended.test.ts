import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** Runs a sender until its connection is about to be made; stops it there for so long, and lets it go on. */
async function send(windowMs: number, stoppedMs: number): Promise<{ result: unknown; requests: number }> {
  let requests = 0;
  const vendor = createServer((request, response) => {
    requests += 1;
    request.resume();
    response.end('{}');
  });
  await once(vendor.listen(0, '127.0.0.1'), 'listening');
  const { port } = vendor.address() as AddressInfo;
  const hook = join(__dirname, '..', 'ledger', 'typescript.cjs');
  const program = join(__dirname, 'suspended-sender.ts');
  const child = spawn(process.execPath, ['-r', hook, program, `http://127.0.0.1:${port}`, String(windowMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('connecting');
    if (stoppedMs > 0) child.kill('SIGSTOP');
    child.stdin.write('connect\n');
    await delay(stoppedMs);
    child.kill('SIGCONT');
    const result: unknown = JSON.parse(String((await lines.next()).value));
    return { result, requests };
  } finally {
    child.kill('SIGKILL');
    vendor.closeAllConnections();
    vendor.close();
  }
}

describe('suspended process', () => {
  it('sends nothing when it was stopped between its receipt and the first byte for longer than its window', async () => {
    const { result, requests } = await send(1000, 1500);
    expect([result, requests]).toEqual([{ kind: 'failure', sent: false, cause: 'ABORTED' }, 0]);
  });

  it('sends when it was stopped for less than that', async () => {
    const { result, requests } = await send(100_000, 100);
    expect([result, requests]).toEqual([expect.objectContaining({ kind: 'answer', status: 200 }), 1]);
  });
});
