import { connect } from 'node:net';
import { createHttpServer } from '../../src/server/http';
import { SEED_INVITES } from '../support/seed-ids';
import { at } from '../support/at';
import { closeAll } from '../support/close-all';
import { type Reply, type Secured, startSecured } from '../support/secured';
import { seconds } from '../support/tokens';

const CONSOLE = 'https://console.example.com';
const JSON_TYPE = { 'content-type': 'application/json' };
const STAFF = '{ staffMembers(first: 1) { nodes { id } } }';
const RESEND = `mutation { resendInvite(input: { inviteId: "${SEED_INVITES.wix.pending}" }) { outcome } }`;

let app: Secured;
let auth: Readonly<Record<string, string>>;
beforeAll(async () => {
  app = await startSecured({
    server: { corsOrigins: [CONSOLE, 'http://localhost:3000'], landingPage: false },
    limits: { cacheTtl: '0s', staleTtl: '0s' },
  });
  auth = { authorization: `Bearer ${await app.signer.sign({ exp: seconds(3600) })}` };
});
beforeEach(() => {
  app.forgetCalls();
});
afterAll(() => closeAll(app));

const post = (query: string, headers: Readonly<Record<string, string>> = {}) =>
  app.send({
    method: 'POST',
    headers: { ...JSON_TYPE, ...auth, ...headers },
    body: JSON.stringify({ query }),
  });
const get = (query: string, headers: Readonly<Record<string, string>> = JSON_TYPE) =>
  app.send({ headers: { ...auth, ...headers } }, `?query=${encodeURIComponent(query)}`);
/** Any path beside the endpoint. */
const beside = (path: string, init: RequestInit = {}) => fetch(app.app.url.replace('/graphql', path), init);

const cors = ({ headers }: Pick<Reply, 'headers'>): string[] =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-')).sort();

