import { SEED_INVITES } from '../support/seed-ids';
import { inviteStaff, outcomeAndCodes, resend, sendNew } from '../support/invite-mutations';
import type { Rollcall } from '../support/start';
import { NO_CACHE, readList, sourceOf } from '../support/list-queries';
import { metric, metricsText } from '../support/metrics';
import { useVendorFixture } from '../support/vendor-fixture';
import { waitFor } from '../support/wait-for';

const stage = useVendorFixture();
type Labels = Readonly<Record<string, string>>;

/** By how much each of these moves while something is done. */
async function moved(
  rollcall: Rollcall,
  signals: readonly (readonly [string, Labels?])[],
  work: () => Promise<unknown>,
): Promise<number[]> {
  const read = () => Promise.all(signals.map(([name, labels]) => metric(rollcall, name, labels)));
  const before = await read();
  await work();
  return (await read()).map((value, index) => value - (before[index] ?? 0));
}

const ask = (rollcall: Rollcall, headers: Labels = NO_CACHE) => sourceOf(rollcall, 'harbour-cafe', headers);
const requests = (outcome: string) =>
  ['vendor_requests_total', { vendor: 'WIX', operation: 'queryContributors', outcome }] as const;

describe('metrics: vendor calls', () => {
  it('count each attempt by its result', async () => {
    const rollcall = await stage.start({ limits: { readTimeout: '800ms' } });
    const { faults } = stage.emulators.wix;
    const outcomes = ['ok', 'rejected', 'throttled', 'notSent', 'unknown'].map(requests);
    const count = (work: () => Promise<unknown>) => moved(rollcall, outcomes, work);
    expect(await count(() => ask(rollcall))).toEqual([1, 0, 0, 0, 0]);
    faults.add({ kind: 'status', status: 503, times: 2 });
    expect(await count(() => ask(rollcall))).toEqual([1, 0, 0, 0, 2]);
    faults.add({ kind: 'hang', times: 1 });
    expect(await count(() => ask(rollcall))).toEqual([0, 0, 0, 0, 1]);
    faults.add({ kind: 'status', status: 404, times: 1 });
    expect(await count(() => ask(rollcall))).toEqual([0, 1, 0, 0, 0]);
    faults.add({ kind: 'status', status: 429, times: 1 });
    expect(await count(() => ask(rollcall))).toEqual([0, 0, 1, 0, 0]);
    expect(await count(() => ask(rollcall))).toEqual([0, 0, 0, 1, 0]);
  });

  it('measure the latency of sent calls', async () => {
    const rollcall = await stage.start();
    const labels = { vendor: 'WIX', operation: 'queryContributors' };
    stage.emulators.wix.faults.add({ kind: 'latency', ms: 150, times: 1 });
    const signals = [
      ['vendor_request_duration_seconds_count', labels],
      ['vendor_request_duration_seconds_bucket', { ...labels, le: '0.1' }],
    ] as const;
    expect(await moved(rollcall, signals, () => ask(rollcall))).toEqual([1, 0]);
    stage.emulators.wix.faults.add({ kind: 'status', status: 429, times: 1 });
    await ask(rollcall);
    expect(await moved(rollcall, signals, () => ask(rollcall))).toEqual([0, 0]);
  });

  it('count refused responses by reason', async () => {
    const rollcall = await stage.start();
    const refused = ['PROTOCOL', 'TOO_LARGE'].map(
      (reason) => ['vendor_answers_refused_total', { vendor: 'WIX', reason }] as const,
    );
    for (const kind of ['html', 'malformedJson', 'arrayForObject'] as const) {
      stage.emulators.wix.faults.add({ kind, times: 1 });
      expect([kind, ...(await moved(rollcall, refused, () => ask(rollcall)))]).toEqual([kind, 1, 0]);
    }
    stage.emulators.wix.faults.add({ kind: 'redirect', location: 'https://elsewhere.example/', times: 1 });
    expect(await moved(rollcall, refused, () => ask(rollcall))).toEqual([1, 0]);
    stage.emulators.wix.faults.add({ kind: 'gzipBomb', bytes: 8 << 20, times: 1 });
    expect(await moved(rollcall, refused, () => ask(rollcall))).toEqual([0, 1]);
    expect(await moved(rollcall, refused, () => ask(rollcall))).toEqual([0, 0]);
  });

  it('count rows with an unknown status word', async () => {
    const rollcall = await stage.start();
    stage.emulators.softwareone.faults.add({ kind: 'unknownStatusWord', account: 'contoso' });
    const signals = ['SOFTWAREONE', 'WIX', 'ECWID'].map(
      (vendor) => ['vendor_unknown_status_total', { vendor }] as const,
    );
    const read = () => readList(rollcall, 'staffMembers', { accountIds: ['contoso'] });
    expect(await moved(rollcall, signals, read)).toEqual([15, 0, 0]);
    stage.emulators.wix.faults.add({ kind: 'unknownStatusWord', times: 1 });
    expect(await moved(rollcall, signals, () => resend(rollcall, SEED_INVITES.wix.pending))).toEqual([
      0, 1, 0,
    ]);
  });
});

