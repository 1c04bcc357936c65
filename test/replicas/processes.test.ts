import { type Canary, findLeaks } from '../support/secret-search';
import { SEED_INVITES } from '../support/seed-ids';
import { waitFor } from '../support/wait-for';
import { at } from '../support/at';
import { closeAll } from '../support/close-all';
import { PATIENT_WITH_REDIS } from '../support/patient-redis';
import { type OwnRedis, startRedis } from '../support/redis';
import type { Reply } from '../support/secured';
import { type Another, type Served, startServed } from '../support/served';

const STAFF = `query ($account: ID!) {
  staffMembers(first: 1, filter: { accountIds: [$account] }) {
    nodes { id }
    sources { state code asOf retryAt }
  }
}`;
const CONNECTION = `query ($account: ID!) { account(id: $account) { connection { state retryAt } } }`;
const REVEAL = `mutation ($id: ID!) { revealInviteLink(input: { inviteId: $id }) { link userErrors { code } } }`;
const RESEND = `mutation ($id: ID!) {
  resendInvite(input: { inviteId: $id, idempotencyKey: "canary-key" }) { outcome userErrors { code } }
}`;
const PASSWORD = 'CANARY-redis-11f0';
const account = 'harbor-tea';

let redis: OwnRedis;
let here: Served;
let there: Another;
beforeAll(async () => {
  redis = await startRedis(PASSWORD);
  here = await startServed({
    redis: redis.url,
    limits: { cacheTtl: '1h', staleTtl: '1h' },
    ...PATIENT_WITH_REDIS,
  });
  there = await here.another();
});
afterAll(() => closeAll([here, redis]));
beforeEach(async () => {
  here.emulators.reset();
  await redis.command('FLUSHALL');
});

type Asked = Pick<Served, 'ask'>;
const sourceOf = async (each: Asked, of = account): Promise<Record<string, unknown>> => {
  const { data } = await each.ask(STAFF, { variables: { account: of } });
  return at(data, 'staffMembers.sources.0') as Record<string, unknown>;
};
const connectionOf = async (each: Asked): Promise<Record<string, unknown>> => {
  const { data } = await each.ask(CONNECTION, { variables: { account } });
  return at(data, 'account.connection') as Record<string, unknown>;
};
const calls = (): number => here.emulators.ecwid.requests.length;

describe('two processes with one Redis', () => {
  it('make one vendor call for concurrent reads at both (single-flight)', async () => {
    const crowd = Array.from({ length: 200 }, (_, index) => sourceOf(index % 2 ? here : there));
    const answers = await Promise.all(crowd);
    expect(new Set(answers.map(({ asOf }) => asOf)).size).toBe(1);
    expect(calls()).toBe(1);
    expect(await sourceOf(await here.another())).toMatchObject({
      state: 'CACHED',
      asOf: answers[0]?.['asOf'],
    });
    expect(calls()).toBe(1);
  });

  it('pause together, including a process that starts later (rate limit)', async () => {
    const headers = { 'retry-after': '600' };
    here.emulators.ecwid.faults.add({ kind: 'status', status: 429, headers, times: 1 });
    const fresh = { 'cache-control': 'no-cache' };
    await here.ask(STAFF, { variables: { account }, headers: fresh });
    await waitFor(async () => (await connectionOf(there))['state'] === 'THROTTLED');
    const late = await here.another();
    const retryAts = await Promise.all(
      [here, there, late].map(async (each) => {
        const { state, retryAt } = await connectionOf(each);
        expect(state).toBe('THROTTLED');
        await each.ask(STAFF, { variables: { account }, headers: fresh });
        return Date.parse(String(retryAt));
      }),
    );
    expect(Math.max(...retryAts) - Math.min(...retryAts)).toBeLessThan(2000);
    expect(calls()).toBe(1);
  });

  it('continue after kill -9 of the process that holds the lease', async () => {
    const of = 'contoso';
    here.emulators.softwareone.faults.add({ kind: 'hang', account: of, times: 1 });
    const dying = await here.another();
    const lost = sourceOf(dying, of).catch(() => null);
    await waitFor(() => here.emulators.softwareone.requests.length === 1);
    const answer = sourceOf(there, of);
    dying.process.signal('SIGKILL');
    expect(await answer).toMatchObject({ state: 'FRESH' });
    expect(await lost).toBeNull();
  });

  it('shut down in time while Redis hangs (graceful shutdown)', async () => {
    const ending = await here.another({});
    await sourceOf(ending);
    redis.pause();
    ending.process.signal('SIGTERM');
    expect(await ending.process.ended).toBe(0);
    redis.goOn();
  });

  it('leak no link, credential, email address or password (secret leak)', async () => {
    const id = SEED_INVITES.softwareone.pending;
    const replies: Reply[] = [];
    for (const each of [here, there]) {
      replies.push(await each.ask(REVEAL, { variables: { id } }));
      replies.push(await each.ask(RESEND, { variables: { id } }));
      for (const { key } of here.emulators.accounts)
        replies.push(await each.ask(STAFF, { variables: { account: key } }));
      replies.push(await each.ask(`{ invites(first: 100) { nodes { id email expiresAt } } }`));
    }
    const link = at(replies[0]?.data, 'revealInviteLink.link');
    expect(link).toMatch(/^https:/);
    const credentials = here.emulators.accounts.map((each) => ('token' in each ? each.token : each.apiKey));
    const secrets: Canary[] = [
      { what: 'a link', text: String(link) },
      { what: 'the password', text: PASSWORD },
      { what: 'a token', text: here.token },
      ...credentials.map((text) => ({ what: 'a credential', text })),
    ];
    const keys = await redis.keys('');
    const values = await Promise.all(
      keys.map(async (key) => {
        const type = String(await redis.command('TYPE', key));
        const value = await (type === 'hash' ? redis.command('HVALS', key) : redis.command('GET', key));
        // One that has expired meanwhile has nothing in it.
        return Buffer.concat([(value ?? []) as Buffer | Buffer[]].flat()).toString('latin1');
      }),
    );
    // There is something to be searched.
    expect(values.join()).toContain('@contoso.example');
    const places = values.map((text) => ({ name: 'a value', text }));
    expect(findLeaks(secrets, [...places, { name: 'a key', text: keys.join('\n') }])).toEqual([]);
    const addresses: Canary[] = [
      { what: 'an address', text: '@contoso.example' },
      { what: 'an account', text: account },
    ];
    expect(findLeaks(addresses, [{ name: 'a key', text: keys.join('\n') }])).toEqual([]);
    const logged = [here, there].flatMap(({ process }) => [...process.stdout, ...process.stderr]).join('\n');
    expect(findLeaks(secrets, [{ name: 'the log', text: logged }])).toEqual([]);
  });
});
