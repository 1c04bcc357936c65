import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, readConfig } from '../src/config';
import { readYaml } from '../src/config/yaml';
import {
  CANARY,
  ecwid,
  mistakesOf,
  sampleAccounts as accounts,
  softwareone,
  wix,
} from './support/config-mistakes';

const read = (raw: unknown): Config => readConfig(raw, { env: {}, folder: '.', demo: true });

describe('configuration errors', () => {
  it('reports all errors at once, each with its path', () => {
    const mistakes = mistakesOf(() =>
      read({
        server: { port: 70_000, corsOrigins: ['https://a.example/path'] },
        storage: `mysql://${CANARY}@db`,
        redis: `http://${CANARY}@redis`,
        vendors: { ecwid: { baseUrl: 'http://vendor.example' }, shopify: {} },
        accounts: [
          { ...ecwid, key: 'Harbor Tea', storeId: 'abc', token: `${CANARY} ` },
          { ...wix, siteId: CANARY, apiKey: '' },
          { ...softwareone, accountId: 'ACC-1', colour: 'red', tenant: '' },
          { vendor: 'shopify' },
          { key: 'empty', vendor: 'ecwid' },
          null,
        ],
        limits: { depth: 0, responseBytes: 'big', speed: 1 },
        extra: CANARY,
      }),
    );
    expect(mistakes.map((mistake) => mistake.split(':')[0])).toEqual([
      'accounts[0].key',
      'accounts[0].storeId',
      'accounts[0].token',
      'accounts[1].apiKey',
      'accounts[1].siteId',
      'accounts[2].accountId',
      'accounts[2].colour',
      'accounts[2].tenant',
      'accounts[3].vendor',
      'accounts[4].storeId',
      'accounts[4].tenant',
      'accounts[4].token',
      'accounts[5]',
      'extra',
      'limits.depth',
      'limits.responseBytes',
      'limits.speed',
      'redis',
      'server.corsOrigins[0]',
      'server.port',
      'storage',
      'vendors.ecwid.baseUrl',
      'vendors.shopify',
    ]);
    expect(mistakes.join('\n')).not.toContain(CANARY);
  });

  it('reports an error in auth, or missing auth, together with the other errors', () => {
    const real = (raw: object): string[] =>
      mistakesOf(() => readConfig({ accounts, ...raw }, { env: {}, folder: '.' }));
    const auth = { issuer: 'https://login.example/', audience: 'rollcall' };
    const jwksUri = 'https://login.example/keys';
    expect(real({ limits: { depth: 0 } }).map((mistake) => mistake.split(':')[0])).toEqual([
      'auth',
      'limits.depth',
    ]);
    expect(real({ auth: { ...auth, jwksUri } })).toEqual([]);
    expect(real({ auth, server: { routerSecret: CANARY.slice(0, 3) } })).toEqual([
      'auth: needs jwksUri or jwksFile, and not both',
      'server.routerSecret: must be at least 16 characters',
    ]);
    expect(real({ auth: { ...auth, jwksUri: 'http://login.example/keys' } })).toEqual([
      'auth.jwksUri: must be https, or http on loopback',
    ]);
    expect(real({ auth: { ...auth, jwksUri, algorithms: ['HS256', 'none'] } })).toHaveLength(2);
    expect(real({ auth: { audience: '', jwksFile: 'nowhere.json', secret: CANARY } })).toEqual([
      'auth.audience: is empty',
      'auth.issuer: is missing',
      'auth.jwksFile: is no JSON Web Key Set of public keys',
      'auth.secret: is not a known key',
    ]);
  });

  it('reports errors that need two entries to detect together with the other errors', () => {
    const mistakes = mistakesOf(() =>
      read({ accounts: [ecwid, { ...wix, key: 'harbor-tea' }, { ...softwareone, tenant: '' }] }),
    );
    expect(mistakes).toEqual(['accounts[1].key: is taken by accounts[0]', 'accounts[2].tenant: is empty']);
  });

  it('reports an invalid host together with the other errors', () => {
    const mistakes = mistakesOf(() => read({ accounts, server: { host: '', port: 'x' } }));
    expect(mistakes.map((mistake) => mistake.split(':')[0])).toEqual(['server.host', 'server.port']);
  });

  it.each([
    ['the same key', [ecwid, { ...wix, key: 'harbor-tea' }], ['accounts[1].key: is taken by accounts[0]']],
    [
      'the same store of the same tenant',
      [ecwid, { ...ecwid, key: 'again' }],
      ['accounts[1]: is the same account of the same tenant as accounts[0]'],
    ],
    ['the same store for two tenants', [ecwid, { ...ecwid, key: 'again', tenant: 'globex' }], []],
    ['no accounts', [], ['accounts: is empty: at least one account is needed']],
  ])('finds the error in %s', (_what, list, mistakes) => {
    expect(mistakesOf(() => read({ accounts: list }))).toEqual(mistakes);
  });

  it.each([
    ['a line break', `${CANARY}\n`],
    ['a header of its own', `${CANARY}\r\nx-evil: 1`],
    ['a space', `${CANARY} x`],
    ['a NUL', `${CANARY}\u0000`],
    ['a letter beyond ASCII', `${CANARY}ä`],
    ['5,000 characters', CANARY.repeat(500)],
  ])('never quotes the credential in an error for %s (secret leak)', (_what, token) => {
    const mistakes = mistakesOf(() =>
      read({
        accounts: [
          { ...ecwid, token },
          { ...wix, apiKey: token },
        ],
      }),
    );
    expect(mistakes.map((mistake) => mistake.split(':')[0])).toEqual([
      'accounts[0].token',
      'accounts[1].apiKey',
    ]);
    expect(mistakes.join()).not.toContain(CANARY);
  });

  it.each([
    ['http://vendor.example', 'must be https, or http on loopback'],
    ['ftp://vendor.example', 'must be https, or http on loopback'],
    ['https://user:CANARY@vendor.example', 'must be a plain address'],
    ['https://vendor.example/?key=CANARY', 'must be a plain address'],
    ['http://127.0.0.1.evil.example', 'must be https, or http on loopback'],
    ['vendor', 'is no address'],
  ])('reports the base URL %s', (baseUrl, problem) => {
    const mistakes = mistakesOf(() => read({ accounts, vendors: { wix: { baseUrl } } }));
    expect(mistakes).toEqual([`vendors.wix.baseUrl: ${problem}`]);
  });

  it.each(['http://127.0.0.1:4101/api/v3/', 'http://localhost:4101/api/v3', 'http://[::1]:4101/api/v3'])(
    'accepts %s: traffic on loopback needs no TLS',
    (baseUrl) => {
      const { vendors } = read({ accounts, vendors: { ecwid: { baseUrl } } });
      expect(vendors['ecwid']?.baseUrl).toBe(baseUrl.replace(/\/$/, ''));
    },
  );
});