describe('metrics: connections', () => {
  const states = (vendor: string) =>
    ['OK', 'THROTTLED', 'AUTH_FAILED', 'CIRCUIT_OPEN'].map(
      (state) => ['vendor_connections', { vendor, state }] as const,
    );
  const now = (rollcall: Rollcall, vendor: string) =>
    Promise.all(states(vendor).map(([name, labels]) => metric(rollcall, name, labels)));

  it('count the current connections by vendor and state', async () => {
    const rollcall = await stage.start();
    expect(await Promise.all(['ECWID', 'SOFTWAREONE', 'WIX'].map((vendor) => now(rollcall, vendor)))).toEqual(
      [
        [3, 0, 0, 0],
        [3, 0, 0, 0],
        [2, 0, 0, 0],
      ],
    );
    stage.emulators.ecwid.faults.add({ kind: 'status', status: 429, account: 'harbor-tea' });
    stage.emulators.ecwid.faults.add({ kind: 'status', status: 401, account: 'maple-books' });
    stage.emulators.ecwid.faults.add({ kind: 'status', status: 501, account: 'globex-parts' });
    for (let read = 1; read <= 5; read++) await readList(rollcall, 'staffMembers', {}, NO_CACHE);
    expect(await now(rollcall, 'ECWID')).toEqual([0, 1, 1, 1]);
    expect(await now(rollcall, 'WIX')).toEqual([2, 0, 0, 0]);
    stage.emulators.clock.advance(13_000);
    expect(await now(rollcall, 'ECWID')).toEqual([1, 0, 1, 1]);
  });
});

describe('metrics: reads and read cache', () => {
  it('count reads by cache result', async () => {
    const { rollcall, gate } = await stage.startGated('wix');
    const signals = ['asked', 'shared', 'cached', 'stale'].map(
      (result) => ['read_cache_total', { result }] as const,
    );
    gate.hold();
    const together = async () => {
      const both = Promise.all([ask(rollcall, {}), ask(rollcall, {})]);
      await waitFor(async () => (await metric(rollcall, 'read_cache_total', { result: 'shared' })) === 1);
      gate.open();
      await both;
    };
    expect(await moved(rollcall, signals, together)).toEqual([1, 1, 0, 0]);
    expect(await moved(rollcall, signals, () => ask(rollcall, {}))).toEqual([0, 0, 1, 0]);
    stage.emulators.wix.faults.add({ kind: 'status', status: 501 });
    expect(await moved(rollcall, signals, () => ask(rollcall))).toEqual([1, 0, 0, 1]);
  });

  it('count accounts by their state in a list', async () => {
    const rollcall = await stage.start();
    const signals = ['FRESH', 'CACHED', 'STALE', 'FAILED'].map(
      (state) => ['source_state_total', { vendor: 'SOFTWAREONE', state }] as const,
    );
    const read = () => readList(rollcall, 'staffMembers');
    stage.emulators.softwareone.faults.add({ kind: 'status', status: 501, account: 'contoso', times: 1 });
    expect(await moved(rollcall, signals, read)).toEqual([2, 0, 0, 1]);
    expect(await moved(rollcall, signals, read)).toEqual([1, 2, 0, 0]);
    stage.emulators.clock.advance(10_000);
    stage.emulators.softwareone.faults.add({ kind: 'status', status: 501, account: 'contoso', times: 1 });
    expect(await moved(rollcall, signals, read)).toEqual([2, 0, 1, 0]);
  });

  it('count reads by operation and by batch', async () => {
    const rollcall = await stage.start();
    const signals = [
      ['vendor_calls_per_operation_count'],
      ['vendor_calls_per_operation_sum'],
      ['loader_batch_size_count', { loader: 'staffMember' }],
      ['loader_batch_size_sum', { loader: 'staffMember' }],
    ] as const;
    expect(await moved(rollcall, signals, () => readList(rollcall, 'staffMembers'))).toEqual([1, 8, 0, 0]);
    const three = ['p90100001', 'p90112233', 'p90145566'].map(
      (id, index) => `n${index}: staffMember(id: "harbor-tea:${id}") { id }`,
    );
    expect(await moved(rollcall, signals, () => rollcall.query(`{ ${three.join(' ')} }`))).toEqual([
      1, 1, 1, 3,
    ]);
  });
});

