import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { SeenRequest } from '../../src/emulators/start';
import { at } from '../support/at';
import { closeAll } from '../support/close-all';
import { SEED_INVITES } from '../support/seed-ids';
import { waitFor } from '../support/wait-for';
import { type Served, type ServedOptions, startServed } from '../support/served';

/** Two writes for each vendor, by the field that asks for it. */
const WRITES = [
  ['resendInvite', SEED_INVITES.ecwid.pending],
  ['revokeInvite', SEED_INVITES.ecwid.alsoPending],
  ['resendInvite', SEED_INVITES.wix.pending],
  ['sendNewInvite', SEED_INVITES.wix.expired],
  ['resendInvite', SEED_INVITES.softwareone.pending],
  ['sendNewInvite', SEED_INVITES.softwareone.expired],
] as const;
const QUERIES = [
  '{ answer: staffMembers(first: 100) { nodes { id } sources { state } } }',
  '{ answer: account(id: "contoso") { name } }',
];

const started: Served[] = [];
afterEach(async () => {
  await closeAll(started.splice(0));
});

async function start(options: ServedOptions = {}): Promise<Served> {
  const app = await startServed(options);
  started.push(app);
  return app;
}

/** Told to end before all tests, because it takes its time: the other tests run meanwhile. */
let stuck: { readonly app: Served; readonly answer: Promise<unknown> };
beforeAll(async () => {
  const app = await startServed({ limits: { writeTimeout: '60s', operationDeadline: '60s' } });
  app.emulators.wix.faults.add({ kind: 'hang' });
  const answer = app.ask(mutation('resendInvite', SEED_INVITES.wix.pending)).catch(() => 'no answer');
  stuck = { app, answer };
  await waitFor(() => writesOf(app).length === 1);
  app.process.signal('SIGTERM');
});
afterAll(() => closeAll(stuck.app));

const mutation = (field: string, id: string): string =>
  `mutation { answer: ${field}(input: { inviteId: "${id}" }) { outcome userErrors { code } } }`;

const isWrite = ({ method, path }: SeenRequest): boolean => method !== 'GET' && !path.endsWith('/query');
const writesOf = (app: Served): SeenRequest[] => app.vendorCalls().filter(isWrite);

/** Every vendor takes its time. */
function slowDown({ emulators }: Served, ms: number): void {
  for (const vendor of [emulators.ecwid, emulators.softwareone, emulators.wix])
    vendor.faults.add({ kind: 'latency', ms });
}

/** Tells the process to end; resolves when it takes no more connections. */
async function terminate(app: Served): Promise<void> {
  app.process.signal('SIGTERM');
  await waitFor(async () => !(await isOpen(app)));
}

/** Whether a new connection is taken. */
const isOpen = ({ url }: Served): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => {
      resolve(false);
    });
  });

/** What the ledger has on record for an invite. */
async function attemptsOf(app: Served, id: string): Promise<unknown> {
  const { data } = await app.ask('query ($id: ID!) { invite(id: $id) { attempts { verb outcome } } }', {
    variables: { id },
  });
  return at(data, 'invite.attempts');
}

const VERBS = { resendInvite: 'RESEND', revokeInvite: 'REVOKE', sendNewInvite: 'SEND_NEW' } as const;

