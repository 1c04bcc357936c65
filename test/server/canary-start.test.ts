import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulators, startEmulators } from '../../src/emulators/start';
import { closeAll } from '../support/close-all';
import { startProcess } from '../support/process';
import { AUDIENCE, createSigner, ISSUER } from '../support/tokens';
import { type Canary, findLeaks } from '../support/secret-search';

const PLANTED = 'CANARY-planted-secret';

let emulators: Emulators;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-mistakes-'));
  const [started, signer] = await Promise.all([startEmulators(), createSigner('main')]);
  emulators = started;
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: [signer.jwk] }));
});
afterAll(async () => {
  await closeAll(emulators);
  rmSync(folder, { recursive: true, force: true });
});

/** A configuration file that is good but for what is changed. */
function configured(change: object): string {
  const file = join(folder, 'wrong.yaml');
  const { vendors, accounts } = emulators;
  const auth = { issuer: ISSUER, audience: AUDIENCE, jwksFile: 'keys.json' };
  const server = { host: '127.0.0.1', port: 0 };
  writeFileSync(file, JSON.stringify({ server, auth, storage: 'memory:', vendors, accounts, ...change }));
  return file;
}

const canaries = (): Canary[] => [
  { what: 'planted', text: PLANTED },
  ...emulators.accounts.map((account) => ({
    what: `credential of ${account.key}`,
    text: account.vendor === 'wix' ? account.apiKey : account.token,
  })),
];

describe('secret leak: a failed start', () => {
  it.each([
    [
      'a storage that cannot be reached',
      { storage: `postgres://${PLANTED}:${PLANTED}@127.0.0.1:1/${PLANTED}` },
    ],
    ['a storage whose host is unknown', { storage: `postgres://user:${PLANTED}@${PLANTED}.invalid/x` }],
    ['a storage in no folder', { storage: `sqlite:/dev/null/${PLANTED}/ledger.db` }],
    ['a storage of no kind', { storage: `mysql://user:${PLANTED}@host/db` }],
    ['a secret that is too short for nothing', { server: { routerSecret: [PLANTED] } }],
    [
      'accounts with mistakes',
      {
        accounts: [
          { key: 'a', tenant: 'acme', vendor: 'ecwid', storeId: '1', token: `${PLANTED}\n` },
          { key: 'b', tenant: 'acme', vendor: 'wix', siteId: 'x', apiKey: [PLANTED] },
          { key: 'c', tenant: 'acme', vendor: 'softwareone', accountId: 'ACC-1-1', token: PLANTED },
          { key: 'd', tenant: 'acme', vendor: PLANTED, token: PLANTED },
        ],
      },
    ],
  ])('reports the error and quotes no secret: %s', async (_what, change) => {
    const file = configured(change);
    const starts = [[], ['--check']].map((check) => ({
      check,
      child: startProcess(['--config', file, ...check]),
    }));
    for (const { check, child } of starts) {
      const code = await child.ended;
      // Whether a storage can be opened shows when it is.
      const isStorage =
        check.length > 0 && /^(postgres:|sqlite:)/.test((change as { storage?: string }).storage ?? '');
      expect(code).toBe(isStorage ? 0 : 1);
      const said = [...child.stdout, ...child.stderr].join('\n');
      expect(said).toMatch(isStorage ? /valid/ : /^(storage|server|accounts)\b/m);
      expect(findLeaks(canaries(), [{ name: 'what it said', text: said }])).toEqual([]);
    }
  });

  it('quotes nothing of an invalid YAML file', async () => {
    const file = join(folder, 'broken.yaml');
    writeFileSync(file, `accounts:\n  - token: "${PLANTED}\n  key: ${PLANTED}: {`);
    const child = startProcess(['--config', file, '--check']);
    expect(await child.ended).toBe(1);
    const said = [...child.stdout, ...child.stderr].join('\n');
    expect(said).toMatch(/^line \d+: misses a closing quote/m);
    expect(findLeaks(canaries(), [{ name: 'what it said', text: said }])).toEqual([]);
  });
});
