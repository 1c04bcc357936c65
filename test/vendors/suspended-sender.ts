import { createInterface } from 'node:readline';
import { Agent, buildConnector } from 'undici';
import { exchange } from '../../src/vendors/exchange';
import { startWindow } from '../../src/vendors/start-window';

/** A process that is about to send a write: its connection is made when its parent says so, and its window is short. */
async function main([origin = '', windowMs = '']: readonly string[]): Promise<void> {
  const connect = buildConnector({});
  const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
  const agent = new Agent({
    pipelining: 0,
    connect: (options, callback) => {
      process.stdout.write('connecting\n');
      void lines.next().then(() => {
        connect(options, callback);
      });
    },
  });
  const request = { origin, path: '/', method: 'POST', headers: {}, body: '{}' } as const;
  const limits = { timeoutMs: 120_000, maxBytes: 1000, signal: null, window: startWindow(Number(windowMs)) };
  const result = await exchange(agent, request, limits);
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}

void main(process.argv.slice(2));
