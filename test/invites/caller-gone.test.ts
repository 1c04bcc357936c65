import type { Rollcall } from '../support/start';
import { SEED_INVITES } from '../support/seed-ids';
import { LEDGERS } from '../support/ledger-pool';
import { useLedgerFixture } from '../support/ledger-fixture';
import { waitFor } from '../support/wait-for';
import { mails, resend, vendorWrites } from '../support/invite-mutations';

const { ecwid, wix, softwareone } = SEED_INVITES;

/** A request whose caller can leave. */
function leavable({ app }: Rollcall, query: string) {
  const caller = new AbortController();
  const gone = fetch(app.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    signal: caller.signal,
  }).then(
    () => 'answered',
    () => 'left',
  );
  return {
    leave: async () => {
      caller.abort();
      // What the server has answered since, it has answered after it saw the connection end.
      const look = () => fetch(app.url.replace('/graphql', '/healthz'));
      await look().then(look).then(look);
      return gone;
    },
  };
}

const resending = (id: string, key = '') =>
  `resendInvite(input: { inviteId: "${id}"${key && `, idempotencyKey: "${key}"`} }) { outcome userErrors { code } }`;

async function attemptsOf(rollcall: Rollcall, id: string): Promise<string[]> {
  const { data } = await rollcall.query(
    'query ($id: ID!) { invite(id: $id) { attempts { verb outcome } } }',
    { id },
  );
  return data?.invite?.attempts?.map(({ verb, outcome }) => `${verb} ${outcome}`) ?? [];
}

describe.each(LEDGERS)('cancellation: a client that disconnects, with the ledger in $kind', ({ open }) => {
  const stage = useLedgerFixture(open);

  it.each([
    ['ecwid', ecwid.pending],
    ['softwareone', softwareone.pending],
  ] as const)('before the write sends nothing: %s', async (vendor, id) => {
    const { rollcall, door } = await stage.startWithHeldAnswers(vendor, ['GET']);
    const caller = leavable(rollcall, `mutation { ${resending(id)} }`);
    await waitFor(() => rollcall.vendorRequests().length === 1);
    expect(await caller.leave()).toBe('left');
    door.release();
    // Whoever closes waits for what runs: after that, nothing more can come.
    await stage.stop(rollcall);
    expect(vendorWrites(rollcall)).toEqual([]);
    expect(mails(rollcall)).toEqual([]);
  });

  it.each([
    ['ecwid', ecwid.pending],
    ['wix', wix.pending],
    ['softwareone', softwareone.pending],
  ] as const)(
    'after the write was sent does not prevent the record of its outcome: %s',
    async (vendor, id) => {
      const { rollcall, door } = await stage.startWithHeldAnswers(vendor, ['POST']);
      const caller = leavable(rollcall, `mutation { ${resending(id, 'left')} }`);
      await waitFor(() => vendorWrites(rollcall).length === 1);
      expect(await caller.leave()).toBe('left');
      door.release();
      await waitFor(async () => (await attemptsOf(rollcall, id)).includes('RESEND REQUESTED'));
      const { outcome } = await resend(rollcall, id, { idempotencyKey: 'left' });
      expect(outcome).toBe('REQUESTED');
      expect(vendorWrites(rollcall)).toHaveLength(1);
      expect(mails(rollcall)).toHaveLength(1);
    },
  );

  it('during the first of three mutations prevents the others', async () => {
    const { rollcall, door } = await stage.startWithHeldAnswers('wix', ['POST']);
    const caller = leavable(
      rollcall,
      `mutation {
        first: ${resending(wix.pending)}
        second: ${resending(wix.alsoPending)}
        third: ${resending(ecwid.pending)}
      }`,
    );
    await waitFor(() => vendorWrites(rollcall).length === 1);
    expect(await caller.leave()).toBe('left');
    door.release();
    await waitFor(async () => (await attemptsOf(rollcall, wix.pending)).includes('RESEND REQUESTED'));
    await stage.stop(rollcall);
    expect(vendorWrites(rollcall)).toHaveLength(1);
    expect(mails(rollcall)).toMatchObject([{ to: 'freya@harbour-cafe.example' }]);
  });
});

describe('deadline of an operation with writes', () => {
  const stage = useLedgerFixture();

  it('that passes before the write sends nothing', async () => {
    const rollcall = await stage.start({ limits: { operationDeadline: '300ms', readTimeout: '2s' } });
    stage.emulators.ecwid.faults.add({ kind: 'latency', ms: 1000, route: 'GET *' });
    const answer = await resend(rollcall, ecwid.pending);
    expect([answer.outcome, answer.attempt]).toEqual(['NOT_SENT', null]);
    await stage.stop(rollcall);
    expect(vendorWrites(rollcall)).toEqual([]);
  });

  it('that passes during the write gives an unknown outcome', async () => {
    const rollcall = await stage.start({ limits: { operationDeadline: '1s', writeTimeout: '5s' } });
    stage.emulators.wix.faults.add({ kind: 'hang' });
    const answer = await resend(rollcall, wix.pending);
    expect([answer.outcome, answer.userErrors[0]?.code]).toEqual(['UNKNOWN', 'OUTCOME_UNKNOWN']);
    expect(await attemptsOf(rollcall, wix.pending)).toEqual(['RESEND UNKNOWN']);
  });

  it('that passes in the first mutation leaves the next ones unsent', async () => {
    const rollcall = await stage.start({ limits: { operationDeadline: '1s' } });
    stage.emulators.wix.faults.add({ kind: 'hang', times: 1 });
    const { data } = await rollcall.query(
      `mutation { first: ${resending(wix.pending)} second: ${resending(wix.alsoPending)} }`,
    );
    expect(data).toEqual({
      first: { outcome: 'UNKNOWN', userErrors: [{ code: 'OUTCOME_UNKNOWN' }] },
      second: { outcome: 'NOT_SENT', userErrors: [{ code: 'VENDOR_UNAVAILABLE' }] },
    });
    expect(vendorWrites(rollcall)).toHaveLength(1);
  });

  it('gives several mutations in a row enough time each', async () => {
    const rollcall = await stage.start();
    const ids = [wix.pending, wix.alsoPending, ecwid.pending, softwareone.pending];
    const { data } = await rollcall.query(
      `mutation { ${ids.map((id, index) => `m${index}: ${resending(id)}`).join(' ')} }`,
    );
    expect(Object.values(data ?? {})).toEqual(ids.map(() => ({ outcome: 'REQUESTED', userErrors: [] })));
    expect(vendorWrites(rollcall)).toHaveLength(4);
  });
});
