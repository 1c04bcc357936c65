import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { programPath } from './program-path';
import { waitFor } from './wait-for';

/** A real Redis, empty at first. */
export interface TestRedis {
  /** As `redis:` in rollcall.yaml. */
  readonly url: string;
  /** Looks in from outside: one command, and its answer with bytes as Buffers. */
  command(...args: (string | Buffer)[]): Promise<unknown>;
  /** The names of all keys that begin so. */
  keys(prefix?: string): Promise<string[]>;
  close(): Promise<void>;
}

/** One that a test may treat badly. */
export interface OwnRedis extends TestRedis {
  /** Starts it, or starts it again at the same address, with nothing in it. */
  start(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** From now on it takes connections and commands, and answers none. */
  pause(): void;
  goOn(): void;
}

/** `REDIS_URL` names one that is there for tests alone: each file's database in it is emptied. Else one is started. */
export async function openRedis(): Promise<TestRedis> {
  const given = process.env['REDIS_URL'];
  if (given === undefined) return startRedis();
  const url = new URL(given);
  url.pathname = `/${process.env['JEST_WORKER_ID'] ?? 1}`;
  const redis = at(url.href);
  await redis.command('FLUSHDB');
  return redis;
}

/** Starts a server on a free port of this machine. */
export async function startRedis(password = ''): Promise<OwnRedis> {
  const redis = await prepareRedis(password);
  await redis.start();
  return redis;
}

/** Chooses a free port, and starts nothing there yet. */
export async function prepareRedis(password = ''): Promise<OwnRedis> {
  const program = programPath('Redis', 'REDIS_SERVER');
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-redis-'));
  const redis = at(`redis://${password === '' ? '' : `:${password}@`}127.0.0.1:${port}`);
  let server: ChildProcess | null = null;

  const kill = async (): Promise<void> => {
    if (!server) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
    running.delete(server);
    server = null;
  };
  return {
    ...redis,
    start: async () => {
      const settings = { port, bind: '127.0.0.1', dir: folder, save: '', appendonly: 'no' };
      const all = Object.entries(password === '' ? settings : { ...settings, requirepass: password });
      server = spawn(
        program,
        all.flatMap(([name, value]) => [`--${name}`, String(value)]),
        {
          stdio: 'ignore',
        },
      );
      running.add(server);
      await waitFor(() =>
        redis.command('PING').then(
          () => true,
          () => false,
        ),
      );
    },
    kill,
    pause: () => server?.kill('SIGSTOP'),
    goOn: () => server?.kill('SIGCONT'),
    close: async () => {
      await redis.close();
      await kill();
      rmSync(folder, { recursive: true });
    },
  };
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const server of running) server.kill('SIGKILL');
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Each command over a connection of its own: the server may have been another one a moment ago. */
function at(url: string): TestRedis {
  const command: TestRedis['command'] = async (...args) => {
    const client = createClient({ url, socket: { reconnectStrategy: false } });
    client.on('error', () => undefined);
    try {
      await client.connect();
      // 36 is the type of bulk strings.
      return await client.withTypeMapping({ 36: Buffer }).sendCommand(args);
    } finally {
      client.destroy();
    }
  };
  return {
    url,
    command,
    keys: async (prefix = 'rollcall:') => {
      const keys: unknown = await command('KEYS', `${prefix}*`);
      return (keys as Buffer[]).map(String).sort();
    },
    close: () => Promise.resolve(),
  };
}
