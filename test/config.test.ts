import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, loadConfig, readConfig } from '../src/config';
import {
  CANARY,
  ecwid,
  mistakesOf,
  sampleAccounts as accounts,
  softwareone,
  wix,
} from './support/config-mistakes';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-config-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const read = (raw: unknown, env: Record<string, string> = {}): Config =>
  readConfig(raw, { env, folder, demo: true });

function load(yaml: string, env: Record<string, string> = {}): Config {
  const file = join(folder, 'rollcall.yaml');
  writeFileSync(file, yaml);
  return loadConfig(file, env);
}

const auth = {
  issuer: 'https://login.example/',
  audience: 'rollcall',
  jwksUri: 'https://login.example/keys',
};

describe('configuration', () => {
  it('has the documented defaults', () => {
    const { server, limits, storage, vendors } = read({ accounts });
    expect(server).toMatchObject({ port: 4000, corsOrigins: [] });
    expect(limits).toEqual({
      operationDeadline: 8000,
      softDeadline: 2000,
      readTimeout: 3000,
      writeTimeout: 6000,
      connectTimeout: 2000,
      responseBytes: 2_097_152,
      requestBytes: 262_144,
      depth: 10,
      aliases: 15,
      rootMutations: 5,
      tokens: 1000,
      directives: 50,
      representations: 500,
      concurrencyPerAccount: 8,
      cacheTtl: 5000,
      staleTtl: 300_000,
      cooldown: 60_000,
      emailsPerInvitePerDay: 10,
      emailsPerAccountPerHour: 200,
      idempotencyTtl: 86_400_000,
      documentBytes: 32_768,
      nodes: 20_000,
      vendorCalls: 500,
      listItems: 1000,
      answerBytes: 16_777_216,
      connections: 10_000,
    });
    expect(storage).toEqual({ kind: 'sqlite', file: join(folder, 'data/rollcall.db') });
    expect(vendors).toEqual({
      ecwid: { baseUrl: 'https://app.ecwid.com/api/v3' },
      softwareone: { baseUrl: 'https://api.platform.softwareone.com/public/v1' },
      wix: { baseUrl: 'https://www.wixapis.com' },
    });
  });

  it('finds each account by its key and by its vendor id', () => {
    expect(
      read({ accounts }).accounts.map(({ id, tenant, vendor, externalId }) => ({
        id,
        tenant,
        vendor,
        externalId,
      })),
    ).toEqual([
      { id: 'harbor-tea', tenant: 'acme', vendor: 'ECWID', externalId: '7700142' },
      {
        id: 'harbour-cafe',
        tenant: 'acme',
        vendor: 'WIX',
        externalId: '5a1d6c1e-0f43-4f5b-9b7a-2f2d0a1c9e10',
      },
      { id: 'contoso', tenant: 'acme', vendor: 'SOFTWAREONE', externalId: 'ACC-4821-7730' },
    ]);
  });

  it('is frozen, and holds no printable credential (secret leak)', () => {
    const config = read({
      accounts: [
        { ...ecwid, token: CANARY },
        { ...wix, apiKey: CANARY },
      ],
    });
    expect(Object.isFrozen(config.limits)).toBe(true);
    expect(Object.isFrozen(config.accounts[0])).toBe(true);
    expect(JSON.stringify(config)).not.toContain(CANARY);
  });

  it.each([
    ['500ms', 500],
    ['5s', 5000],
    ['2m', 120_000],
    ['24h', 86_400_000],
    ['0s', 0],
  ])('reads the duration %s', (cooldown, ms) => {
    expect(read({ accounts, limits: { cooldown } }).limits.cooldown).toBe(ms);
  });

  it.each(['5', '5d', '-5s', '1.5s', '5 s', 's', '', '1e3s', '99999999999s', '5S', 5, null, true])(
    'refuses the duration %j',
    (cooldown) => {
      const mistakes = mistakesOf(() => read({ accounts, limits: { cooldown } }));
      expect(mistakes).toEqual(['limits.cooldown: must be a duration such as 500ms, 5s, 2m or 24h']);
    },
  );

  it.each([
    ['memory:', { kind: 'memory' }],
    ['postgres://u:p@db.example/rollcall', { kind: 'postgres', url: 'postgres://u:p@db.example/rollcall' }],
    ['sqlite:/var/lib/rollcall.db', { kind: 'sqlite', file: '/var/lib/rollcall.db' }],
  ])('reads the storage %s', (storage, read_) => {
    expect(read({ accounts, storage }).storage).toEqual(read_);
  });

  it.each([
    'redis://localhost:6379',
    'redis://redis',
    'redis://[::1]:6380/',
    'redis://:p%40ss@redis.example/3',
    'rediss://rollcall:secret@redis.example:6380/15',
  ])('accepts the Redis address %s', (redis) => {
    expect(read({ accounts, redis }).redis).toBe(redis);
  });

  it.each([
    ['', 'localhost:6379', 'http://CANARY@redis', 'redis:CANARY', 'redis://', 'redis://CANARY@'],
    ['redis://:CANARY@redis/name', 'redis://:CANARY@redis/1/2', 'redis://:CANARY@redis/-1'],
    [
      'redis://:CANARY@redis?db=1',
      'redis://:CANARY@redis#1',
      'redis://:CANARY%@redis',
      'redis://redis:CANARY',
    ],
    [6379, null, ['redis://redis']],
  ])('refuses an invalid Redis address without quoting it: %j', (...wrong) => {
    for (const redis of wrong)
      expect([redis, mistakesOf(() => read({ accounts, redis }))]).toEqual([
        redis,
        [expect.stringMatching(/^redis: must be (an address|redis:\/\/user:password@host:port\/database)/)],
      ]);
  });
});

