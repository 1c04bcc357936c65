import { connect, type Socket } from 'node:net';
import { closeAll } from '../support/close-all';
import { type Reply, type Secured, startSecured } from '../support/secured';
import { seconds } from '../support/tokens';

const STAFF = '{ staffMembers(first: 1) { nodes { id } } }';
const SEND = 'mutation { revokeInvite(input: { inviteId: "contoso:AUSR-2750-9914-0362" }) { outcome } }';
const JSON_TYPE = { 'content-type': 'application/json' };

let app: Secured;
let auth: Readonly<Record<string, string>>;
beforeAll(async () => {
  app = await startSecured({ limits: { cacheTtl: '0s', staleTtl: '0s' } });
  auth = { authorization: `Bearer ${await app.signer.sign({ exp: seconds(3600) })}` };
});
beforeEach(() => {
  app.forgetCalls();
});
afterEach(async () => {
  const { status } = await post(JSON.stringify({ query: '{ __typename }' }));
  if (status !== 200) throw new Error(`the process no longer serves: ${status}`);
});
afterAll(() => closeAll(app));

const post = (body: string | Blob, headers: Readonly<Record<string, string>> = JSON_TYPE, path = '') =>
  app.send({ method: 'POST', headers: { ...auth, ...headers }, body }, path);
const get = (query: string, headers: Readonly<Record<string, string>> = JSON_TYPE) =>
  app.send({ headers: { ...auth, ...headers } }, `?query=${encodeURIComponent(query)}`);

