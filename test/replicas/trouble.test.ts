import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeAll } from '../support/close-all';
import { SEED_INVITES } from '../support/seed-ids';
import { outcomeAndCodes, vendorWrites, write } from '../support/invite-mutations';
import { connectionOf, NO_CACHE, sourceOf } from '../support/list-queries';
import { metric } from '../support/metrics';
import { useVendorFixture } from '../support/vendor-fixture';
import { waitFor } from '../support/wait-for';
import { type OwnRedis, prepareRedis } from '../support/redis';
import type { Rollcall } from '../support/start';
import { answersIn } from './kept';

const ACCOUNT = 'contoso';
const PASSWORD = 'CANARY-redis-6d2e';
const stage = useVendorFixture();
let folder: string;
let redis: OwnRedis;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-replicas-'));
  redis = await prepareRedis(PASSWORD);
});
afterEach(async () => {
  await closeAll(redis);
  rmSync(folder, { recursive: true });
});

/** Two processes with one ledger, as replicas have. */
const pair = async (url = redis.url): Promise<[Rollcall, Rollcall]> => {
  // Answers are good for a minute: nothing is forgotten by the time a test takes.
  const limits = { cacheTtl: '60s' };
  const options = { redis: url, storage: `sqlite:${join(folder, 'ledger.db')}`, limits };
  return [await stage.start(options), await stage.start(options)];
};
const connected = async (each: Rollcall, is: boolean): Promise<void> =>
  waitFor(async () => (await metric(each, 'redis_connected')) === Number(is));
const away = (each: Rollcall): string[] => each.logged.filter((line) => line.includes('redis is away'));
const back = (each: Rollcall): string[] => each.logged.filter((line) => line.includes('redis is back'));

/** What one reads the other has, once both are connected; `fresh` reads so that nothing older gets in the way. */
async function expectShared(here: Rollcall, there: Rollcall): Promise<void> {
  await Promise.all([here, there].map((each) => connected(each, true)));
  stage.emulators.clock.advance(61_000);
  const { asOf } = await sourceOf(here, ACCOUNT, NO_CACHE);
  await waitFor(async () => (await answersIn(redis)).length === 1);
  await waitFor(async () => (await sourceOf(there, ACCOUNT)).asOf === asOf);
}

/** Each answers by itself, and sends what it is told to send, once. */
async function expectServed(...all: readonly Rollcall[]): Promise<void> {
  for (const each of all) {
    expect(await sourceOf(each, ACCOUNT, NO_CACHE)).toMatchObject({ state: 'FRESH', code: null });
    expect(await sourceOf(each, ACCOUNT)).toMatchObject({ state: 'CACHED', code: null });
  }
}

const expectNoSecret = (...all: readonly Rollcall[]): void => {
  expect(all.flatMap(({ logged }) => logged).join('\n')).not.toContain('CANARY');
};