describe('configuration interpolation', () => {
  it('reads environment variables and files, without the final line break of a file', () => {
    writeFileSync(join(folder, 'host'), '127.0.0.2\n');
    const config = read(
      { accounts, server: { host: '${file:host}', port: '${PORT}' }, storage: 'sqlite:${DIR}/x.db' },
      { PORT: '4711', DIR: 'state' },
    );
    expect(config.server).toMatchObject({ host: '127.0.0.2', port: 4711 });
    expect(config.storage).toEqual({ kind: 'sqlite', file: join(folder, 'state/x.db') });
  });

  it('always yields strings', () => {
    const hostile = 'x"\n- key: evil\n${HOME}';
    const mistakes = mistakesOf(() =>
      load(
        `auth: ${JSON.stringify(auth)}\naccounts:\n  - {key: a, tenant: "\${T}", vendor: ecwid, storeId: "1", token: "\${T}"}`,
        {
          T: hostile,
          HOME: CANARY,
        },
      ),
    );
    expect(mistakes).toEqual([
      'accounts[0].token: has spaces, control characters or other bytes that no header may carry',
    ]);
  });

  it('reports each missing variable as one error, by its name and without the surrounding text', () => {
    const mistakes = mistakesOf(() =>
      read(
        {
          accounts: [
            { ...ecwid, token: `${CANARY}\${NOPE}` },
            { ...wix, apiKey: '${file:nope}' },
            { ...softwareone, token: '${no such}' },
          ],
        },
        { [CANARY]: CANARY },
      ),
    );
    expect(mistakes).toEqual([
      'accounts[0].token: the environment variable NOPE is not set',
      'accounts[1].apiKey: the file nope cannot be read: it does not exist',
      'accounts[2].token: ${…} must name an environment variable or file:…',
    ]);
  });
});

describe('configuration file', () => {
  it('reports one error when it cannot be read', () => {
    expect(mistakesOf(() => loadConfig(join(folder, 'none.yaml'), {}))).toHaveLength(1);
  });

  it.each([
    ['an open quote', `accounts:\n  - token: "${CANARY}\n`],
    ['a tab', `accounts:\n\t- token: ${CANARY}\n`],
    ['two colons', `accounts:\n  - token: a: ${CANARY}\n`],
    ['a key that is there twice', `storage: "memory:"\nstorage: ${CANARY}\n`],
    ['an alias of nothing', `accounts:\n  - token: *${CANARY}\n`],
    ['aliases that multiply', bomb()],
  ])('reports a file with %s by its position, without quoting it', (_what, yaml) => {
    const mistakes = mistakesOf(() => load(yaml));
    expect(mistakes.length).toBeGreaterThan(0);
    expect(mistakes.join()).not.toContain(CANARY);
  });

  it('is overridden by command line flags', () => {
    writeFileSync(
      join(folder, 'rollcall.yaml'),
      `accounts: ${JSON.stringify(accounts)}\nserver: {port: 1}\nauth: ${JSON.stringify(auth)}\n`,
    );
    const { server } = loadConfig(join(folder, 'rollcall.yaml'), {}, { host: '::1', port: '4711' });
    expect(server).toMatchObject({ host: '::1', port: 4711 });
  });
});

function bomb(): string {
  const ten = (name: string) => `[${Array.from({ length: 10 }, () => `*${name}`).join(',')}]`;
  return `a: &a [${CANARY}]\nb: &b ${ten('a')}\nc: &c ${ten('b')}\nd: &d ${ten('c')}\n`;
}
