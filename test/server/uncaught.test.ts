import { join } from 'node:path';
import { at } from '../support/at';
import { closeAll } from '../support/close-all';
import { SEED_INVITES } from '../support/seed-ids';
import { waitFor } from '../support/wait-for';
import { readLine } from '../support/process';
import { LEDGER_FILE, type Served, startServed } from '../support/served';
import { openSecondConnection } from '../support/database-failures';

const PRELOAD = [join(__dirname, '..', 'support', 'preload', 'uncaught-errors.cjs')];
/** Longer than an attempt may be under way. */
const LATER_MS = 60_000;
const resending = (id: string): string =>
  `mutation { answer: resendInvite(input: { inviteId: "${id}", idempotencyKey: "once" }) {
    outcome attempt { outcome } userErrors { code } } }`;

let app: Served;
afterEach(() => closeAll(app));

it.each([
  'throw',
  'throw no error',
  'reject',
  'reject with no error',
  'throw a message that looks like a stack',
])('uncaught error: ends the process with one log line that quotes nothing of it: %s', async (mistake) => {
  app = await startServed({ preload: PRELOAD, env: { TEST_UNCAUGHT_ERROR: mistake } });
  expect((await app.ask('{ __typename }')).status).toBe(200);
  app.process.signal('SIGUSR2');
  expect(await app.process.ended).toBe(1);
  const lines = app.process.stdout.map(readLine);
  expect(lines.filter(({ level }) => Number(level) >= 50)).toEqual([
    { level: 60, time: expect.any(Number) as number, error: expect.anything() as unknown, msg: 'uncaught' },
  ]);
  expect(app.process.stderr).toEqual([]);
  expect(app.process.stdout.join('\n')).not.toContain('CANARY');
});

it('uncaught error: is logged with its kind and its place', async () => {
  app = await startServed({ preload: PRELOAD, env: { TEST_UNCAUGHT_ERROR: 'throw' } });
  app.process.signal('SIGUSR2');
  const { error } = await app.process.logged({ msg: 'uncaught' });
  expect(error).toEqual({
    kind: 'Error',
    at: expect.arrayContaining([expect.stringMatching(/^\s+at .*uncaught-errors\.cjs:\d+/)]) as string[],
  });
});

it.each([
  // SoftwareOne tells when it last sent; the others cannot be asked.
  ['ecwid', SEED_INVITES.ecwid.pending, { outcome: 'UNKNOWN', code: 'OUTCOME_UNKNOWN' }],
  ['wix', SEED_INVITES.wix.pending, { outcome: 'UNKNOWN', code: 'OUTCOME_UNKNOWN' }],
  ['softwareone', SEED_INVITES.softwareone.pending, { outcome: 'REQUESTED', code: undefined }],
] as const)(
  'crash recovery: reports a write in flight with its true outcome, and does not repeat it: %s',
  async (vendor, id, { outcome, code }) => {
    app = await startServed({ preload: PRELOAD, env: { TEST_UNCAUGHT_ERROR: 'throw' } });
    const { faults, mails } = app.emulators[vendor];
    faults.add({ kind: 'latency', ms: 10_000, route: 'POST *' });
    const answer = app.ask(resending(id)).catch(() => 'no answer');
    await waitFor(() => app.emulators[vendor].requests.some(({ method }) => method === 'POST'));
    app.process.signal('SIGUSR2');
    expect(await app.process.ended).toBe(1);
    expect(await answer).toBe('no answer');

    faults.clear();
    passTime(join(app.folder, LEDGER_FILE), LATER_MS);
    await app.restart();
    const { data } = await app.ask(resending(id), { token: await app.signer.sign() });
    expect(at(data, 'answer')).toEqual({
      outcome,
      attempt: { outcome },
      userErrors: code === undefined ? [] : [{ code }],
    });
    const again = await app.ask(resending(id));
    expect(at(again.data, 'answer')).toEqual(at(data, 'answer'));
    expect(app.emulators[vendor].requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(mails).toHaveLength(1);
  },
);

/** Lets time pass for a ledger whose process has ended: its clock is its own, no wall clock moves it. */
function passTime(file: string, ms: number): void {
  const database = openSecondConnection(`sqlite:${file}`);
  database.exec(`update ledger_clock set zero = zero + ${ms}`);
  database.close();
}
