import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { Browser } from 'playwright-core';
import { type Demo, startDemo } from '../../src/demo';
import { isLoopbackOrigin } from '../../src/server/cors';
import { closeAll } from '../support/close-all';
import { launchBrowser } from '../support/browser';

const ADDED = 'https://console.example.com';

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo(pino({ enabled: false }), { port: '0', corsOrigins: [ADDED] });
});
afterAll(() => closeAll(demo));

const PREFLIGHT = {
  'access-control-request-method': 'POST',
  'access-control-request-headers':
    'apollo-require-preflight,authorization,cache-control,content-type,traceparent,x-request-id',
};

describe('CORS of the demo', () => {
  it.each([
    'http://localhost',
    'http://localhost:5173',
    'https://localhost:8443',
    'http://127.0.0.1:3000',
    'http://127.8.9.10:3000',
    'http://[::1]:3000',
    'https://studio.apollographql.com',
    ADDED,
  ])('allows %s, for the preflight and for the answer', async (origin) => {
    const preflight = await fetch(demo.url, { method: 'OPTIONS', headers: { origin, ...PREFLIGHT } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-headers')).toBe(
      PREFLIGHT['access-control-request-headers'],
    );
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();

    const answer = await ask('{ __typename }', origin);
    expect(await answer.json()).toEqual({ data: { __typename: 'Query' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-expose-headers')).toBe('x-request-id, retry-after');
    expect(answer.headers.get('vary')).toMatch(/origin/i);
  });

  it('lets a page read also why its request is refused', async () => {
    const answer = await ask('{ no', 'http://localhost:5173');
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([
      400,
      'http://localhost:5173',
    ]);
  });

  it.each([
    'http://localhost.evil.example',
    'http://localhost.evil.example:4000',
    'http://127.0.0.1.evil.example',
    'http://evil.example#localhost',
    'http://localhost@evil.example',
    'http://evil-localhost:3000',
    'http://128.0.0.1',
    'http://0.0.0.0:3000',
    'http://127.1:3000',
    'http://2130706433',
    'http://[::ffff:127.0.0.1]:3000',
    'http://[::2]:3000',
    'http://LOCALHOST:3000',
    'http://localhost.:3000',
    'http://localhost:3000/',
    'http://localhost:80',
    'ftp://localhost',
    'file://localhost',
    'chrome-extension://localhost',
    'https://console.example.com.evil.example',
    'null',
    '*',
  ])('refuses %s', async (origin) => {
    const preflight = await fetch(demo.url, { method: 'OPTIONS', headers: { origin, ...PREFLIGHT } });
    const answer = await ask('{ __typename }', origin);
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(isLoopbackOrigin(origin)).toBe(false);
  });
});

describe('CORS in a real browser', () => {
  let site: Server;
  let browser: Browser;
  const closers: (() => unknown)[] = [];
  beforeAll(async () => {
    site = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>a frontend</title>');
    });
    closers.push(() => site.close());
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    browser = await launchBrowser(
      'MAP *.evil.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    );
    closers.push(() => browser.close());
  });
  afterAll(async () => {
    for (const close of closers) await close();
  });

  /** Asks from a page of this host, as the README's client does; null where the browser does not let it. */
  async function askFrom(host: string): Promise<unknown> {
    const page = await browser.newPage();
    await page.goto(`http://${host}:${(site.address() as AddressInfo).port}/`);
    const answer = await page.evaluate(async (url) => {
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: 'Bearer x.y.z',
            'x-request-id': 'from-a-page',
          },
          body: JSON.stringify({ query: '{ staffMembers(first: 1) { nodes { id } } }' }),
        });
        return { id: response.headers.get('x-request-id'), body: await response.json() };
      } catch {
        return null;
      }
    }, demo.url);
    await page.close();
    return answer;
  }

  it.each(['localhost', '127.0.0.1'])(
    'lets a page of %s ask the demo',
    async (host) => {
      expect(await askFrom(host)).toEqual({
        id: 'from-a-page',
        body: { data: { staffMembers: { nodes: [{ id: expect.any(String) as string }] } } },
      });
    },
    60_000,
  );

  it.each(['localhost.evil.example', '127.0.0.1.evil.example'])(
    'does not let a page of %s ask',
    async (host) => {
      expect(await askFrom(host)).toBeNull();
    },
    60_000,
  );
});

const ask = (query: string, origin: string): Promise<Response> =>
  fetch(demo.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ query }),
  });
