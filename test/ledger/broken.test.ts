import { setTimeout as delay } from 'node:timers/promises';
import { closeAll } from '../support/close-all';
import { PERMITTED_WRITES, SEED_INVITES, VENDORS, WRITE_NAMES } from '../support/seed-ids';
import { openPostgresLedgers, openSqliteLedgers } from '../support/ledger-pool';
import { useLedgerFixture } from '../support/ledger-fixture';
import { waitFor } from '../support/wait-for';
import { mails, outcomeAndCodes, resend, vendorWrites, write } from '../support/invite-mutations';
import type { Rollcall } from '../support/start';
import { type DatabaseFailure, POSTGRES_FAILURES, SQLITE_FAILURES } from '../support/database-failures';
import { openRelay, type Relay } from './relay';

const STAFF = '{ staffMembers(first: 100) { nodes { id name status } sources { state } } }';
const INVITES = '{ invites(first: 100) { nodes { id status email } } }';

/** What is seen of an app from outside, apart from writes. */
async function seen(rollcall: Rollcall) {
  const read = async (query: string) => {
    const { data, errors } = await rollcall.query(query, {}, { 'cache-control': 'no-cache' });
    expect(errors).toEqual([]);
    return data;
  };
  const [staff, invites] = await Promise.all([read(STAFF), read(INVITES)]);
  return { staff: staff?.staffMembers?.nodes, invites: invites?.invites?.nodes ?? [] };
}

/** Status of readiness, of readiness for writes and of liveness, and whether the ledger is named. */
async function health({ app }: Rollcall) {
  const [ready, writes, alive] = await Promise.all(
    ['/readyz', '/readyz?writes', '/healthz'].map((path) => fetch(app.url.replace('/graphql', path))),
  );
  return [ready?.status, writes?.status, alive?.status, /ledger/.test((await ready?.text()) ?? '')];
}

const WELL = [200, 200, 200, false];
const UNWELL = [200, 503, 200, true];

/** An answer that is there in time, which a busy machine reaches too; the operation's own deadline is shorter by far. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  const patience = new AbortController();
  const late = delay(240_000, null, { signal: patience.signal }).then(() => {
    throw new Error('no answer within 240 s');
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    patience.abort();
  }
}

/** Wix's invites are in the ledger alone, and so are those that were withdrawn. */
const withoutRemembered = (invites: readonly { id: string; status: string }[]) =>
  invites.filter(({ id, status }) => status !== 'REVOKED' && !/^(harbour-cafe|globex-studio):/.test(id));

/** Does harm to a ledger in use, and looks at all that may still work and all that may not. */
async function expectToSurvive(
  rollcall: Rollcall,
  storage: string,
  { cause, readable }: Pick<DatabaseFailure, 'cause' | 'readable'>,
  refusal = /^NOT_SENT NOT_RECORDED$/,
) {
  const before = await seen(rollcall);
  expect(await health(rollcall)).toEqual(WELL);
  rollcall.forgetRequests();
  const heal = await cause(storage);
  try {
    const answers = await inTime(
      Promise.all([
        resend(rollcall, SEED_INVITES.ecwid.pending),
        resend(rollcall, SEED_INVITES.wix.pending, { idempotencyKey: 'k' }),
      ]),
    );
    for (const answer of answers) expect(outcomeAndCodes(answer)).toMatch(refusal);
    expect(vendorWrites(rollcall)).toEqual([]);
    expect(await inTime(health(rollcall))).toEqual(UNWELL);
    const now = await inTime(seen(rollcall));
    expect(now.staff).toEqual(before.staff);
    expect(now.invites).toEqual(readable ? before.invites : withoutRemembered(before.invites));
  } finally {
    await heal();
  }
  // A connection that was lost is noticed by who uses it next.
  await waitFor(async () => (await health(rollcall)).join() === WELL.join());
  await waitFor(
    async () => outcomeAndCodes(await inTime(resend(rollcall, SEED_INVITES.ecwid.pending))) === 'REQUESTED',
  );
  expect(vendorWrites(rollcall)).toHaveLength(1);
  expect(mails(rollcall)).toHaveLength(1);
}

