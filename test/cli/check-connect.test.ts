import { createServer, type Server } from 'node:http';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulators, startEmulators } from '../../src/emulators/start';
import { startProcess } from '../support/process';
import { type OwnRedis, startRedis } from '../support/redis';
import { AUDIENCE, createSigner, ISSUER, type Signer } from '../support/tokens';

/** What is shown only where it takes over a second, as on a busy machine. */
const PROGRESS = / …$|^\d+\/\d+ accounts$/;

const SECRET = 'CANARY-of-a-connection';

let emulators: Emulators;
let signer: Signer;
let redis: OwnRedis;
let keys: Server;
let folder: string;
const closers: (() => unknown)[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-connect-'));
  [emulators, signer, redis] = await Promise.all([
    startEmulators(),
    createSigner('main'),
    startRedis(SECRET),
  ]);
  keys = createServer(({ url }, response) => {
    const body: unknown = url === '/keys' ? { keys: [signer.jwk] } : { message: SECRET };
    response.writeHead(url === '/down' ? 503 : 200).end(JSON.stringify(body));
  });
  closers.push(() => keys.close(), redis.close, emulators.close);
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  for (const close of closers) await close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  for (const vendor of vendors()) vendor.faults.clear();
});

const vendors = () => [emulators.ecwid, emulators.softwareone, emulators.wix];
const keySet = (path: string): string => `http://127.0.0.1:${(keys.address() as AddressInfo).port}${path}`;

/** Runs `--check --connect` over a configuration that is good but for what is changed. */
async function check(change: object = {}, keyPath = '/keys', from = emulators) {
  const file = join(folder, 'rollcall.yaml');
  writeFileSync(
    file,
    JSON.stringify({
      server: { port: 0 },
      auth: { issuer: ISSUER, audience: AUDIENCE, jwksUri: keySet(keyPath) },
      storage: 'sqlite:./data/rollcall.db',
      redis: redis.url,
      // A busy machine answers late.
      limits: { readTimeout: '60s', connectTimeout: '60s' },
      vendors: from.vendors,
      accounts: from.accounts,
      ...change,
    }),
  );
  const process = startProcess(['--config', file, '--check', '--connect']);
  const code = await process.ended;
  const said = [...process.stdout, ...process.stderr].join('\n');
  expect(said).not.toContain(SECRET);
  for (const account of from.accounts)
    expect(said).not.toContain(account.vendor === 'wix' ? account.apiKey : account.token);
  return {
    code,
    stdout: process.stdout,
    stderr: process.stderr.filter((line) => !PROGRESS.test(line)),
    progress: process.stderr.filter((line) => PROGRESS.test(line)),
  };
}

describe('--check --connect', () => {
  it('tries storage, Redis, key set and one read of each account, and changes none of them', async () => {
    for (const vendor of vendors()) vendor.forgetRequests();
    expect(await check()).toMatchObject({
      code: 0,
      stdout: [
        'The configuration is valid.',
        expect.stringMatching(/^Tried and good: .*storage \(\d+ migrations run at the next start\).*\.$/),
      ],
      stderr: [],
    });
    const requests = vendors().flatMap((vendor) => vendor.requests);
    expect(requests.every(({ method }) => method === 'GET')).toBe(true);
    expect(requests.length).toBeGreaterThanOrEqual(emulators.accounts.length);
    expect(vendors().flatMap((vendor) => vendor.mails)).toEqual([]);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('names every problem in one line each, and one bad account hides no other', async () => {
    const [first, ...others] = emulators.accounts;
    const broken = { ...first, ...(first?.vendor === 'wix' ? { apiKey: SECRET } : { token: SECRET }) };
    emulators.softwareone.faults.add({ kind: 'status', status: 503, account: 'contoso' });
    const { code, stdout, stderr } = await check(
      {
        accounts: [broken, ...others],
        storage: `postgres://user:${SECRET}@127.0.0.1:1/ledger`,
        redis: redis.url.replace(SECRET, 'wrong-password'),
      },
      '/down',
    );
    expect([code, stdout[0]]).toEqual([1, 'The configuration is valid.']);
    expect(stderr).toEqual([
      'storage: cannot be opened: nothing listens at its host and port (ECONNREFUSED)',
      'redis: it refuses the user or the password',
      'auth.jwksUri: the login service answers 503 instead of 200',
      `account ${first?.key} (${first?.vendor}): the vendor refuses the credential (AUTH)`,
      expect.stringMatching(
        /^account contoso \(softwareone\): the vendor cannot be reached, or fails.*\(UNAVAILABLE\)$/,
      ),
      '5 problems.',
    ]);
  });

  it.each([
    ['/page', /^auth\.jwksUri: what the login service answers is not a JSON Web Key Set/],
    ['/keys', /^redis: nothing listens at its host and port \(ECONNREFUSED\)$/],
  ])('names a single problem: %s', async (path, problem) => {
    const { code, stderr } = await check(path === '/keys' ? { redis: 'redis://127.0.0.1:1' } : {}, path);
    expect([code, stderr]).toEqual([1, [expect.stringMatching(problem), '1 problem.']]);
  });

  it('shows how far it is where the accounts take over a second', async () => {
    const many = await startEmulators({ world: { accounts: 22, staffPerAccount: 1 }, latencyMs: 1200 });
    const { code, stdout, progress } = await check({}, '/keys', many);
    await many.close();
    expect([code, stdout.at(-1)]).toEqual([0, expect.stringContaining(`${many.accounts.length} accounts`)]);
    expect(progress).toContainEqual(
      expect.stringMatching(new RegExp(`^\\d+/${many.accounts.length} accounts$`)),
    );
  });
});
