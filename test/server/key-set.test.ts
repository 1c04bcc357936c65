import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { exportJWK, generateKeyPair } from 'jose';
import { waitFor } from '../support/wait-for';
import { type Reply, type Secured, startSecured } from '../support/secured';
import { createSigner, type KeyServer, type Signer, startKeyServer } from '../support/tokens';

const ACCOUNTS = '{ accounts { nodes { id } } }';
const counted = (count: number) => Array.from({ length: count }, (_, index) => index);

let ours: Signer;
let next: Signer;
let keys: KeyServer;
let app: Secured;
beforeAll(async () => {
  [ours, next] = await Promise.all([createSigner('one'), createSigner('two', 'RS256')]);
});
async function start(): Promise<void> {
  offset = 0;
  keys = await startKeyServer([ours]);
  app = await startSecured({ auth: { jwksUri: keys.uri } });
}
async function stop(): Promise<void> {
  jest.restoreAllMocks();
  await app.close();
  await keys.close();
}

const now = performance.now.bind(performance);
const SECOND = 1000;
const HOUR = 3600 * SECOND;

let offset = 0;
/** The clock by which keys grow old moves on; the one by which tokens expire does not. */
function later(ms: number): void {
  offset += ms;
  jest.spyOn(performance, 'now').mockImplementation(() => now() + offset);
}

const ask = async (signer: Signer, header = {}): Promise<Reply> =>
  app.ask(ACCOUNTS, { token: await signer.sign({}, header) });
const statusOf = async (signer: Signer): Promise<number> => (await ask(signer)).status;
const page = (path: string) => fetch(app.app.url.replace('/graphql', path));
const metrics = async (): Promise<string> => (await page('/metrics')).text();
const fetches = async (result: string): Promise<number> =>
  Number(new RegExp(`^token_key_fetches_total{result="${result}"} (\\d+)$`, 'm').exec(await metrics())?.[1]);

/** The app is started anew, over whatever the key server answers now. */
async function restart(): Promise<void> {
  await app.close();
  app = await startSecured({ auth: { jwksUri: keys.uri } });
}

function expectUnavailable({ status, headers, codes }: Reply): void {
  expect([status, codes]).toEqual([503, ['AUTH_UNAVAILABLE']]);
  expect(headers.get('retry-after')).toBe('5');
  expect(headers.get('www-authenticate')).toBeNull();
}

/** What a login service may answer instead of its key set, and how that is counted. */
const NO_KEY_SETS: readonly [string, string, RequestListener][] = [
  [
    'a page with 200',
    'not_a_key_set',
    (_request, response) => response.setHeader('content-type', 'text/html').end('<html>Sign in</html>'),
  ],
  ['nothing with 200', 'not_a_key_set', (_request, response) => response.end()],
  ['500', 'status', (_request, response) => response.writeHead(500).end()],
  ['204', 'status', (_request, response) => response.writeHead(204).end()],
  ['null', 'not_a_key_set', (_request, response) => response.end('null')],
  ['no list of keys', 'not_a_key_set', (_request, response) => response.end('{"keys":{}}')],
  ['an empty list of keys', 'no_usable_key', (_request, response) => response.end('{"keys":[]}')],
  [
    'keys of other kinds',
    'no_usable_key',
    (_request, response) =>
      response.end(
        JSON.stringify({
          keys: [
            7,
            null,
            [],
            { kty: 'oct', k: 'c2VjcmV0' },
            { ...ours.jwk, use: 'enc' },
            { ...ours.jwk, alg: 'EdDSA' },
          ],
        }),
      ),
  ],
  [
    'a key that is broken',
    'no_usable_key',
    (_request, response) => response.end(JSON.stringify({ keys: [{ ...ours.jwk, x: 'AAAA' }] })),
  ],
  [
    'a page that never ends',
    'too_large',
    (_request, response) => {
      const write = (): void => {
        while (!response.destroyed && response.write(' '.repeat(65_536)));
        response.once('drain', write);
      };
      write();
    },
  ],
  [
    'a packed page that is large',
    'too_large',
    (_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(' '.repeat(4 << 20)));
    },
  ],
  [
    'a redirect to another set',
    'status',
    (request, response) => {
      if (request.url === '/other') response.end(JSON.stringify({ keys: [next.jwk] }));
      else response.writeHead(302, { location: '/other' }).end();
    },
  ],
  ['a connection that breaks', 'network', (request) => request.socket.destroy()],
  [
    'one byte at a time',
    'timeout',
    (_request, response) => {
      response.write('{');
      const timer = setInterval(() => response.write(' '), 50);
      response.on('close', () => {
        clearInterval(timer);
      });
    },
  ],
];

