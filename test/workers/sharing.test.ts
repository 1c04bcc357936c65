import type { Fault, SeenRequest } from '../../src/emulators/start';
import { SEED_INVITES } from '../support/seed-ids';
import { at, textsAt } from '../support/at';
import { waitFor } from '../support/wait-for';
import { endAll, startWorkers, type Told, type Workers } from './stage';

afterEach(endAll);

const FRESH = { 'cache-control': 'no-cache' };
const CONTOSO =
  '{ staffMembers(first: 5, filter: { accountIds: ["contoso"] }) { sources { state code retryAt } } }';

const callsTo = (app: Workers): readonly SeenRequest[] => app.emulators.softwareone.requests;
const isPost = ({ method }: SeenRequest): boolean => method === 'POST';
const stateOf = ({ data }: Told): string | undefined => textsAt(data, 'staffMembers.sources.*.state')[0];
const codeOf = ({ data }: Told): string | undefined => textsAt(data, 'staffMembers.sources.*.code')[0];

async function startTroubled(fault: Fault): Promise<Workers> {
  const app = await startWorkers(3);
  app.emulators.softwareone.faults.add({ account: 'contoso', ...fault });
  return app;
}

describe('workers share state', () => {
  it('all keep the pause that one of them got from a vendor, including a worker that starts meanwhile (rate limit)', async () => {
    const app = await startTroubled({
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '15' },
      times: 1,
    });
    const first = await app.askOf(1, CONTOSO, FRESH);
    expect(codeOf(first)).toEqual('THROTTLED');
    const retryAt = Date.parse(textsAt(first.data, 'staffMembers.sources.*.retryAt')[0] ?? '');
    await app.askAll(CONTOSO, FRESH);
    await app.replace(2);
    const heard = new Map<number, unknown>();
    for (let asked = 0; asked < 12; asked++) {
      const told = await app.askAnew(CONTOSO, FRESH);
      heard.set(told.worker, codeOf(told));
    }
    expect(Object.fromEntries(heard)).toEqual({ 1: 'THROTTLED', 2: 'THROTTLED', 3: 'THROTTLED' });
    expect(callsTo(app)).toHaveLength(1);
    expect(Date.now()).toBeLessThan(retryAt);

    // A pause ends on each worker for itself, by when it learned of it.
    for (const worker of [1, 2, 3])
      await waitFor(async () => stateOf(await app.askOf(worker, CONTOSO, FRESH)) === 'FRESH');
    const seen = callsTo(app).map(({ at: when }) => Date.parse(when));
    expect(seen.length).toBeGreaterThanOrEqual(4);
    expect(seen.slice(1).filter((when) => when < Number(seen[0]) + 15_000)).toEqual([]);
  });

  it('all stop using a credential that one of them was refused with, including a worker that starts later', async () => {
    const app = await startTroubled({ kind: 'status', status: 401 });
    await app.askOf(1, CONTOSO, FRESH);
    const calls = callsTo(app).length;
    await app.askAll(CONTOSO, FRESH);
    await app.replace(3);
    await app.askOf(3, CONTOSO, FRESH);
    expect([calls, callsTo(app).length]).toEqual([1, 1]);
  });

  it('drop cached reads of an account after a write in one of them (read cache)', async () => {
    const app = await startWorkers(3, { limits: { cacheTtl: '1m' } });
    const read = `{ invite(id: "${SEED_INVITES.softwareone.pending}") { status expiresAt } }`;
    await app.askAll(read);
    // Each of them once.
    expect(callsTo(app)).toHaveLength(3);
    await app.askAll(read);
    expect(callsTo(app)).toHaveLength(3);

    const written = await app.askAnew(
      `mutation { resendInvite(input: { inviteId: "${SEED_INVITES.softwareone.pending}" }) { outcome } }`,
    );
    expect(at(written.data, 'resendInvite.outcome')).toBe('REQUESTED');
    const after = callsTo(app).length;
    await app.askAll(read);
    expect(callsTo(app)).toHaveLength(after + 3);
  });

  it.each(['with one key', 'without a key'])(
    'send one email for fifty concurrent calls, %s (concurrency)',
    async (how) => {
      const app = await startWorkers(3);
      const key = how === 'with one key' ? ', idempotencyKey: "click-1"' : '';
      const document = `mutation { resendInvite(input: { inviteId: "${SEED_INVITES.softwareone.pending}"${key} }) { outcome } }`;
      const told = await Promise.all(Array.from({ length: 50 }, () => app.askAnew(document)));
      expect(new Set(told.map(({ worker }) => worker)).size).toBe(3);
      expect(callsTo(app).filter(isPost)).toHaveLength(1);
      expect(app.emulators.softwareone.mails).toHaveLength(1);
      expect(told.map(({ data }) => at(data, 'resendInvite.outcome'))).toContain('REQUESTED');
    },
  );
});
