// Listens with the shortest queue there is, prints its port, and does nothing from then on. It ends by itself, should
// whoever started it be gone.
import { createServer } from 'node:net';
import { writeSync } from 'node:fs';

const server = createServer();
server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
  writeSync(1, `${server.address().port}\n`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120_000);
  process.exit();
});
