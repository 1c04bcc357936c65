import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Mail, SeenRequest, VendorName } from '../../src/emulators/start';

const ROOT = join(__dirname, '..', '..');
const EXAMPLE = join(ROOT, 'examples', 'supergraph');

/** What came back through the gateway. */
export interface GatewayAnswer {
  readonly data: unknown;
  readonly errors: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

/** The supergraph example, started as its users start it. */
export interface Supergraph {
  /** Rollcall's own endpoint, which only the gateway should ask. */
  readonly rollcall: string;
  /** Asks the gateway, with a token that may read and send unless another is given. */
  ask(query: string, token?: 'token' | 'readOnlyToken'): Promise<GatewayAnswer>;
  /** The side door of an emulated vendor. */
  vendor(name: VendorName): {
    requests(): Promise<readonly SeenRequest[]>;
    mails(): Promise<readonly Mail[]>;
    fail(fault: object): Promise<void>;
    forget(): Promise<void>;
  };
  /** Ends it as Ctrl-C does; resolves with what it said on the way. */
  stop(): Promise<string>;
}

interface Facts {
  readonly url: string;
  readonly token: string;
  readonly readOnlyToken: string;
  readonly rollcall: string;
  readonly vendors: Readonly<Record<VendorName, string>>;
}

/** Starts Rollcall, desk and a gateway; resolves when the gateway answers. */
export async function startSupergraph(gateway: string): Promise<Supergraph> {
  if (!existsSync(join(EXAMPLE, 'node_modules', '.bin', 'hive-gateway')))
    throw new Error('The packages of examples/supergraph are not installed. Run: npm run examples');
  if (!existsSync(join(ROOT, 'dist', 'main.js'))) throw new Error('dist/ is missing. Run: npm run build');

  const port = String(await freePort());
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'start.ts', '--gateway', gateway, '--port', port],
    { cwd: EXAMPLE, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line));
  const { url, token, readOnlyToken, rollcall, vendors } = await readFacts(child, said);

  return {
    rollcall,
    ask: async (query, whose = 'token') => {
      const authorization = `Bearer ${whose === 'token' ? token : readOnlyToken}`;
      const { data = null, errors = [] } = (await json(url, {
        method: 'POST',
        // Every question reaches its vendor.
        headers: { 'content-type': 'application/json', 'cache-control': 'no-cache', authorization },
        body: JSON.stringify({ query }),
      })) as Partial<GatewayAnswer>;
      return { data, errors };
    },
    vendor: (name) => {
      const door = (path: string): string => new URL(`/__emulator/${path}`, vendors[name]).href;
      return {
        requests: async () =>
          ((await json(door('requests'))) as { requests: readonly SeenRequest[] }).requests,
        mails: async () => ((await json(door('mails'))) as { mails: readonly Mail[] }).mails,
        fail: async (fault) => {
          await json(door('faults'), { method: 'POST', body: JSON.stringify(fault) });
        },
        forget: async () => {
          await json(door('requests'), { method: 'DELETE' });
        },
      };
    },
    stop: async () => {
      child.kill('SIGINT');
      if (child.exitCode === null) await once(child, 'exit');
      return said.join('\n');
    },
  };
}

/** Its first line on stdout; what it said otherwise, if it ends before. */
async function readFacts(child: ChildProcess, said: readonly string[]): Promise<Facts> {
  if (!child.stdout) throw new Error('no stdout');
  const lines = createInterface({ input: child.stdout });
  const first = once(lines, 'line') as Promise<[string]>;
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the example ended before it was ready:\n${said.join('\n')}`);
  });
  ended.catch(() => undefined);
  const [line] = await Promise.race([first, ended]);
  return JSON.parse(line) as Facts;
}

async function json(url: string, init?: RequestInit): Promise<unknown> {
  const response = await fetch(url, init);
  return response.json();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