describe('metrics: writes', () => {
  it('count writes by verb and outcome, and repetitions by kind', async () => {
    const rollcall = await stage.start();
    const signals = [
      ['invite_writes_total', { verb: 'RESEND', outcome: 'REQUESTED' }],
      ['invite_writes_total', { verb: 'RESEND', outcome: 'REJECTED' }],
      ['invite_writes_total', { verb: 'RESEND', outcome: 'NOT_SENT' }],
      ['invite_writes_total', { verb: 'RESEND', outcome: 'UNKNOWN' }],
      ['idempotency_hits_total', { kind: 'replay' }],
      ['idempotency_hits_total', { kind: 'conflict' }],
    ] as const;
    const { wix, softwareone } = SEED_INVITES;
    const key = { idempotencyKey: 'one' };
    const count = (work: () => Promise<unknown>) => moved(rollcall, signals, work);
    expect(await count(() => resend(rollcall, wix.pending, key))).toEqual([1, 0, 0, 0, 0, 0]);
    expect(await count(() => resend(rollcall, wix.pending, key))).toEqual([1, 0, 0, 0, 1, 0]);
    expect(await count(() => resend(rollcall, wix.alsoPending, key))).toEqual([0, 0, 1, 0, 0, 1]);
    expect(await count(() => resend(rollcall, softwareone.expired))).toEqual([0, 0, 1, 0, 0, 0]);
    stage.emulators.wix.faults.add({ kind: 'status', status: 503, route: 'POST *', times: 1 });
    expect(await count(() => resend(rollcall, wix.alsoPending))).toEqual([0, 0, 0, 1, 0, 0]);
    expect(await count(() => resend(rollcall, wix.unreadableAccepted))).toEqual([0, 1, 0, 0, 0, 0]);
  });
});

describe('metrics: masked errors', () => {
  it('count unexpected errors', async () => {
    const rollcall = await stage.start();
    const attempts = () =>
      rollcall.query('query ($id: ID!) { invite(id: $id) { id attempts { id } } }', {
        id: SEED_INVITES.ecwid.pending,
      });
    expect(await moved(rollcall, [['masked_errors_total']], attempts)).toEqual([0]);
    // Nothing else notices a ledger that is gone.
    await rollcall.app.ledger.close();
    expect(await moved(rollcall, [['masked_errors_total']], attempts)).toEqual([1]);
  });
});

describe('metrics: label cardinality', () => {
  it('is bounded: no label contains an account, a person, an id or an email address, after any failure', async () => {
    const rollcall = await stage.start();
    await readList(rollcall, 'staffMembers');
    await resend(rollcall, SEED_INVITES.ecwid.pending, { idempotencyKey: 'CANARY-77a0' });
    await sendNew(rollcall, SEED_INVITES.softwareone.expired);
    await inviteStaff(rollcall, {
      accountId: 'harbour-cafe',
      email: 'new@harbour-cafe.example',
      roleIds: ['7046409866117400001'],
    });
    for (const vendor of ['ecwid', 'softwareone', 'wix'] as const)
      for (const fault of [
        { kind: 'html' },
        { kind: 'unknownStatusWord', word: 'CANARY-77a1' },
        { kind: 'redirect', location: 'http://CANARY-77a2.example/' },
        { kind: 'status', status: 400, body: { errorCode: 'CANARY-77a3', type: '#CANARY-77a4' } },
        { kind: 'status', status: 429 },
      ] as const) {
        stage.emulators[vendor].faults.add({ ...fault, times: 3 });
        await readList(rollcall, 'staffMembers', {}, NO_CACHE);
        outcomeAndCodes(await resend(rollcall, SEED_INVITES[vendor].alsoPending));
      }
    const lines = (await metricsText(rollcall)).split('\n').filter((line) => !line.startsWith('#'));
    const labels = new Map<string, Set<string>>();
    for (const line of lines)
      for (const [, name = '', value = ''] of line.matchAll(/(\w+)="([^"]*)"/g))
        labels.set(name, (labels.get(name) ?? new Set()).add(value));

    const texts = [...labels.values()].flatMap((values) => [...values]).join('\n');
    const secrets = stage.emulators.accounts
      .flatMap((account) => Object.entries(account))
      .filter(([name]) => name !== 'vendor' && name !== 'tenant')
      .map(([, value]) => String(value));
    for (const secret of [...secrets, 'acme', 'CANARY', '@', 'http', 'AUSR-', 'example'])
      expect(texts).not.toContain(secret);
    const ours = lines.filter((line) => /^(vendor|read|loader|source|invite|idempotency|masked)_/.test(line));
    expect(ours.length).toBeGreaterThan(50);
    expect(ours.length).toBeLessThan(600);
    expect([...(labels.get('vendor') ?? [])].sort()).toEqual(['ECWID', 'SOFTWAREONE', 'WIX']);
    expect([...(labels.get('outcome') ?? [])].filter((word) => !/^[A-Za-z_]+$/.test(word))).toEqual([]);
  });
});