describe('Redis unavailable', () => {
  it('a process continues alone after kill -9 of Redis, and shares again when it is back', async () => {
    await redis.start();
    const [here, there] = await pair();
    await expectShared(here, there);
    await redis.kill();
    await expectServed(here, there);
    await Promise.all([here, there].map((each) => connected(each, false)));
    expect(await fetch(new URL('/readyz', here.app.url))).toMatchObject({ status: 200 });
    await redis.start();
    await expectShared(here, there);
    await expectServed(here, there);
    expect([here, there].map((each) => [away(each).length, back(each).length])).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expectNoSecret(here, there);
  });

  it('a process starts, logs it once, and shares as soon as Redis is available', async () => {
    const [here, there] = await pair();
    await expectServed(here, there);
    expect([here, there].map((each) => [away(each).length, back(each).length])).toEqual([
      [1, 0],
      [1, 0],
    ]);
    expect(JSON.parse(away(here)[0] ?? '')).toMatchObject({ level: 40, cause: 'ECONNREFUSED' });
    await redis.start();
    await expectShared(here, there);
    expect(back(here)).toHaveLength(1);
  });

  it('a process starts with a wrong password, and does not leak it', async () => {
    await redis.start();
    const [here, there] = await pair(redis.url.replace(PASSWORD, 'CANARY-wrong'));
    await expectServed(here, there);
    expect(JSON.parse(away(here)[0] ?? '')).toMatchObject({ cause: 'WRONGPASS' });
    expect(away(there)).toHaveLength(1);
    expectNoSecret(here, there);
  });

  it('a process needs no more permissions than the documentation lists', async () => {
    await redis.start();
    const rights = '~rollcall:* resetchannels &rollcall:* +@all -@dangerous -@admin';
    await redis.command('ACL', 'SETUSER', 'rollcall', 'on', '>CANARY-own', ...rights.split(' '));
    const [here, there] = await pair(redis.url.replace(`:${PASSWORD}`, 'rollcall:CANARY-own'));
    await expectShared(here, there);
    expect(
      outcomeAndCodes(await write(here, 'resendInvite', { inviteId: SEED_INVITES.softwareone.pending })),
    ).toBe('REQUESTED');
    await waitFor(async () => (await sourceOf(there, ACCOUNT)).state === 'FRESH');
    stage.emulators.softwareone.faults.add({ kind: 'status', status: 429, times: 1 });
    await sourceOf(here, ACCOUNT, NO_CACHE);
    await waitFor(async () => (await sourceOf(there, ACCOUNT, NO_CACHE)).code === 'THROTTLED');
    expect([here, there].flatMap(({ logged }) => logged).filter((line) => line.includes('redis'))).toEqual(
      [],
    );
    expect(readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8')).toContain(rights);
  });

  it('a process treats missing permissions as an unavailable Redis', async () => {
    await redis.start();
    await redis.command('ACL', 'SETUSER', 'meek', 'on', '>CANARY-meek', '~other:*', '&*', '+@all');
    const url = redis.url.replace(`:${PASSWORD}`, 'meek:CANARY-meek');
    const [here, there] = await pair(url);
    await expectServed(here, there);
    expect(JSON.parse(away(here)[0] ?? '')).toMatchObject({ cause: 'NOPERM' });
    expectNoSecret(here, there);
  });
});

describe('Redis that hangs', () => {
  it('delays no operation for long, and is used again when it continues', async () => {
    await redis.start();
    const [here, there] = await pair();
    await expectShared(here, there);
    redis.pause();
    await expectServed(here);
    // The next one does not wait for it.
    expect(await metric(here, 'redis_connected')).toBe(0);
    await connected(there, false);
    await expectServed(here, there);
    redis.goOn();
    await expectShared(here, there);
    await expectServed(here, there);
  });

  it('does not bring back values that changed meanwhile', async () => {
    await redis.start();
    const [here, there] = await pair();
    stage.emulators.softwareone.faults.add({ kind: 'status', status: 401, account: ACCOUNT, times: 1 });
    expect((await sourceOf(here, ACCOUNT)).code).toBe('AUTH');
    await waitFor(async () => (await connectionOf(there, ACCOUNT)).state === 'AUTH_FAILED');
    redis.pause();
    stage.emulators.clock.advance(31_000);
    expect(await sourceOf(here, ACCOUNT)).toMatchObject({ state: 'FRESH' });
    await waitFor(() => away(here).length === 1);
    redis.goOn();
    await connected(here, true);
    expect((await connectionOf(here, ACCOUNT)).state).toBe('OK');
    await waitFor(async () => (await connectionOf(there, ACCOUNT)).state === 'OK');
  });

  it('delays neither the start nor the shutdown of a process', async () => {
    await redis.start();
    redis.pause();
    const [here, there] = await pair();
    await expectServed(here, there);
    expect(away(here).length).toBeLessThanOrEqual(1);
    // Both end while it still hangs.
  });

  it('gets the missed invalidations afterwards: other processes drop their cached reads', async () => {
    await redis.start();
    const [here, there] = await pair();
    await sourceOf(there, ACCOUNT);
    redis.pause();
    expect(
      outcomeAndCodes(await write(here, 'resendInvite', { inviteId: SEED_INVITES.softwareone.pending })),
    ).toBe('REQUESTED');
    redis.goOn();
    await waitFor(async () => (await sourceOf(there, ACCOUNT)).state === 'FRESH');
  });
});

describe('Redis that refuses writes, as a replica does', () => {
  it('does not hide a write from its own process, and shares again afterwards', async () => {
    await redis.start();
    const [here, there] = await pair();
    await sourceOf(there, ACCOUNT);
    await waitFor(async () => (await answersIn(redis)).length === 1);
    await redis.command('REPLICAOF', '127.0.0.1', '1');
    expect(
      outcomeAndCodes(await write(here, 'resendInvite', { inviteId: SEED_INVITES.softwareone.pending })),
    ).toBe('REQUESTED');
    expect(await sourceOf(here, ACCOUNT)).toMatchObject({ state: 'FRESH' });
    expect(await sourceOf(there, ACCOUNT)).toMatchObject({ state: 'CACHED' });
    await redis.command('REPLICAOF', 'NO', 'ONE');
    await waitFor(async () => (await sourceOf(there, ACCOUNT)).state === 'FRESH');
  });
});

describe('Redis that is full', () => {
  it('still publishes invalidations and pauses; refused cache entries are logged once', async () => {
    await redis.start();
    const [here, there] = await pair();
    await sourceOf(there, ACCOUNT);
    await waitFor(async () => (await answersIn(redis)).length === 1);
    await redis.command('CONFIG', 'SET', 'maxmemory', '1');
    expect(
      outcomeAndCodes(await write(here, 'resendInvite', { inviteId: SEED_INVITES.softwareone.pending })),
    ).toBe('REQUESTED');
    await waitFor(async () => (await sourceOf(there, ACCOUNT)).state === 'FRESH');
    await expectServed(here, there);
    stage.emulators.softwareone.faults.add({ kind: 'status', status: 429, account: ACCOUNT, times: 1 });
    await sourceOf(here, ACCOUNT, NO_CACHE);
    await waitFor(async () => (await connectionOf(there, ACCOUNT)).state === 'THROTTLED');
    const said = here.logged.filter((line) => line.includes('redis'));
    expect(said.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { msg: 'redis refuses a command', cause: 'OOM', level: 40 },
    ]);
  });
});

