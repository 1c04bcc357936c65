import { type Config, readConfig } from '../src/config';
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