/** A refusal in GraphQL's envelope, of which no vendor heard. */
function expectRefusal({ status, headers, text, data, errors }: Reply, statuses: readonly number[]): void {
  expect(statuses).toContain(status);
  expect(headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
  expect([data, errors.length]).toEqual([null, 1]);
  expect(errors[0]?.message).toEqual(expect.any(String));
  expect(errors[0]?.extensions?.['code']).toEqual(expect.stringMatching(/^(BAD_REQUEST|BAD_USER_INPUT)$/));
  expect(text).not.toMatch(/node_modules|\bat .+:\d+|stack/i);
  expect(app.vendorCalls()).toEqual([]);
}

describe('HTTP request body: size limit and content type', () => {
  it('refuses ten megabytes of variables', async () => {
    const search = 'x'.repeat(10 << 20);
    expectRefusal(await post(JSON.stringify({ query: STAFF, variables: { search } })), [413]);
    expectRefusal(await post(JSON.stringify({ query: `${STAFF} #${search}` })), [413]);
  });

  it('refuses a body beyond the limit, and accepts one within it', async () => {
    const sized = (bytes: number) => {
      const body = { query: '{ __typename }', variables: { x: '' } };
      return JSON.stringify({ ...body, variables: { x: 'x'.repeat(bytes - JSON.stringify(body).length) } });
    };
    expect((await post(sized(262_144))).status).toBe(200);
    expectRefusal(await post(sized(262_145)), [413]);
  });

  it('refuses a body beyond the limit without content-length', async () => {
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    const answer = await app
      .send({ method: 'POST', headers: { ...auth, ...JSON_TYPE }, body: stream, duplex: 'half' })
      .catch(() => null);
    if (answer) expectRefusal(answer, [413]);
    expect(app.vendorCalls()).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['half of an object', '{"query":"{ __typename'],
    ['no JSON', 'query { __typename }'],
    ['null', 'null'],
    ['a text', '"{ __typename }"'],
    ['a number', '7'],
    ['an empty list', '[]'],
    ['an empty object', '{}'],
    ['a batch', JSON.stringify([{ query: STAFF }, { query: STAFF }])],
    ['a batch of one', JSON.stringify([{ query: STAFF }])],
    ['a number for a query', '{"query":7}'],
    ['a list for a query', `{"query":["${STAFF}"]}`],
    ['a list for variables', JSON.stringify({ query: STAFF, variables: [1] })],
    ['a text for variables', JSON.stringify({ query: STAFF, variables: 'x' })],
    ['a number for variables', JSON.stringify({ query: STAFF, variables: 7 })],
    ['a number for the operation', JSON.stringify({ query: STAFF, operationName: 7 })],
    ['a list for extensions', JSON.stringify({ query: STAFF, extensions: [1] })],
    ['__proto__ for a key', `{"query":"${STAFF}","__proto__":{"variables":{}}}`],
    ['__proto__ among variables', `{"query":"${STAFF}","variables":{"__proto__":{"first":1}}}`],
    ['__proto__ within a variable', `{"query":"${STAFF}","variables":{"a":[{"__proto__":null}]}}`],
    ['an escaped __proto__', `{"query":"${STAFF}","variables":{"\\u005f_proto__":{"first":1}}}`],
    [
      'a constructor with a prototype',
      `{"query":"${STAFF}","variables":{"constructor":{"prototype":{"a":1}}}}`,
    ],
    ['lists within lists', `{"query":"${STAFF}","variables":${'['.repeat(100_000)}`],
  ])('refuses a body of %s', async (_what, body) => {
    expectRefusal(await post(body), [400]);
    expect(({} as Record<string, unknown>)['first']).toBeUndefined();
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    'application/xml',
    'nonsense',
    'application/json-seq',
  ])('refuses the content type %s', async (type) => {
    expectRefusal(await post(JSON.stringify({ query: STAFF }), { 'content-type': type }), [400, 415]);
  });

  it('refuses a missing content type', async () => {
    const body = new Blob([JSON.stringify({ query: STAFF })]);
    expectRefusal(await post(body, {}), [400, 415]);
  });

  it('refuses a compressed body, or reads it as it is', async () => {
    const reply = await post(JSON.stringify({ query: STAFF }), { ...JSON_TYPE, 'content-encoding': 'gzip' });
    expect(reply.status).toBeLessThan(500);
  });
});

describe('GET requests (CSRF)', () => {
  it('run a query, if no browser can be made to send them cross-site', async () => {
    expect((await get('{ accounts { totalCount } }')).status).toBe(200);
    expectRefusal(await get(STAFF, {}), [400]);
    expectRefusal(await get(STAFF, { 'content-type': 'text/plain' }), [400]);
  });

  it.each([SEND, `query A { __typename } ${SEND.replace('mutation', 'mutation B')}`])(
    'never run a mutation: %s',
    async (query) => {
      const operation = query.startsWith('query') ? '&operationName=B' : '';
      const reply = await app.send(
        { headers: { ...auth, ...JSON_TYPE } },
        `?query=${encodeURIComponent(query)}${operation}`,
      );
      expectRefusal(reply, [405]);
      expect(reply.headers.get('allow')).toBe('POST');
    },
  );

  it.each([
    ['no query', ''],
    ['variables that are no JSON', `?query=${encodeURIComponent(STAFF)}&variables=%7B`],
    ['a list for variables', `?query=${encodeURIComponent(STAFF)}&variables=%5B%5D`],
    ['two queries', '?query=%7Ba%7D&query=%7Bb%7D'],
  ])('are refused with %s', async (_what, path) => {
    expectRefusal(await app.send({ headers: { ...auth, ...JSON_TYPE } }, path), [400]);
  });
});

describe('other HTTP methods and paths', () => {
  it.each(['PUT', 'DELETE', 'PATCH'])('refuse %s', async (method) => {
    const reply = await app.send({
      method,
      headers: { ...auth, ...JSON_TYPE },
      body: JSON.stringify({ query: SEND }),
    });
    expectRefusal(reply, [404, 405]);
  });

  it.each(['/../etc/passwd', '/%2e%2e/x', '/%', '//', '/\u00e9', '/x'.repeat(500)])(
    'answer not found for %s',
    async (path) => {
      expectRefusal(await post(JSON.stringify({ query: STAFF }), JSON_TYPE, path), [400, 404]);
    },
  );
});

describe('correlation id (x-request-id)', () => {
  const idOf = async (id: string): Promise<string | null> =>
    (await post('{"query":"{ __typename }"}', { ...JSON_TYPE, 'x-request-id': id })).headers.get(
      'x-request-id',
    );

  it('is kept when it has only letters, digits, dots, dashes and underscores', async () => {
    expect(await idOf('Az-09._x')).toBe('Az-09._x');
    expect(await idOf('a'.repeat(64))).toBe('a'.repeat(64));
  });

  it.each(['a'.repeat(65), 'a b', 'a/b', 'a,b', '<script>', '"', '{"a":1}', '\u00e9', '..%2f'])(
    'is replaced in any other form: %j',
    async (id) => {
      expect(await idOf(id)).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('is returned with refusals too', async () => {
    expect((await post('', { ...JSON_TYPE, 'x-request-id': 'abc' })).headers.get('x-request-id')).toBe('abc');
    const { headers } = await app.send({ headers: { 'x-request-id': 'abc' } }, '/nowhere');
    expect(headers.get('x-request-id')).toBe('abc');
  });

  it.each(['a\r\nx-evil: 1', 'a\rb', 'a\nx-evil: 1', 'a\u0000b'])(
    'with a line break or a control character adds no response header (header injection, log injection): %j',
    async (id) => {
      const answer = await raw(
        `GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-request-id: ${id}\r\n\r\n`,
      );
      expect(answer.split('\r\n\r\n')[0]).not.toMatch(/^x-evil/im);
      expect(answer).toMatch(/^HTTP\/1\.1 (200|400) /);
    },
  );

  it('is replaced when there are two', async () => {
    const answer = await raw(
      'GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-request-id: a\r\nx-request-id: b\r\n\r\n',
    );
    expect(answer).toMatch(/^x-request-id: [0-9a-f-]{36}\r$/im);
  });
});

/** What is answered to these very bytes. */
function raw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(app.app.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    connect(Number(port), hostname, function (this: Socket) {
      this.write(bytes);
    })
      .on('data', (chunk: Buffer) => {
        answer += chunk.toString('latin1');
      })
      .on('error', reject)
      .on('close', () => {
        resolve(answer);
      });
  });
}
