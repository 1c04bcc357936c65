import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { closeAll } from '../support/close-all';
import { type Secured, startSecured } from '../support/secured';
import { seconds } from '../support/tokens';

let app: Secured;
let token: string;
let sockets: Socket[] = [];
beforeAll(async () => {
  app = await startSecured({ limits: { requestBytes: 1 << 20, connections: 400 } });
  token = await app.signer.sign({ exp: seconds(3600) });
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
});
afterAll(() => closeAll(app));

/** Opens a connection and sends what is given; the answer grows in `text`. */
async function send(
  request: string,
): Promise<{ socket: Socket; text: () => string; closed: Promise<unknown> }> {
  const { hostname, port } = new URL(app.app.url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  socket.write(request);
  return { socket, text: () => text, closed };
}

/** The head of a POST, without the body that it announces. */
const head = (headers: Readonly<Record<string, string | number>>): string =>
  [
    'POST /graphql HTTP/1.1',
    'host: rollcall',
    'content-type: application/json',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ].join('\r\n') + '\r\n\r\n';

const answered = async (text: () => string, parts = 1): Promise<string> => {
  while (text().split('HTTP/1.1 ').length - 1 < parts || !text().includes('\r\n\r\n'))
    await new Promise((resolve) => setTimeout(resolve, 10));
  return text();
};

describe('a request body', () => {
  it.each([
    ['of a known length', { 'content-length': 200_000 }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
    ['that is to be continued', { 'content-length': 200_000, expect: '100-continue' }],
  ])('%s is not waited for before the caller is known', async (_how, headers) => {
    const { text, closed } = await send(head(headers));
    const answer = (await answered(text, 'expect' in headers ? 2 : 1)).replace(
      'HTTP/1.1 100 Continue\r\n\r\n',
      '',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toMatch(/www-authenticate: Bearer/i);
    expect(answer).toContain('"code":"UNAUTHENTICATED"');
    // The body does not end, so the connection does.
    await closed;
  });

  it('that was sent whole leaves the connection open after a refusal', async () => {
    const body = JSON.stringify({ query: '{ __typename }' });
    const { socket, text } = await send(head({ 'content-length': body.length }) + body);
    expect(await answered(text)).toMatch(/^HTTP\/1\.1 401 /);
    socket.write(head({ 'content-length': body.length, authorization: `Bearer ${token}` }) + body);
    expect(await answered(text, 2)).toMatch(/HTTP\/1\.1 200 /);
  });

  it('has room among those of other callers, and one caller has half of the room at most', async () => {
    const other = await app.signer.sign({ sub: 'grace', exp: seconds(3600) });
    const large = (bearer: string) => head({ 'content-length': 1 << 20, authorization: `Bearer ${bearer}` });
    const open = await Promise.all(Array.from({ length: 16 }, () => send(large(token))));
    // Each of the sixteen has its room once the next request of the same caller has none.
    const refused = await send(large(token));
    const answer = await answered(refused.text);
    expect(answer).toMatch(/^HTTP\/1\.1 429 /);
    expect(answer).toMatch(/retry-after: 1/i);
    expect(answer).toContain('"code":"TOO_MANY_REQUESTS"');
    expect(open.map(({ text }) => text())).toEqual(open.map(() => ''));
    expect((await app.ask('{ __typename }', { token: other })).status).toBe(200);

    await Promise.all(Array.from({ length: 15 }, () => send(large(other))));
    const third = await app.signer.sign({ sub: 'alan', exp: seconds(3600) });
    await Promise.all(Array.from({ length: 1 }, () => send(large(third))));
    const full = await send(large(third));
    const busy = await answered(full.text);
    expect(busy).toMatch(/^HTTP\/1\.1 503 /);
    expect(busy).toMatch(/retry-after: 1/i);

    for (const socket of sockets) socket.destroy();
    for (;;) {
      const { status } = await app.ask(`{ __typename } #${'x'.repeat(20_000)}`, { token });
      if (status === 200) break;
    }
  });
});

describe('connections', () => {
  it('with more than a hundred requests waiting are closed', async () => {
    const body = JSON.stringify({ query: '{ staffMembers(first: 1) { nodes { id } } }' });
    const one = head({ 'content-length': body.length, authorization: `Bearer ${token}` }) + body;
    const many = await send(one.repeat(150));
    await many.closed;
    expect(many.text().split('HTTP/1.1 200').length - 1).toBeLessThanOrEqual(100);
    const few = await send(one.repeat(50));
    expect((await answered(few.text, 50)).split('HTTP/1.1 200').length - 1).toBe(50);
  });

  it('beyond limits.connections are closed, and those that are open are served', async () => {
    const open: Socket[] = [];
    const refused: Socket[] = [];
    const { hostname, port } = new URL(app.app.url);
    await Promise.all(
      Array.from({ length: 500 }, async () => {
        const socket = connect(Number(port), hostname);
        sockets.push(socket);
        socket.on('error', () => undefined);
        await once(socket, 'connect').catch(() => undefined);
        socket.once('close', () => refused.push(socket));
        open.push(socket);
      }),
    );
    while (refused.length < 100) await new Promise((resolve) => setTimeout(resolve, 10));
    const alive = open.find((socket) => !socket.destroyed && socket.readyState === 'open');
    alive?.write('GET /healthz HTTP/1.1\r\nhost: rollcall\r\n\r\n');
    const answer = alive ? ((await once(alive, 'data')) as unknown[]) : [];
    expect(String(answer[0])).toMatch(/^HTTP\/1\.1 200 /);
    expect(app.logged.join('')).toMatch(/limits\.connections/);
  });
});
