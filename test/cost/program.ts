import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Emulators, startEmulators } from '../../src/emulators/start';
import { AUDIENCE, createSigner, ISSUER, seconds, type Signer } from '../support/tokens';

/** The most old space that the program gets, in megabytes. */
const OLD_SPACE_MB = 384;

/** The program in a process of its own with little memory, and what it costs. */
export interface Program {
  readonly url: string;
  readonly token: string;
  readonly signer: Signer;
  /** All accounts' tenant. */
  readonly tenant: unknown;
  readonly accounts: readonly string[];
  isAlive(): boolean;
  /** CPU used so far, in milliseconds; resident memory, in bytes. */
  usage(): { readonly cpu: number; readonly rss: number };
  /** Vendor calls seen so far. */
  vendorCalls(): number;
  /** Starts it anew where it has died, or does not answer. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts vendors of 15 accounts each with 50 people, and the program over them. */
export async function startProgram(folder: string): Promise<Program> {
  const emulators: Emulators = await startEmulators({ world: { accounts: 15, staffPerAccount: 50 } });
  const signer = await createSigner('main');
  const { vendors, accounts } = emulators;
  const tenant = accounts[0]?.tenant;
  const settings = mkdtempSync(join(tmpdir(), 'rollcall-cost-'));
  writeFileSync(join(settings, 'keys.json'), JSON.stringify({ keys: [signer.jwk] }));
  writeFileSync(
    join(settings, 'rollcall.yaml'),
    JSON.stringify({
      server: { host: '127.0.0.1', port: 0 },
      auth: { issuer: ISSUER, audience: AUDIENCE, jwksFile: 'keys.json' },
      storage: 'sqlite:./ledger.db',
      vendors,
      accounts,
    }),
  );
  const start = async (): Promise<{ child: ChildProcess; url: string }> => {
    const args = [`--max-old-space-size=${OLD_SPACE_MB}`, resolve(folder, 'dist', 'main.js')];
    const child = spawn(process.execPath, [...args, '--config', join(settings, 'rollcall.yaml')], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    process.once('exit', () => child.kill('SIGKILL'));
    for await (const line of createInterface(child.stdout)) {
      const { msg, url } = JSON.parse(line) as { msg?: string; url?: string };
      if (msg !== 'ready' || url === undefined) continue;
      child.stdout.resume();
      return { child, url };
    }
    throw new Error('The program does not start.');
  };
  let running = await start();
  const end = async (): Promise<void> => {
    const { child } = running;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };

  return {
    get url() {
      return running.url;
    },
    token: await signer.sign({ tenant, exp: seconds(7200) }),
    signer,
    tenant,
    accounts: accounts.map(({ key }) => key),
    isAlive: () => running.child.exitCode === null && running.child.signalCode === null,
    usage: () => usageOf(running.child.pid ?? 0),
    vendorCalls: () =>
      [emulators.ecwid, emulators.softwareone, emulators.wix].reduce(
        (sum, { requests }) => sum + requests.length,
        0,
      ),
    restart: async () => {
      await end();
      running = await start();
    },
    close: async () => {
      await end();
      await emulators.close();
      rmSync(settings, { recursive: true, force: true });
    },
  };
}

/** A tick of the kernel's clock, in milliseconds. */
const TICK_MS = 10;

function usageOf(pid: number): { cpu: number; rss: number } {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    return { cpu: (Number(fields[11]) + Number(fields[12])) * TICK_MS, rss: kilobytes * 1024 };
  } catch {
    return { cpu: NaN, rss: NaN };
  }
}
