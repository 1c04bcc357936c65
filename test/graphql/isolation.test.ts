import { Agent } from 'undici';
import { Abort } from '../../src/abort';
import { createDirectory, type Viewer } from '../../src/accounts';
import { rememberPast } from '../../src/demo';
import { type Emulators, startEmulators } from '../../src/emulators/start';
import { type Context, type ContextParts, createContext } from '../../src/graphql/context';
import { type Ledger, openLedger } from '../../src/ledger/ledger';
import { createMetrics } from '../../src/metrics';
import type { Loaders } from '../../src/loaders';
import { createSharedReads } from '../../src/vendors/shared-reads';
import { alone } from '../../src/vendors/signals';
import { HELD, PATIENT_LIMITS } from '../support/held';
import { closeAll } from '../support/close-all';
import { configOf, EPOCH } from '../support/config';
import { fieldsOf } from '../support/provider';

const MEMBER = 'contoso:AUSR-2750-9914-0302';
const INVITE = 'contoso:AUSR-2750-9914-0362';
const acme: Viewer = { tenant: 'acme', accounts: null, subject: 'ada', scopes: 'ALL' };
const globex: Viewer = { ...acme, tenant: 'globex', subject: 'dana' };

let emulators: Emulators;
let ledger: Ledger;
let parts: ContextParts;
let agents: Agent[];
const opened: Context[] = [];
beforeAll(async () => {
  emulators = await startEmulators({ epoch: EPOCH });
  const clock = (): number => emulators.clock.now();
  const config = configOf(emulators, { limits: { ...PATIENT_LIMITS, cacheTtl: '0s', staleTtl: '0s' } });
  const { limits, accounts, vendors } = config;
  const metrics = createMetrics({ connections: () => [], ledger: () => Promise.resolve(0) });
  ledger = await openLedger(config.storage, limits, clock);
  await rememberPast(ledger, emulators);
  const [reads, writes] = (agents = [new Agent(), new Agent({ pipelining: 0 })]) as [Agent, Agent];
  const transport = { reads, writes, limits, clock, metrics, signals: alone };
  const providers = new Map(
    accounts.map((account) => [
      account.id,
      account.connect({
        account,
        transport,
        baseUrl: vendors[account.vendor.toLowerCase()]?.baseUrl ?? '',
        memory: {
          remembered: () => ledger.remembered.ofAccount(account.id),
          lastSends: (localIds) => ledger.attempts.lastSends(account.id, localIds),
        },
        clock,
      }),
    ]),
  );
  parts = {
    directory: createDirectory(accounts),
    provider: ({ id }) => {
      const provider = providers.get(id);
      if (!provider) throw new Error(`no provider for ${id}`);
      return provider;
    },
    ledger,
    limits,
    shared: createSharedReads({ ...limits, clock, metrics, signals: alone }),
    metrics,
    clock,
    report: (error) => {
      throw error;
    },
    underWay: new Set(),
  };
});
beforeEach(() => {
  for (const vendor of [emulators.ecwid, emulators.softwareone, emulators.wix]) vendor.forgetRequests();
});
afterEach(() => {
  for (const context of opened.splice(0)) context.done();
});
afterAll(async () => {
  await Promise.all(agents.map((agent) => agent.destroy()));
  await closeAll(ledger, emulators);
});

/** The context of an operation that shows everything. */
function open(viewer: Viewer = acme): Context {
  const end = new Abort();
  const context = createContext(parts, { viewer, requestId: 'x', end, fresh: false, router: null });
  context.select(fieldsOf({ account: [] }));
  opened.push(context);
  return context;
}

const calls = (): number =>
  [emulators.ecwid, emulators.softwareone, emulators.wix].reduce(
    (sum, { requests }) => sum + requests.length,
    0,
  );

/** All there are: the compiler asks for each new one. */
const LOADERS: Record<keyof Loaders, true> = {
  profile: true,
  roles: true,
  staffMember: true,
  invite: true,
  person: true,
  attempts: true,
  actions: true,
  staffList: true,
  inviteList: true,
};