describe('JWKS at a URL (key rotation)', () => {
  beforeEach(start);
  afterEach(stop);

  it('is fetched once at the start, for any number of tokens', async () => {
    expect(keys.asked()).toBe(1);
    const statuses = await Promise.all(counted(50).map(() => statusOf(ours)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(keys.asked()).toBe(1);
    expect([await fetches('ok'), (await page('/readyz')).status]).toEqual([1, 200]);
  });

  it('is fetched at most once in 5 s for tokens with an unknown key', async () => {
    const strange = () => Promise.all(counted(50).map((index) => ask(next, { kid: `strange-${index}` })));
    expect(new Set((await strange()).map(({ status }) => status))).toEqual(new Set([401]));
    expect(keys.asked()).toBe(1);
    later(6 * SECOND);
    expect(new Set((await strange()).map(({ status }) => status))).toEqual(new Set([401]));
    await strange();
    expect(keys.asked()).toBe(2);
    expect(await statusOf(ours)).toBe(200);
  });

  it('adds a new key with the first token that names it', async () => {
    keys.serve([ours, next]);
    later(6 * SECOND);
    expect([await statusOf(next), await statusOf(ours)]).toEqual([200, 200]);
    expect(keys.asked()).toBe(2);
  });

  it('is fetched every 30 s without any token, and a removed key is then refused, even for a cached token', async () => {
    const token = await ours.sign();
    expect((await app.ask(ACCOUNTS, { token })).status).toBe(200);
    keys.serve([next]);
    later(31 * SECOND);
    await waitFor(() => keys.asked() === 2);
    await waitFor(async () => (await app.ask(ACCOUNTS, { token })).status === 401);
    expect(await statusOf(next)).toBe(200);
  });

  it.each([
    ['two entries of one key', () => [ours.jwk, ours.jwk]],
    ['two keys of one kid', () => [{ ...rival.jwk, kid: 'one' }, ours.jwk]],
    [
      'keys without kid',
      () => [
        { ...rival.jwk, kid: undefined },
        { ...ours.jwk, kid: undefined },
      ],
    ],
    ['keys of other kinds beside it', () => [{ kty: 'oct', k: 'YQ' }, { kty: 'XYZ' }, ours.jwk]],
  ])('may hold %s: each suitable key is tried', async (_what, jwks) => {
    rival = await createSigner('one');
    keys.answer((_request, response) => response.end(JSON.stringify({ keys: jwks() })));
    await restart();
    const header = _what === 'keys without kid' ? { kid: undefined } : {};
    expect((await ask(ours, header)).status).toBe(200);
    const foreign = await createSigner('one');
    expect((await ask(foreign, header)).status).toBe(401);
    expect(await metrics()).toMatch(/^tokens_refused_total{reason="signature"} 1$/m);
    // The right key does not save a token whose claims are wrong.
    const { status } = await app.ask(ACCOUNTS, { token: await ours.sign({ aud: 'payroll' }, header) });
    expect(status).toBe(401);
    expect(await metrics()).toMatch(/^tokens_refused_total{reason="aud"} 1$/m);
  });
  let rival: Signer;

  it('with RSA keys that are too short replaces nothing', async () => {
    const { publicKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
    const { n = '', ...jwk } = await exportJWK(publicKey);
    // Half the modulus is a number like any other.
    const short = Buffer.from(n, 'base64url').subarray(0, 128).toString('base64url');
    keys.answer((_request, response) => response.end(JSON.stringify({ keys: [{ ...jwk, n: short }] })));
    later(31 * SECOND);
    await waitFor(async () => (await fetches('no_usable_key')) === 1);
    expect(await statusOf(ours)).toBe(200);
  });
});

describe('JWKS: an invalid response after a valid one', () => {
  beforeAll(start);
  afterAll(stop);
  const reasons = (): unknown[] =>
    app.logged
      .filter((line) => line.includes('token keys cannot be fetched'))
      .map((line) => (JSON.parse(line) as { reason: unknown }).reason);

  it.each(NO_KEY_SETS)('replaces nothing, is counted and logged: %s', async (_what, result, listener) => {
    const [counted, logged] = [await fetches(result), reasons().length];
    keys.answer(listener);
    later(6 * SECOND);
    // An unknown key is looked for at once. Whether it has been published since the last good set is not known.
    expectUnavailable(await ask(next));
    expect([await fetches(result), reasons().slice(logged)]).toEqual([counted + 1, [result]]);
    expect([await statusOf(ours), (await page('/readyz')).status]).toEqual([200, 200]);

    keys.serve([ours]);
    later(6 * SECOND);
    expect(await statusOf(next)).toBe(401);
    expect(app.logged.at(-2)).toContain('token keys are fetched again');
  });
});

describe('JWKS: an invalid response before a valid one', () => {
  beforeEach(start);
  afterEach(stop);

  it.each(['a page with 200', '500', 'a connection that breaks'])(
    'answers 503 for every token without a previous key set: %s',
    async (what) => {
      const [, , listener] = NO_KEY_SETS.find(([name]) => name === what) ?? [];
      if (listener) keys.answer(listener);
      await restart();
      const token = await ours.sign();
      for (const reply of await Promise.all(counted(20).map(() => app.ask(ACCOUNTS, { token }))))
        expectUnavailable(reply);
      expectUnavailable(await app.ask(ACCOUNTS, { token: 'a.b.c' }));
      expect((await app.ask(ACCOUNTS)).codes).toEqual(['UNAUTHENTICATED']);
      expect([(await page('/healthz')).status, (await page('/readyz')).status]).toEqual([200, 503]);
      expect(await metrics()).toMatch(/^token_keys_available 0$/m);
      expect(app.logged.join('\n')).not.toContain(token);
      expect(app.logged.join('\n')).not.toMatch(/"masked"/);

      keys.serve([ours]);
      later(5 * SECOND);
      await waitFor(async () => (await page('/readyz')).status === 200);
      expect((await app.ask(ACCOUNTS, { token })).status).toBe(200);
      expect(await metrics()).toMatch(/^token_keys_available 1$/m);
      expect(app.logged.some((line) => line.includes('token keys are fetched again'))).toBe(true);
    },
  );

  it('leaves the last valid key set in use for an hour, and no longer', async () => {
    const token = await ours.sign({ exp: Math.floor(Date.now() / SECOND) + 9000 });
    keys.serve(null);
    later(HOUR - 60 * SECOND);
    await waitFor(async () => (await fetches('status')) === 1);
    expect([(await app.ask(ACCOUNTS, { token })).status, await statusOf(ours)]).toEqual([200, 200]);
    later(61 * SECOND);
    expectUnavailable(await app.ask(ACCOUNTS, { token }));
    expectUnavailable(await ask(ours));
    expect((await page('/readyz')).status).toBe(503);
  });

  it('is not fetched again for 5 s, for any number of tokens', async () => {
    keys.serve(null);
    await restart();
    const before = keys.asked();
    await Promise.all(counted(50).map((index) => ask(index % 2 ? ours : next)));
    expect(keys.asked()).toBe(before);
  });

  it('has a timeout when the response never comes', async () => {
    keys.answer(() => undefined);
    await restart();
    expectUnavailable(await ask(ours));
    expect(await fetches('timeout')).toBe(1);
  });
});
