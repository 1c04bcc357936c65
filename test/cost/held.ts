import { connect, type Socket } from 'node:net';
import { post } from './post';
import type { Program } from './program';

/** What callers without a token hold open. */
interface HeldCase {
  readonly name: string;
  run(program: Program): Promise<{
    status: string;
    cpu: number;
    growth: number;
    bytes: number;
    note: string;
    broken: readonly string[];
  }>;
}

/** How much memory they may take in all. */
const GROWTH_BYTES = 100 << 20;
/** What a held body has sent of itself. */
const BODY = 'x'.repeat(200_000);

const held = (name: string, count: number, request: string): HeldCase => ({
  name,
  run: async (program) => {
    const before = program.usage();
    const { hostname, port } = new URL(program.url);
    const sockets: Socket[] = [];
    for (let index = 0; index < count; index++) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.resume();
      socket.write(request);
      sockets.push(socket);
      if (index % 50 === 49) await pause(20);
    }
    let highest = 0;
    let slowest = 0;
    let status = '';
    for (let round = 0; round < 10; round++) {
      const start = performance.now();
      ({ status } = await post(
        program.url,
        program.token,
        JSON.stringify({ query: '{ accounts { nodes { id } } }' }),
      ));
      slowest = Math.max(slowest, performance.now() - start);
      highest = Math.max(highest, program.usage().rss);
      await pause(200);
    }
    const after = program.usage();
    for (const socket of sockets) socket.destroy();
    await pause(500);
    const growth = highest - before.rss;
    return {
      status: program.isAlive() ? status : 'died',
      cpu: (after.cpu - before.cpu) / count,
      growth,
      bytes: 0,
      note: `${count} connections; others answered within ${slowest.toFixed(0)} ms`,
      broken: [
        ...(status.startsWith('200') && program.isAlive() ? [] : ['others not answered']),
        ...(growth > GROWTH_BYTES ? ['growth over 100 MB'] : []),
      ],
    };
  },
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const HEAD = 'POST /graphql HTTP/1.1\r\nhost: rollcall\r\ncontent-type: application/json\r\n';

/** Unfinished bodies and silent connections, all without a token. */
export const HELD: readonly HeldCase[] = [
  held('2,500 bodies that never end, no token', 2500, `${HEAD}content-length: 250000\r\n\r\n${BODY}`),
  held(
    '2,500 bodies in chunks that never end, no token',
    2500,
    `${HEAD}transfer-encoding: chunked\r\n\r\n30d40\r\n${BODY}`,
  ),
  held('3,000 silent connections', 3000, ''),
  held('2,000 connections with half a head', 2000, `${HEAD}x-a: ${'a'.repeat(8000)}`),
];
