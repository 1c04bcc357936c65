import { createServer } from 'node:net';
import { SEED_INVITES } from '../support/seed-ids';
import { waitFor } from '../support/wait-for';
import type { SeenRequest } from '../../src/emulators/start';
import { at } from '../support/at';
import { endAll, post, startWorkers, type Workers } from './stage';

afterEach(endAll);

const WRITES = [
  ['resendInvite', SEED_INVITES.ecwid.pending],
  ['revokeInvite', SEED_INVITES.ecwid.alsoPending],
  ['resendInvite', SEED_INVITES.wix.pending],
  ['sendNewInvite', SEED_INVITES.wix.expired],
  ['resendInvite', SEED_INVITES.softwareone.pending],
  ['sendNewInvite', SEED_INVITES.softwareone.expired],
] as const;

const mutation = (field: string, id: string): string =>
  `mutation { answer: ${field}(input: { inviteId: "${id}" }) { outcome } }`;
const isWrite = ({ method, path }: SeenRequest): boolean => method !== 'GET' && !path.endsWith('/query');
const writesOf = (app: Workers): SeenRequest[] => app.vendorCalls().filter(isWrite);
const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

type Answer = ReturnType<typeof post>;

/** Sends a write of each kind to slow vendors, and waits until all of them are with their vendor. */
async function startWriting(app: Workers): Promise<Answer[]> {
  for (const vendor of [app.emulators.ecwid, app.emulators.softwareone, app.emulators.wix])
    vendor.faults.add({ kind: 'latency', ms: 800 });
  const authorization = `Bearer ${app.token}`;
  const told = WRITES.map(([field, id]) => post(app.url, { query: mutation(field, id) }, { authorization }));
  await waitFor(() => writesOf(app).length === WRITES.length);
  return told;
}

async function expectAllDone(app: Workers, told: readonly Answer[]): Promise<void> {
  const answers = await Promise.all(told);
  expect(answers.map(({ body }) => at(body, 'data.answer.outcome'))).toEqual(WRITES.map(() => 'REQUESTED'));
  expect(writesOf(app)).toHaveLength(WRITES.length);
}

/** Whether somebody else can have the port. */
const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
      .on('error', () => {
        resolve(false);
      })
      .listen(port, '127.0.0.1', () => {
        server.close(() => {
          resolve(true);
        });
      });
  });

describe('graceful shutdown of workers', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('answers accepted writes: %s', async (signal) => {
    const app = await startWorkers(3);
    const told = await startWriting(app);
    app.process.signal(signal);
    await waitFor(async () => {
      const ready = await app.get('/readyz').catch(() => ({ status: 0 }));
      return ready.status !== 200;
    });
    await expectAllDone(app, told);
    expect(await app.process.ended).toBe(0);
    expect(app.process.stderr).toEqual([]);
    expect(app.process.stdout.join('\n')).not.toMatch(/gave up|has ended/);
  });

  it('treats Ctrl-C, which reaches every process, as one signal', async () => {
    const app = await startWorkers(3);
    const told = await startWriting(app);
    for (const pid of [app.process.pid, ...[1, 2, 3].map(app.pidOf)]) process.kill(pid, 'SIGINT');
    await expectAllDone(app, told);
    expect(await app.process.ended).toBe(0);
  });

  it('exits at once on a second signal to the primary', async () => {
    const app = await startWorkers(2, { limits: { writeTimeout: '60s', operationDeadline: '60s' } });
    app.emulators.wix.faults.add({ kind: 'hang' });
    const answer = app.askAnew(mutation('resendInvite', SEED_INVITES.wix.pending)).catch(() => 'no answer');
    await waitFor(() => writesOf(app).length === 1);
    const pids = [1, 2].map(app.pidOf);
    app.process.signal('SIGTERM');
    await app.process.logged({ msg: 'stopping', signal: 'SIGTERM' });
    app.process.signal('SIGTERM');
    expect(await app.process.ended).toBe(1);
    expect(await answer).toBe('no answer');
    await waitFor(() => !pids.some(isRunning));
  });

  it('follows kill -9 of the primary: running operations are answered, and the port is free', async () => {
    const app = await startWorkers(3);
    const port = Number(new URL(app.url).port);
    const pids = [1, 2, 3].map(app.pidOf);
    const told = await startWriting(app);
    app.process.signal('SIGKILL');
    await waitFor(() => isFree(port));
    await expectAllDone(app, told);
    await waitFor(() => !pids.some(isRunning));
    await app.restart({ args: ['--workers', '2'] });
    const attempts = await Promise.all(
      WRITES.map(([, id]) => app.askAnew(`{ invite(id: "${id}") { attempts { outcome } } }`)),
    );
    expect(attempts.map(({ data }) => at(data, 'invite.attempts.*.outcome'))).toEqual(
      WRITES.map(() => ['REQUESTED']),
    );
    expect(writesOf(app)).toHaveLength(WRITES.length);
  });
});