describe('configuration errors that are named together', () => {
  it('names accounts that are one beside the mistakes of others', () => {
    const mistakes = mistakesOf(() =>
      read({
        server: { port: 70_000 },
        accounts: [ecwid, { ...ecwid, key: 'twin' }, { ...ecwid, token: '' }, { ...wix, siteId: 'x' }],
      }),
    );
    expect(mistakes.map((mistake) => mistake.split(':')[0])).toEqual(
      expect.arrayContaining([
        'server.port',
        'accounts[1]',
        'accounts[2].key',
        'accounts[2].token',
        'accounts[3].siteId',
      ]),
    );
  });

  it('names missing keys of auth beside its other mistakes', () => {
    const mistakes = mistakesOf(() => read({ auth: { issuer: '', audience: 'a' }, accounts }));
    expect(mistakes.map((mistake) => mistake.split(':')[0])).toEqual(['auth.issuer', 'auth']);
  });
});

describe('configuration errors: keys that verify tokens', () => {
  const auth = { issuer: 'https://login.example.com/', audience: 'rollcall' };
  const withFile = (content: unknown): string[] => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-keys-'));
    writeFileSync(join(folder, 'keys.json'), JSON.stringify(content));
    try {
      return mistakesOf(() =>
        readConfig({ auth: { ...auth, jwksFile: 'keys.json' }, accounts }, { env: {}, folder }),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const ec = { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' };

  it.each([
    ['a private key', { keys: [{ ...ec, d: CANARY }] }],
    ['a private key beside public ones', { keys: [ec, { kty: 'RSA', n: 'AA', e: 'AQAB', d: CANARY }] }],
    ['a private key by itself', { ...ec, d: CANARY }],
    ['a shared secret', { keys: [{ kty: 'oct', k: CANARY }] }],
    ['a shared secret under another type', { keys: [{ ...ec, k: CANARY }] }],
  ])('refuses %s in jwksFile, and does not print it', (_what, content) => {
    const mistakes = withFile(content);
    expect(mistakes).toEqual([
      expect.stringMatching(/^auth\.jwksFile: holds a private key or a shared secret/),
    ]);
    expect(mistakes.join()).not.toContain(CANARY);
  });

  it.each([[{ keys: [] }], [{}], [null], ['x'], [{ keys: [{ kty: 'XYZ' }] }]])(
    'refuses %j in jwksFile',
    (content) => {
      expect(withFile(content)).toEqual(['auth.jwksFile: is no JSON Web Key Set of public keys']);
    },
  );

  it.each([`https://user:${CANARY}@login.example.com/keys`, `https://${CANARY}@login.example.com/keys`])(
    'refuses credentials in jwksUri, and does not print them',
    (jwksUri) => {
      const mistakes = mistakesOf(() => read({ auth: { ...auth, jwksUri }, accounts }));
      expect(mistakes).toEqual(['auth.jwksUri: must have no user name and no password in it']);
    },
  );
});

describe('configuration errors: YAML', () => {
  const mistakeOf = (text: string): unknown => (readYaml(text) as { mistake?: unknown }).mistake;
  const bomb = [
    'a: &a [x]',
    ...'bcdefghij'.split('').map((name, index) => {
      const before = 'abcdefghij'[index] ?? '';
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`;
    }),
  ].join('\n');

  it.each([
    ['an alias of the whole', '&a\nx: 1\ny: *a', 'line 3'],
    ['an alias within a list', 'x: 1\ny: &a\n  - 1\n  - *a', 'line 4'],
    ['an alias deep within', 'a: &a { b: &b { c: [1, { d: *a }] } }', 'line 1'],
    ['an alias for a key', 'a: &a\n  ? *a\n  : 1', 'line 2'],
  ])('refuses an alias cycle with its line: %s', (_what, text, path) => {
    expect(mistakeOf(text)).toEqual({ path, problem: 'has an alias (*name) within what it names' });
  });

  it('refuses aliases that multiply, with a line', () => {
    expect(mistakeOf(bomb)).toEqual({
      path: 'line 10',
      problem: 'has an alias (*name) that cannot be followed',
    });
  });

  it('refuses what is nested too deeply', () => {
    expect(mistakeOf('['.repeat(100_000))).toMatchObject({
      problem: expect.stringMatching(/nested|no YAML/) as string,
    });
  });

  it('follows aliases that end', () => {
    expect(readYaml('a: &a [1]\nb: *a\nc: { d: *a }')).toEqual({ values: { a: [1], b: [1], c: { d: [1] } } });
  });
});
