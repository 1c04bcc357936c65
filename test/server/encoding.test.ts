import { connect } from 'node:net';
import { brotliCompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { type Dispatcher, request } from 'undici';
import { closeAll } from '../support/close-all';
import { type Secured, startSecured } from '../support/secured';
import { seconds } from '../support/tokens';

const QUERY = JSON.stringify({ query: '{ __typename }' });
const LIST = JSON.stringify({
  query: '{ staffMembers(first: 100) { nodes { id name email status account { id name } } } }',
});
const REQUEST_BYTES = 100_000;

let app: Secured;
let auth: Readonly<Record<string, string>>;
beforeAll(async () => {
  app = await startSecured({ server: { landingPage: true }, limits: { requestBytes: REQUEST_BYTES } });
  auth = {
    'content-type': 'application/json',
    authorization: `Bearer ${await app.signer.sign({ exp: seconds(3600) })}`,
  };
});
afterAll(() => closeAll(app));

const post = async (
  body: string | Buffer,
  headers = {},
): Promise<Dispatcher.ResponseData & { bytes: Buffer }> => {
  const response = await request(app.app.url, { method: 'POST', headers: { ...auth, ...headers }, body });
  return { ...response, bytes: Buffer.from(await response.body.arrayBuffer()) };
};
const codeIn = (bytes: Buffer): unknown =>
  (JSON.parse(bytes.toString()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code;

describe('content-encoding of a request', () => {
  it.each([
    ['gzip', gzipSync(QUERY)],
    ['GZip', gzipSync(QUERY)],
    ['x-gzip', gzipSync(QUERY)],
    ['identity', Buffer.from(QUERY)],
    ['gzip', Buffer.concat([gzipSync(QUERY.slice(0, 8)), gzipSync(QUERY.slice(8))])],
  ])('%s is read', async (encoding, body) => {
    const { statusCode, bytes } = await post(body, { 'content-encoding': encoding });
    expect([statusCode, bytes.toString()]).toEqual([200, '{"data":{"__typename":"Query"}}\n']);
  });

  it.each([
    ['br', brotliCompressSync(QUERY)],
    ['deflate', Buffer.from(QUERY)],
    ['zstd', Buffer.from(QUERY)],
    ['gzip, gzip', gzipSync(gzipSync(QUERY))],
    ['nonsense', Buffer.from(QUERY)],
  ])('%s is refused with 415', async (encoding, body) => {
    const { statusCode, headers, bytes } = await post(body, { 'content-encoding': encoding });
    expect([statusCode, codeIn(bytes), headers['accept-encoding']]).toEqual([415, 'BAD_REQUEST', 'gzip']);
  });

  it.each([
    ['what is none', Buffer.from(QUERY)],
    ['half of it', gzipSync(QUERY).subarray(0, 20)],
    ['nothing', Buffer.alloc(0)],
  ])('gzip of %s is refused with 400', async (_what, body) => {
    const { statusCode, bytes } = await post(body, { 'content-encoding': 'gzip' });
    expect([statusCode, codeIn(bytes)]).toEqual([400, 'BAD_REQUEST']);
  });

  it('gzip is counted after decompression, to the byte', async () => {
    const sized = (bytes: number) => QUERY + ' '.repeat(bytes - QUERY.length);
    const gzip = { 'content-encoding': 'gzip' };
    expect((await post(gzipSync(sized(REQUEST_BYTES)), gzip)).statusCode).toBe(200);
    const { statusCode, bytes } = await post(gzipSync(sized(REQUEST_BYTES + 1)), gzip);
    expect([statusCode, codeIn(bytes)]).toEqual([413, 'BAD_REQUEST']);
  });

  it('gzip that becomes huge is stopped while it is decompressed', async () => {
    const bomb = gzipSync(Buffer.alloc(64 << 20, ' '));
    expect(bomb.length).toBeLessThan(REQUEST_BYTES);
    const before = process.memoryUsage().rss;
    for (let times = 0; times < 5; times++) {
      const { statusCode, bytes } = await post(bomb, { 'content-encoding': 'gzip' });
      expect([statusCode, codeIn(bytes)]).toEqual([413, 'BAD_REQUEST']);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(64 << 20);
    expect((await post(QUERY)).statusCode).toBe(200);
  });
});

describe('content-encoding of a response', () => {
  it('is gzip where the client accepts it and it pays, on the first answer and on the n-th', async () => {
    for (let times = 0; times < 4; times++) {
      const plain = await post(LIST);
      const packed = await post(LIST, { 'accept-encoding': 'br, gzip;q=0.8' });
      expect(plain.headers['content-encoding']).toBeUndefined();
      expect(packed.headers['content-encoding']).toBe('gzip');
      expect(packed.headers['vary']).toMatch(/accept-encoding/i);
      expect(gunzipSync(packed.bytes).toString()).toBe(plain.bytes.toString());
      expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 3);
    }
  });

  it.each(['identity', 'br', 'gzip;q=0', 'deflate', '', ';;;'])(
    'is none for a client that accepts %j',
    async (accept) => {
      const { statusCode, headers } = await post(LIST, { 'accept-encoding': accept });
      expect([statusCode, headers['content-encoding']]).toEqual([200, undefined]);
    },
  );

  it('is none for a small answer', async () => {
    const { headers } = await post(QUERY, { 'accept-encoding': 'gzip' });
    expect(headers['content-encoding']).toBeUndefined();
  });
});

describe('a method that GraphQL has no use for', () => {
  it.each(['PUT', 'DELETE', 'PATCH', 'TRACE'] as const)(
    '%s is 405 with Allow, whatever its body',
    async (method) => {
      for (const body of method === 'TRACE' ? [null] : [null, QUERY, '{', 'x'.repeat(REQUEST_BYTES + 1)]) {
        const {
          statusCode,
          headers,
          body: answer,
        } = await request(app.app.url, { method, headers: auth, body });
        const bytes = Buffer.from(await answer.arrayBuffer());
        expect([statusCode, headers['allow'], codeIn(bytes)]).toEqual([405, 'GET, POST', 'BAD_REQUEST']);
        expect(headers['x-request-id']).toBeDefined();
      }
    },
  );
});

describe('bytes that Node.js cannot read as a request', () => {
  it.each([
    [431, `GET /graphql HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(40_000)}\r\n\r\n`],
    [431, `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${'a'.repeat(20_000)}\r\n\r\n`],
    [400, 'hello\r\n\r\n'],
    [400, 'GET / HTTP/9.9\r\n\r\n'],
    [400, 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd'],
    [400, 'POST /graphql HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzzz\r\n'],
  ])('are answered with %i in the envelope of GraphQL: %j', async (status, bytes) => {
    const answer = await raw(bytes);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head).toMatch(/^x-request-id: [\w-]{36}\r$/im);
    expect(head).toMatch(/^content-type: application\/json/im);
    expect(codeIn(Buffer.from(body))).toBe('BAD_REQUEST');
  });
});

describe('security headers', () => {
  it.each([
    '/',
    '/explorer/bundled.html',
    '/explorer/altair/index.html',
    '/explorer/altair/main.js',
    '/explorer/examples.json',
    '/explorer/icon.svg',
    '/explorer/nothing',
    '/graphql',
    '/healthz',
    '/readyz',
    '/metrics',
    '/nowhere',
    '/%',
  ])('stand on %s: no other page may frame it, and its type is what it says', async (path) => {
    const { headers, body } = await request(app.app.url.replace('/graphql', path));
    await body.dump();
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toMatch(/frame-ancestors '(none|self)'/);
    expect(headers['content-security-policy']).toMatch(/default-src 'none'/);
    expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*'unsafe/);
  });
});

/** What is answered to these very bytes. */
function raw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(app.app.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(bytes);
    });
    socket
      .on('data', (chunk: Buffer) => {
        answer += chunk.toString('latin1');
      })
      .on('error', (error: NodeJS.ErrnoException) => {
        // The rest of what was sent may meet a closed connection.
        if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
      })
      .on('close', () => {
        resolve(answer);
      });
  });
}