describe('graceful shutdown', () => {
  it.each([
    ['while their invites are being read', 4],
    ['while their vendors carry them out', 6],
  ])(
    'answers accepted writes, %s, and queries',
    async (_when, reads) => {
      const app = await start();
      slowDown(app, 600);
      // Each reads for itself, so that what the vendors see tells what has been taken.
      const asking = { headers: { 'cache-control': 'no-cache' } };
      let settled = 0;
      const ask = async (query: string) => {
        const reply = await app.ask(query, asking);
        settled++;
        return reply;
      };
      const writes = WRITES.map(([field, id]) => ask(mutation(field, id)));
      // Wix is written to without being read; the other four are read first.
      if (reads === 4) await waitFor(() => app.vendorCalls().length === 6);
      else await waitFor(() => writesOf(app).length === 6);
      const before = app.vendorCalls().length;
      const queries = QUERIES.map(ask);
      await waitFor(() => app.vendorCalls().length >= before + 6);

      await terminate(app);
      expect(settled).toBeLessThan(8);
      const ready = await app.get('/readyz').then(
        ({ status }) => status,
        () => 'no connection',
      );
      expect(ready).not.toBe(200);
      expect((await Promise.all(writes)).map(({ status, data }) => [status, at(data, 'answer')])).toEqual(
        WRITES.map(() => [200, { outcome: 'REQUESTED', userErrors: [] }]),
      );
      const answered = await Promise.all(queries);
      expect(answered.map(({ status, codes }) => [status, codes])).toEqual(QUERIES.map(() => [200, []]));
      expect(at(answered[0]?.data, 'answer.sources.*.state')).toEqual(
        Array.from({ length: 5 }, () => 'FRESH'),
      );
      expect(await app.process.ended).toBe(0);

      expect(writesOf(app)).toHaveLength(6);
      await app.restart();
      const attempts = await Promise.all(WRITES.map(([, id]) => attemptsOf(app, id)));
      expect(attempts).toEqual(WRITES.map(([field]) => [{ verb: VERBS[field], outcome: 'REQUESTED' }]));
      expect(app.process.stderr).toEqual([]);
    },
    60_000,
  );

  it('records the outcome of a write whose client has disconnected', async () => {
    const app = await start();
    slowDown(app, 600);
    const caller = new AbortController();
    const gone = app
      .get('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${app.token}` },
        body: JSON.stringify({ query: mutation('resendInvite', SEED_INVITES.softwareone.pending) }),
        signal: caller.signal,
      })
      .catch(() => 'left');
    await waitFor(() => writesOf(app).length === 1);
    caller.abort();
    expect(await gone).toBe('left');
    await terminate(app);
    expect(await app.process.ended).toBe(0);

    app.emulators.softwareone.faults.clear();
    await app.restart();
    expect(await attemptsOf(app, SEED_INVITES.softwareone.pending)).toEqual([
      { verb: 'RESEND', outcome: 'REQUESTED' },
    ]);
    expect(writesOf(app)).toHaveLength(1);
    expect(app.emulators.softwareone.mails).toHaveLength(1);
  });

  it('waits for a vendor no longer than the write timeout', async () => {
    const app = await start({ limits: { writeTimeout: '1s' } });
    app.emulators.wix.faults.add({ kind: 'hang' });
    const answer = app.ask(mutation('resendInvite', SEED_INVITES.wix.pending));
    await waitFor(() => writesOf(app).length === 1);
    await terminate(app);
    expect(at((await answer).data, 'answer')).toEqual({
      outcome: 'UNKNOWN',
      userErrors: [{ code: 'OUTCOME_UNKNOWN' }],
    });
    expect(await app.process.ended).toBe(0);
    await app.restart();
    expect(await attemptsOf(app, SEED_INVITES.wix.pending)).toEqual([{ verb: 'RESEND', outcome: 'UNKNOWN' }]);
  });

  it('exits after its limit when an operation does not end', async () => {
    const { app, answer } = stuck;
    expect(await app.process.ended).toBe(1);
    expect(await answer).toBe('no answer');
    expect(await app.process.logged({ level: 50 })).toMatchObject({
      msg: 'gave up waiting for what still runs',
    });
    expect(writesOf(app)).toHaveLength(1);
  });

  it.each([
    ['SIGTERM', 'SIGTERM'],
    ['SIGINT', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
  ] as const)('exits at once on a second signal: %s, then %s', async (first, second) => {
    const app = await start({ limits: { writeTimeout: '60s', operationDeadline: '60s' } });
    app.emulators.wix.faults.add({ kind: 'hang' });
    const answer = app.ask(mutation('resendInvite', SEED_INVITES.wix.pending)).catch(() => 'no answer');
    await waitFor(() => writesOf(app).length === 1);
    app.process.signal(first);
    await app.process.logged({ msg: 'stopping', signal: first });
    app.process.signal(second);
    expect(await app.process.ended).toBe(1);
    expect(await answer).toBe('no answer');
    expect(app.process.stdout.join('\n')).not.toContain('gave up');
  });

  it('closes idle keep-alive connections', async () => {
    const app = await start();
    const agent = new Agent({ keepAlive: true });
    const sockets = new Set<Socket>();
    const { hostname, port } = new URL(app.url);
    for (let times = 0; times < 3; times++)
      await new Promise((resolve, reject) => {
        request({ hostname, port, path: '/healthz', agent }, (response) => {
          sockets.add(response.socket);
          response.resume().on('end', resolve);
        })
          .on('error', reject)
          .end();
      });
    // One connection served them all, and is open.
    expect([...sockets].map(({ destroyed }) => destroyed)).toEqual([false]);
    app.process.signal('SIGTERM');
    expect(await app.process.ended).toBe(0);
    await waitFor(() => [...sockets].every(({ destroyed }) => destroyed));
    expect(app.process.stdout.join('\n')).not.toContain('gave up');
    agent.destroy();
  });

  it('does not wait for connections without a complete request', async () => {
    const app = await start();
    const { hostname, port } = new URL(app.url);
    const half =
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{';
    const closed: Promise<void>[] = [];
    await Promise.all(
      ['', half].map((said) => {
        const socket = connect(Number(port), hostname);
        // The one without a token may be refused at once: what is not read would keep the socket from closing.
        socket.resume().on('error', () => undefined);
        closed.push(
          new Promise((resolve) =>
            socket.once('close', () => {
              resolve();
            }),
          ),
        );
        return new Promise<void>((resolve) =>
          socket.write(said, () => {
            resolve();
          }),
        );
      }),
    );
    app.process.signal('SIGTERM');
    expect(await app.process.ended).toBe(0);
    await Promise.all(closed);
    expect(app.process.stdout.join('\n')).not.toContain('gave up');
  });

  it('keeps serving for the drain delay, fails readiness, and closes keep-alive connections', async () => {
    const app = await start({ server: { drainDelay: '3s' } });
    app.process.signal('SIGTERM');
    await waitFor(async () => (await app.get('/readyz')).status === 503);
    const reply = await app.ask(mutation('resendInvite', SEED_INVITES.ecwid.pending));
    expect(at(reply.data, 'answer.outcome')).toBe('REQUESTED');
    expect(reply.headers.get('connection')).toBe('close');
    expect((await app.get('/healthz')).status).toBe(200);
    expect(await app.process.ended).toBe(0);
    expect(await isOpen(app)).toBe(false);
  });

  it('skips the drain delay on a second signal', async () => {
    const app = await start({ server: { drainDelay: '1h' } });
    app.process.signal('SIGTERM');
    await waitFor(async () => (await app.get('/readyz')).status === 503);
    app.process.signal('SIGTERM');
    expect(await app.process.ended).toBe(1);
  });
});