describe('operation isolation: two concurrent operations', () => {
  it('have no DataLoader in common', () => {
    const [one, other] = [open(), open()];
    const names = Object.keys(LOADERS) as (keyof Loaders)[];
    expect(names.filter((name) => one.loaders[name] === other.loaders[name])).toEqual([]);
    expect(names.filter((name) => one.loaders[name] !== one.loaders[name])).toEqual([]);
    expect(one.writes()).not.toBe(other.writes());
    expect(one.writes()).toBe(one.writes());
  });

  it('each read the same id once', async () => {
    const [one, other] = [open(), open()];
    const first = await Promise.all([
      one.loaders.staffMember.load(MEMBER),
      one.loaders.staffMember.load(MEMBER),
    ]);
    expect(calls()).toBe(1);
    await one.loaders.staffMember.load(MEMBER);
    expect(calls()).toBe(1);
    const second = await other.loaders.staffMember.load(MEMBER);
    expect(calls()).toBe(2);
    expect(first.map((member) => member?.id)).toEqual([MEMBER, MEMBER]);
    expect(second).toEqual(first[0]);
    expect(second).not.toBe(first[0]);
  });

  it('share a call in flight, and none of its results (single-flight)', async () => {
    const [one, other] = [open(), open()];
    const [mine, theirs] = await Promise.all([
      one.loaders.staffMember.load(MEMBER),
      other.loaders.staffMember.load(MEMBER),
    ]);
    expect(calls()).toBe(1);
    expect(mine).toEqual(theirs);
    one.loaders.staffMember.clear(MEMBER);
    await other.loaders.staffMember.load(MEMBER);
    expect(calls()).toBe(1);
  });

  it('do not see each other’s primed values', async () => {
    const [one, other] = [open(), open()];
    const planted = await open().loaders.staffMember.load(MEMBER);
    if (!planted) throw new Error('no such member');
    one.loaders.staffMember.prime(MEMBER, { ...planted, name: 'Planted' });
    one.loaders.invite.prime('contoso:AUSR-0000-0000-0001', null);
    expect(await one.loaders.staffMember.load(MEMBER)).toMatchObject({ name: 'Planted' });
    expect(await other.loaders.staffMember.load(MEMBER)).toMatchObject({ name: 'Grace Okafor' });
  });

  it('see a write of the other operation only when they read again', async () => {
    const [one, other] = [open(), open()];
    const before = await other.loaders.invite.load(INVITE);
    const asked = calls();
    const { outcome } = await one.writes().send({
      verb: 'RESEND',
      inviteId: INVITE,
      language: null,
      idempotencyKey: null,
      consent: { acknowledgeDeclined: false, grantFullAccess: false },
      ofMany: false,
    });
    expect(outcome).toBe('REQUESTED');
    const written = calls();
    expect(written).toBeGreaterThan(asked);
    expect(await other.loaders.invite.load(INVITE)).toBe(before);
    expect(calls()).toBe(written);
    expect((await one.loaders.invite.load(INVITE))?.expiresAt).not.toBe(before?.expiresAt);
    expect([one.done().writes, other.done().writes]).toEqual([['RESEND REQUESTED'], []]);
  });

  it('count their vendor calls separately', async () => {
    const [one, other] = [open(), open()];
    await one.loaders.staffMember.load(MEMBER);
    expect([one.done().vendorCalls, other.done().vendorCalls]).toEqual([1, 0]);
  });

  it('do not cancel each other', async () => {
    const ended = new Abort();
    const one = createContext(parts, {
      viewer: acme,
      requestId: 'x',
      end: ended,
      fresh: false,
      router: null,
    });
    one.select(fieldsOf({ account: [] }));
    opened.push(one);
    const other = open();
    emulators.softwareone.faults.add({ ...HELD, times: 1 });
    const gone = one.loaders.staffMember.load(MEMBER).catch((error: unknown) => error);
    const stays = other.loaders.staffMember.load(MEMBER);
    ended.abort();
    expect(await gone).toBeInstanceOf(Error);
    emulators.softwareone.faults.clear();
    expect(await stays).toMatchObject({ id: MEMBER });
    expect(calls()).toBe(1);
  });
});

describe('tenant isolation: two tenants', () => {
  it('with the same vendor ids each see their own rows', async () => {
    const id = (account: string): string => `${account}:p90145566`;
    const [one, other] = [open(acme), open(globex)];
    const [mine, theirs] = await Promise.all([
      one.loaders.staffMember.loadMany([id('harbor-tea'), id('globex-parts')]),
      other.loaders.staffMember.loadMany([id('harbor-tea'), id('globex-parts')]),
    ]);
    expect(mine).toMatchObject([{ name: 'Omar Diaz' }, null]);
    expect(theirs).toMatchObject([null, { name: 'Viktor Ilić' }]);
    expect(emulators.ecwid.requests).toHaveLength(2);
  });

  it('make no vendor call for an account of the other tenant', async () => {
    const other = open(globex);
    expect(await other.loaders.staffMember.load(MEMBER)).toBeNull();
    expect(await other.loaders.invite.load(INVITE)).toBeNull();
    await expect(other.writes().revealLink(INVITE)).resolves.toMatchObject({
      link: null,
      userErrors: [{ code: 'NOT_FOUND' }],
    });
    expect(calls()).toBe(0);
  });

  it('do not see what the other has primed, read or written', async () => {
    const [one, other] = [open(acme), open(globex)];
    await one.loaders.staffMember.load(MEMBER);
    await one.loaders.invite.load(INVITE);
    expect(await other.loaders.staffMember.load(MEMBER)).toBeNull();
    expect(await other.loaders.invite.load(INVITE)).toBeNull();
  });
});