describe('Redis that loses data', () => {
  it('is filled again', async () => {
    await redis.start();
    const [here, there] = await pair();
    await expectShared(here, there);
    await redis.command('FLUSHALL');
    await expectServed(here, there);
    await expectShared(here, there);
  });

  it('may have lost messages with a connection: older cache entries are dropped', async () => {
    await redis.start();
    const [here, there] = await pair();
    await expectServed(here, there);
    await redis.kill();
    await Promise.all([here, there].map((each) => connected(each, false)));
    expect(await sourceOf(there, ACCOUNT)).toMatchObject({ state: 'CACHED' });
    await redis.start();
    await connected(there, true);
    expect(await sourceOf(there, ACCOUNT)).toMatchObject({ state: 'FRESH' });
  });

  it('and restarts with an old snapshot does not bring back reads from before a write', async () => {
    await redis.start();
    const [here, there] = await pair();
    await sourceOf(there, ACCOUNT);
    await waitFor(async () => (await answersIn(redis)).length === 1);
    const [generation = ''] = await redis.keys('rollcall:generation:');
    const before = await redis.command('GET', generation);
    await write(here, 'resendInvite', { inviteId: SEED_INVITES.softwareone.pending });
    await waitFor(async () => String(await redis.command('GET', generation)) !== String(before));
    // As a replica that takes over, and had not heard of it.
    await redis.command('SET', generation, before as Buffer);
    await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await waitFor(async () => String(await redis.command('GET', generation)) !== String(before));
    await connected(there, true);
    expect(await sourceOf(there, ACCOUNT)).toMatchObject({ state: 'FRESH' });
  });
});

describe('Redis that comes and goes', () => {
  it('sends one email for fifty concurrent resends of one invite at two processes', async () => {
    await redis.start();
    const [here, there] = await pair();
    const resend = (each: Rollcall) =>
      write(each, 'resendInvite', { inviteId: SEED_INVITES.softwareone.pending, idempotencyKey: 'once' });
    const crowd = Array.from({ length: 50 }, (_, index) => resend(index % 2 ? here : there));
    await redis.kill();
    await redis.start();
    redis.pause();
    const outcomes = new Set((await Promise.all(crowd)).map(outcomeAndCodes));
    expect(outcomes).toContain('REQUESTED');
    expect([...outcomes].filter((each) => each !== 'REQUESTED' && each !== 'NOT_SENT IN_PROGRESS')).toEqual(
      [],
    );
    expect(vendorWrites(here)).toHaveLength(1);
  });

  it('fails no read', async () => {
    await redis.start();
    const all = await pair();
    let going = true;
    const codes = new Set<unknown>();
    const readers = all.flatMap((each) =>
      [{}, NO_CACHE].map(async (headers) => {
        while (going) codes.add((await sourceOf(each, ACCOUNT, headers)).code);
      }),
    );
    for (let round = 0; round < 3; round++) {
      await redis.kill();
      await Promise.all(all.map((each) => connected(each, false)));
      await redis.start();
      await Promise.all(all.map((each) => connected(each, true)));
      await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
      redis.pause();
      await Promise.all(all.map((each) => connected(each, false)));
      redis.goOn();
      await Promise.all(all.map((each) => connected(each, true)));
    }
    going = false;
    await Promise.all(readers);
    expect([...codes]).toEqual([null]);
  });
});