describe.each([
  { kind: 'a SQLite file', open: openSqliteLedgers, harms: SQLITE_FAILURES },
  { kind: 'PostgreSQL', open: openPostgresLedgers, harms: POSTGRES_FAILURES },
])('database failure: a ledger in $kind', ({ open, harms }) => {
  const stage = useLedgerFixture(open);
  const limits = { operationDeadline: '2s' };

  it.each(harms.map((harm) => [harm.name, harm] as const))(
    'that %s sends nothing, still serves reads, and recovers after the repair',
    async (_name, harm) => {
      const storage = await stage.storage();
      await expectToSurvive(await stage.start({ storage, limits }), storage, harm);
    },
    60_000,
  );

  it('without writes refuses every verb at every vendor', async () => {
    const storage = await stage.storage();
    const rollcall = await stage.start({ storage });
    const heal = await harms.find(({ name }) => name === 'takes no writes')?.cause(storage);
    const answers: string[] = [];
    for (const vendor of VENDORS)
      for (const name of WRITE_NAMES)
        answers.push(outcomeAndCodes(await write(rollcall, name, PERMITTED_WRITES[vendor][name])));
    expect(answers).toEqual(Array(12).fill('NOT_SENT NOT_RECORDED'));
    expect(vendorWrites(rollcall)).toEqual([]);
    await heal?.();
  });

  it('that is locked briefly is retried', async () => {
    const storage = await stage.storage();
    const rollcall = await stage.start({ storage });
    const heal = await harms.find(({ name }) => name.startsWith('is locked'))?.cause(storage);
    const answer = resend(rollcall, SEED_INVITES.wix.pending);
    await delay(200);
    await heal?.();
    expect(outcomeAndCodes(await inTime(answer))).toBe('REQUESTED');
    expect(mails(rollcall)).toHaveLength(1);
  });

  it('that is locked beyond the deadline sends nothing afterwards', async () => {
    const storage = await stage.storage();
    const rollcall = await stage.start({ storage, limits: { operationDeadline: '300ms' } });
    const heal = await harms.find(({ name }) => name.startsWith('is locked'))?.cause(storage);
    const ids = VENDORS.flatMap((vendor) => [SEED_INVITES[vendor].pending, SEED_INVITES[vendor].alsoPending]);
    const answers = ids.map((id) => resend(rollcall, id));
    await delay(600);
    await heal?.();
    for (const { outcome } of await inTime(Promise.all(answers))) expect(outcome).toBe('NOT_SENT');
    await stage.stop(rollcall);
    expect(vendorWrites(rollcall)).toEqual([]);
  });
});

describe('database failure: the connection to PostgreSQL', () => {
  const stage = useLedgerFixture(openPostgresLedgers);
  let relay: Relay;
  afterEach(() => closeAll(relay));

  const start = async () => {
    relay = await openRelay(await stage.storage());
    return stage.start({ storage: relay.url, limits: { operationDeadline: '4s' } });
  };

  it('that is cut blocks writes, and nothing else', async () => {
    const cause = async () => {
      await relay.cut();
      return () => relay.mend();
    };
    await expectToSurvive(await start(), relay.url, { cause, readable: false });
  });

  it('that hangs delays no operation beyond its deadline', async () => {
    const cause = () => {
      relay.freeze();
      return Promise.resolve(() => relay.mend());
    };
    // Whoever waits for the ledger may run out of time before it is known why.
    const refusal = /^NOT_SENT (NOT_RECORDED|VENDOR_UNAVAILABLE)$/;
    await expectToSurvive(await start(), relay.url, { cause, readable: false }, refusal);
  });
});
