import { waitFor } from '../support/wait-for';
import { at } from '../support/at';
import { closeAll } from '../support/close-all';
import type { Another } from '../support/served';
import {
  CONNECTION,
  counted,
  crowd,
  EMAILS_PER_HOUR,
  PENDING,
  seenOf,
  sightsOf,
  STAFF,
  startThree,
  type Three,
  withoutKey,
  writesSeen,
  writesTo,
} from './three';

let three: Three;
beforeAll(async () => {
  three = await startThree();
});
afterAll(() => closeAll(three));

const stateAt = async (each: Another, account: string): Promise<unknown> =>
  at((await each.ask(CONNECTION, { variables: { account } })).data, 'account.connection.state');
const VENDORS = ['ecwid', 'softwareone', 'wix'] as const;
/** What a call is answered that does not send; NOT_RECORDED where a busy database lets it wait too long for its turn. */
const NOT_NOW = /^NOT_SENT (COOLDOWN|IN_PROGRESS|NOT_RECORDED)$/;

describe('three replicas behind a load balancer', () => {
  it.each(VENDORS)(
    'all pause when %s has sent one of them a 429, until Retry-After (rate limit)',
    async (vendor) => {
      const account = `${vendor}-0001`;
      const other = `${vendor}-0002`;
      const headers = { 'retry-after': '6' };
      const { faults } = three.served.emulators[vendor];
      faults.add({ kind: 'status', status: 429, headers, account, times: 1 });
      expect((await three.source(account, { fresh: true })).end).toBe('FAILED THROTTLED');
      const [refused] = seenOf(three, account);
      // It is told to the others in moments, not in the same one.
      for (const each of three.replicas)
        await waitFor(async () => (await stateAt(each, account)) === 'THROTTLED');

      const [first] = writesTo(three, account);
      const ends: string[] = [];
      const others: string[] = [];
      let writeEnd = '';
      if (first) writeEnd = (await three.write(withoutKey(first))).end;
      while (seenOf(three, account).length === 1) {
        ends.push(...(await crowd(20, () => three.source(account, { fresh: true }))).map(({ end }) => end));
        others.push((await three.source(other, { fresh: true })).end);
      }
      expect(writeEnd).toBe('NOT_SENT VENDOR_THROTTLED');
      expect(writesSeen(three, account)).toBe(0);
      const [, next] = seenOf(three, account);
      expect(Date.parse(next?.at ?? '') - Date.parse(refused?.at ?? '')).toBeGreaterThanOrEqual(6000);
      expect(ends.length).toBeGreaterThan(20);
      // In the last of the crowds the vendor was asked again.
      expect(Object.keys(counted(ends)).sort()).toEqual(['FAILED THROTTLED', 'FRESH']);
      expect(counted(ends.slice(0, -20))).toEqual({ 'FAILED THROTTLED': ends.length - 20 });
      expect(Object.keys(counted(others))).toEqual(['FRESH']);
      for (const each of three.replicas) await waitFor(async () => (await stateAt(each, account)) === 'OK');
    },
  );

  it.each(VENDORS)(
    'send once to %s for fifty concurrent calls with one idempotency key, and replay the answer',
    async (vendor) => {
      const [write] = writesTo(three, `${vendor}-0003`);
      if (!write) throw new Error('no invite');
      const answers = await crowd(50, () => three.write(write));
      const done = answers.filter(({ end }) => end === 'REQUESTED');
      expect(
        answers.map(({ end }) => end).filter((end) => end !== 'REQUESTED' && !NOT_NOW.test(end)),
      ).toEqual([]);
      expect(done.length).toBeGreaterThanOrEqual(1);
      expect(sightsOf(three, [write])).toEqual(['1/1']);
      const again = await crowd(6, () => three.write(write));
      expect(counted(again.map(({ end }) => end))).toEqual({ REQUESTED: 6 });
      expect(new Set([...done, ...again].map(({ attempt }) => attempt)).size).toBe(1);
      expect(sightsOf(three, [write])).toEqual(['1/1']);
    },
  );

  it.each(VENDORS)(
    'send once to %s for fifty concurrent calls without a key (concurrency)',
    async (vendor) => {
      const write = writesTo(three, `${vendor}-0003`)[1];
      if (!write) throw new Error('no invite');
      const { REQUESTED, ...rest } = counted(
        (await crowd(50, () => three.write(withoutKey(write)))).map(({ end }) => end),
      );
      expect(REQUESTED).toBe(1);
      expect(Object.keys(rest).filter((end) => !NOT_NOW.test(end))).toEqual([]);
      expect(sightsOf(three, [write])).toEqual(['1/1']);
    },
  );

  it.each(VENDORS)('send each of twenty different invites of %s once', async (vendor) => {
    const writes = writesTo(three, `${vendor}-0004`).slice(0, 20);
    const answers = await Promise.all(writes.map((write) => three.write(write)));
    expect(counted(answers.map(({ end }) => end))).toEqual({ REQUESTED: 20 });
    expect(counted(sightsOf(three, writes))).toEqual({ '1/1': 20 });
  });

  it.each(VENDORS)('send no more to an account of %s than the hourly limit', async (vendor) => {
    const account = `${vendor}-0005`;
    const writes = writesTo(three, account);
    expect(writes).toHaveLength(PENDING);
    const answers = await Promise.all(writes.map((write) => three.write(write)));
    expect(counted(answers.map(({ end }) => end))).toEqual({
      REQUESTED: EMAILS_PER_HOUR,
      'NOT_SENT EMAIL_LIMIT': PENDING - EMAILS_PER_HOUR,
    });
    expect(writesSeen(three, account)).toBe(EMAILS_PER_HOUR);
  });

  it('make one vendor call for three hundred concurrent reads (single-flight)', async () => {
    const account = 'ecwid-0006';
    const answers = await crowd(300, () => three.source(account));
    expect(Object.keys(counted(answers.map(({ end }) => end))).sort()).toEqual(['CACHED', 'FRESH']);
    expect(new Set(answers.map(({ asOf }) => asOf)).size).toBe(1);
    const ports = new Set(answers.map(({ clientPort }) => three.balancer.behind(clientPort)));
    expect(ports.size).toBe(3);
    expect(seenOf(three, account)).toHaveLength(1);
  });

  it.each(VENDORS)('all show a write to an account of %s, after one response', async (vendor) => {
    const account = `${vendor}-0007`;
    const [write] = writesTo(three, account);
    const [writer, ...others] = three.replicas;
    if (!write || !writer) throw new Error('no invite');
    const ask = async (each: Another) => (await each.ask(STAFF, { variables: { account } })).data;
    const asOf = async (each: Another) =>
      Date.parse(String(at(await ask(each), 'staffMembers.sources.0.asOf')));
    const before = await Promise.all(three.replicas.map(asOf));
    expect(new Set(before).size).toBe(1);
    const variables = { id: write.inviteId };
    const revoke = 'mutation ($id: ID!) { revokeInvite(input: { inviteId: $id }) { outcome } }';
    const { data } = await writer.ask(revoke, { variables });
    expect(at(data, 'revokeInvite.outcome')).toBe('REQUESTED');
    // Until the writer has heard that Redis has told the others, it asks for itself: those who were told come first.
    for (const each of [...others, writer]) await waitFor(async () => (await asOf(each)) > (before[0] ?? 0));
    await waitFor(async () => new Set(await Promise.all(three.replicas.map(asOf))).size === 1);
    const look = 'query ($id: ID!) { invite(id: $id) { status } }';
    const shown = await Promise.all(
      three.replicas.map(
        async (each) => at((await each.ask(look, { variables })).data, 'invite.status') ?? null,
      ),
    );
    // SoftwareOne keeps no trace of it.
    expect(counted(shown.map(String))).toEqual({ [vendor === 'softwareone' ? 'null' : 'REVOKED']: 3 });
  });
});