/** GraphQL’s envelope, with a request id, and no vendor heard of it. */
function expectEnvelope({ status, headers, text }: Reply, expected: number, code: string): void {
  expect(status).toBe(expected);
  expect(headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
  expect(headers.get('x-request-id')).toMatch(/^[\w.-]{1,64}$/);
  const body = JSON.parse(text) as { errors: { message: string; extensions: { code: string } }[] };
  expect(Object.keys(body)).toEqual(['errors']);
  expect(body.errors.map(({ extensions }) => extensions.code)).toEqual([code]);
  expect(app.vendorCalls()).toEqual([]);
}

describe('CORS', () => {
  it.each([CONSOLE, 'http://localhost:3000'])(
    'allows a configured origin to read responses: %s',
    async (origin) => {
      const reply = await post('{ __typename }', { origin });
      expect(reply.status).toBe(200);
      expect(reply.headers.get('access-control-allow-origin')).toBe(origin);
      expect(reply.headers.get('vary')).toMatch(/origin/i);
      // Tokens are sent by scripts that have them, never by the browser itself.
      expect(reply.headers.get('access-control-allow-credentials')).toBeNull();
    },
  );

  it('allows a configured origin to read refusals', async () => {
    const { status, headers } = await app.send({
      method: 'POST',
      headers: { ...JSON_TYPE, origin: CONSOLE },
      body: JSON.stringify({ query: STAFF }),
    });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([401, CONSOLE]);
  });

  it.each([
    'https://console.example.com.evil.example',
    'https://evil.example',
    'http://console.example.com',
    'https://console.example.com:8443',
    'https://CONSOLE.example.com',
    'null',
    '*',
  ])('does not allow another origin: %s', async (origin) => {
    const reply = await post('{ __typename }', { origin });
    expect(reply.headers.get('access-control-allow-origin')).toBeNull();
    const asked = await app.send({
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('answers the preflight request with its maximum age and the allowed headers', async () => {
    const { status, headers } = await app.send({
      method: 'OPTIONS',
      headers: {
        origin: CONSOLE,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-request-id',
      },
    });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(CONSOLE);
    expect(headers.get('access-control-allow-methods')).toMatch(/\bPOST\b/);
    expect(headers.get('access-control-allow-headers')).toBe('authorization,content-type,x-request-id');
    expect(headers.get('access-control-max-age')).toBe('600');
    expect(app.vendorCalls()).toEqual([]);
  });

  it('adds no headers without an origin', async () => {
    expect((await post('{ __typename }')).headers.get('access-control-allow-origin')).not.toBe('*');
  });

  it('allows nothing without a list of origins', async () => {
    const closed = await startSecured();
    const headers = { ...JSON_TYPE, origin: CONSOLE };
    const answered = await closed.send({ method: 'POST', headers, body: '{"query":"{ __typename }"}' });
    const asked = await closed.send({
      method: 'OPTIONS',
      headers: { origin: CONSOLE, 'access-control-request-method': 'POST' },
    });
    expect([cors(answered), cors(asked)]).toEqual([[], []]);
    expect(asked.status).toBeGreaterThanOrEqual(400);
    await closed.close();
  });
});

describe('HTTP connections', () => {
  it('have a keep-alive timeout above that of load balancers', async () => {
    const head = await raw('GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: keep-alive\r\n\r\n');
    expect(head).toMatch(/^connection: keep-alive\r$/im);
    expect(Number(/^keep-alive: timeout=(\d+)/im.exec(head)?.[1])).toBeGreaterThan(60);
  });

  it('serve several requests in sequence', async () => {
    const one = 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n';
    const answers = await raw(one + one.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'));
    expect(answers.match(/HTTP\/1\.1 200 /g)).toHaveLength(2);
  });

  it('have a timeout for headers and body', () => {
    const { server } = createHttpServer({ requestBytes: 1024 });
    const { headersTimeout, requestTimeout, keepAliveTimeout, timeout } = server;
    expect(headersTimeout).toBeGreaterThan(0);
    expect(headersTimeout).toBeLessThanOrEqual(20_000);
    expect(requestTimeout).toBeGreaterThan(0);
    expect(requestTimeout).toBeLessThanOrEqual(15_000);
    expect(keepAliveTimeout).toBeGreaterThan(60_000);
    // An answer may take as long as its operation: no limit on silence.
    expect(timeout).toBe(0);
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['a head without end', `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(40_000)}\r\n\r\n`],
    [
      'two lengths',
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd',
    ],
    [
      'a length beside chunks',
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
  ])('that send %s are refused and closed', async (_what, bytes) => {
    expect(await raw(bytes)).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(app.vendorCalls()).toEqual([]);
    expect((await beside('/healthz')).status).toBe(200);
  });
});

describe('GET requests (CSRF prevention)', () => {
  it('run a query, with variables and an operation name', async () => {
    const query = 'query One($id: ID!) { account(id: $id) { id } } query Two { __typename }';
    const search = new URLSearchParams({ query, operationName: 'One', variables: '{"id":"contoso"}' });
    const { status, data } = await app.send({ headers: { ...auth, ...JSON_TYPE } }, `?${search.toString()}`);
    expect([status, at(data, 'account.id')]).toEqual([200, 'contoso']);
  });

  it('never run a mutation', async () => {
    const reply = await get(RESEND);
    expectEnvelope(reply, 405, 'BAD_REQUEST');
    expect(reply.headers.get('allow')).toBe('POST');
    expect(app.emulators.wix.mails).toEqual([]);
  });

  it.each([
    ['no header of its own', {}],
    ['a type that forms have', { 'content-type': 'text/plain' }],
    ['another type that forms have', { 'content-type': 'multipart/form-data; boundary=x' }],
  ])('are refused with %s: any page can make a browser send it', async (_what, headers) => {
    expectEnvelope(await get(STAFF, headers), 400, 'BAD_REQUEST');
  });

  it.each([{ 'apollo-require-preflight': 'yes' }, { 'x-apollo-operation-name': 'Staff' }])(
    'are answered with a header that requires a preflight request: %j',
    async (headers) => {
      expect((await get('{ __typename }', headers)).status).toBe(200);
    },
  );
});

describe('GraphQL error format of refusals', () => {
  const send = (body: string, headers: Readonly<Record<string, string>> = JSON_TYPE) =>
    app.send({ method: 'POST', headers: { ...auth, ...headers }, body });

  it.each([
    ['a batch', JSON.stringify([{ query: STAFF }, { query: RESEND }]), JSON_TYPE, 400],
    ['a batch of writes', JSON.stringify([{ query: RESEND }]), JSON_TYPE, 400],
    ['JSON that is none', '{"query":', JSON_TYPE, 400],
    ['another type', JSON.stringify({ query: STAFF }), { 'content-type': 'text/csv' }, 415],
    ['a body that is too large', JSON.stringify({ query: STAFF, x: 'x'.repeat(300_000) }), JSON_TYPE, 413],
  ])('is used for %s', async (_what, body, headers, status) => {
    expectEnvelope(await send(body, headers), status, 'BAD_REQUEST');
    expect(app.emulators.wix.mails).toEqual([]);
  });

  it.each(['/nowhere', '/graphql/', '/GraphQL', '/metrics/x', '/', '/graphql%00'])(
    'is used for %s, where nothing exists',
    async (path) => {
      const response = await beside(path);
      const body = (await response.json()) as { errors: { message: string }[] };
      expect(response.status).toBe(404);
      expect(body.errors).toHaveLength(1);
      expect(response.headers.get('x-request-id')).toMatch(/^[\w.-]{1,64}$/);
    },
  );

  it('includes www-authenticate for a missing or invalid token', async () => {
    for (const authorization of ['', 'Bearer a.b.c']) {
      const reply = await post(STAFF, { authorization });
      expectEnvelope(reply, 401, 'UNAUTHENTICATED');
      expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer\b/);
    }
  });

  it('includes the correlation id of the request', async () => {
    for (const body of ['{', '[]', JSON.stringify({ query: '{' })]) {
      const { headers } = await send(body, { ...JSON_TYPE, 'x-request-id': 'mine-1' });
      expect(headers.get('x-request-id')).toBe('mine-1');
    }
  });
});

describe('health check, readiness and other HTTP methods', () => {
  it.each(['/healthz', '/readyz', '/metrics'])('HEAD %s returns the headers only', async (path) => {
    const response = await beside(path, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(response.headers.get('x-request-id')).toMatch(/^[\w.-]{1,64}$/);
  });

  it('HEAD of the endpoint changes nothing and has no body', async () => {
    const response = await fetch(`${app.app.url}?query=${encodeURIComponent(RESEND)}`, {
      method: 'HEAD',
      headers: { ...auth, ...JSON_TYPE },
    });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await response.text()).toBe('');
    expect(app.vendorCalls()).toEqual([]);
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s never runs an operation', async (method) => {
    const body = method === 'OPTIONS' ? {} : { body: JSON.stringify({ query: RESEND }) };
    const reply = await app.send({ method, headers: { ...auth, ...JSON_TYPE }, ...body });
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(app.vendorCalls()).toEqual([]);
  });

  it.each(['/healthz', '/readyz', '/metrics'])('POST %s is not found', async (path) => {
    expect((await beside(path, { method: 'POST' })).status).toBe(404);
  });
});

/** What is answered to these very bytes, up to the end of the connection or of the first answer that keeps it. */
function raw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(app.app.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(bytes);
    });
    const done = (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .on('data', (chunk: Buffer) => {
        answer += chunk.toString('latin1');
        const stays = /^connection: keep-alive/im.test(answer) && !bytes.includes('connection: close');
        if (stays && answer.includes('\r\n\r\n{')) done();
      })
      .on('error', reject)
      .on('close', done);
  });
}
