import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../src/cli/command-line';
import { type Emulators, startEmulators } from '../../src/emulators/start';
import { readWorkers } from '../../src/workers/number';
import { closeAll } from '../support/close-all';
import { startProcess } from '../support/process';
import { AUDIENCE, createSigner, ISSUER, type Signer } from '../support/tokens';

let emulators: Emulators;
let signer: Signer;
let folder: string;
beforeAll(async () => {
  [emulators, signer] = await Promise.all([startEmulators(), createSigner('main')]);
  folder = mkdtempSync(join(tmpdir(), 'rollcall-workers-'));
});
afterAll(async () => {
  await closeAll(emulators);
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a configuration with which all is well but for what is different. */
function configWith(different: object): string {
  const file = join(folder, 'rollcall.yaml');
  const { vendors, accounts } = emulators;
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: [signer.jwk] }));
  const auth = { issuer: ISSUER, audience: AUDIENCE, jwksFile: 'keys.json' };
  const server = { host: '127.0.0.1', port: 0 };
  writeFileSync(
    file,
    JSON.stringify({ server, auth, vendors, accounts, storage: 'sqlite:./rollcall.db', ...different }),
  );
  return file;
}

/** What a start that fails says, and how it ends. */
async function failed(...args: string[]): Promise<{ code: number | NodeJS.Signals; said: string[] }> {
  const started = startProcess(args);
  return { code: await started.ended, said: [...started.stderr] };
}

describe('workers refuse to start', () => {
  it.each(['0', '65', '-1', '2.5', 'many', '', '1e1'])('with the number %p', async (count) => {
    const { code, said } = await failed('--config', configWith({}), `--workers=${count}`);
    expect([code, said[0]]).toEqual([
      1,
      '--workers must be a whole number from 1 to 64, or auto. See --help.',
    ]);
  });

  it('in the demo', async () => {
    const { code, said } = await failed('--workers', '2', '--port', '0');
    expect([code, said]).toEqual([1, [expect.stringContaining('--workers needs --config')]]);
  });

  it.each([[[]], [['--check']]])('with a ledger in memory, which they cannot share %j', async (check) => {
    const file = configWith({ storage: 'memory:' });
    const { code, said } = await failed('--config', file, '--workers', '2', ...check);
    expect([code, said]).toEqual([
      1,
      ['The configuration has mistakes:', expect.stringMatching(/^storage: memory: is for one process/)],
    ]);
  });

  it('with an invalid configuration, whose errors are reported once', async () => {
    const file = configWith({ server: { port: 70_000 }, limits: { depth: 0 } });
    const { code, said } = await failed('--config', file, '--workers', '4');
    expect([code, said]).toEqual([
      1,
      [
        'The configuration has mistakes:',
        'server.port: must be a whole number from 0 to 65535',
        'limits.depth: must be a whole number from 1 to 1000',
      ],
    ]);
  });

  it('on a port that is in use, which is reported once', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, said } = await failed('--config', configWith({}), '--workers', '4', '--port', String(port));
    server.close();
    expect([code, said]).toEqual([1, [`Port ${port} is in use; choose another with --port or server.port.`]]);
  });

  it('with a storage that cannot be opened, which is reported once', async () => {
    writeFileSync(
      join(folder, 'broken.db'),
      'this is no database, and long enough to be taken for one'.repeat(50),
    );
    const { code, said } = await failed(
      '--config',
      configWith({ storage: 'sqlite:./broken.db' }),
      '--workers',
      '4',
    );
    expect([code, said]).toEqual([
      1,
      ['The configuration has mistakes:', expect.stringMatching(/^storage: cannot be opened/)],
    ]);
  });
});

it('many workers start at once with a ledger that does not exist yet', async () => {
  const storage = 'sqlite:./new/rollcall.db';
  const started = startProcess(['--config', configWith({ storage }), '--workers', '6']);
  expect(await started.logged({ msg: 'ready' })).toMatchObject({ workers: 6, accounts: 8 });
  started.signal('SIGTERM');
  expect([await started.ended, started.stderr]).toEqual([0, []]);
});

it('one worker is the silent default, and auto is the number of cores', () => {
  expect(readWorkers()).toBe(1);
  expect(readWorkers('auto')).toBeGreaterThanOrEqual(1);
  expect(() => readWorkers('1e1')).toThrow(UsageError);
});
