import { type Secured, startSecured } from '../support/secured';
import { createSigner, type KeyServer, type Signer, startKeyServer } from '../support/tokens';

const ACCOUNTS = '{ accounts { nodes { id } } }';
const counted = (count: number) => Array.from({ length: count }, (_, index) => index);

let ours: Signer;
let next: Signer;
let keys: KeyServer;
let app: Secured;
beforeAll(async () => {
  [ours, next] = await Promise.all([createSigner('one'), createSigner('two', 'RS256')]);
});
beforeEach(async () => {
  keys = await startKeyServer([ours]);
  app = await startSecured({ auth: { jwksUri: keys.uri } });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await app.close();
  await keys.close();
});

const now = Date.now.bind(Date);

/** The clock by which keys grow old moves; the tokens' own does not. */
function later(ms: number): void {
  jest.spyOn(Date, 'now').mockImplementation(() => now() + ms);
}

const statusOf = async (token: string): Promise<number> => (await app.ask(ACCOUNTS, { token })).status;

describe('a key set at an address', () => {
  it('is read when the first token comes, and once for many', async () => {
    expect(keys.asked()).toBe(0);
    const statuses = await Promise.all(counted(50).map(async () => statusOf(await ours.sign())));
    for (let index = 0; index < 10; index++) statuses.push(await statusOf(await ours.sign()));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(keys.asked()).toBe(1);
  });

  it('is not read for each of many tokens with an unknown key', async () => {
    expect(await statusOf(await ours.sign())).toBe(200);
    const strange = await Promise.all(counted(50).map((index) => next.sign({}, { kid: `strange-${index}` })));
    expect(new Set(await Promise.all(strange.map(statusOf)))).toEqual(new Set([401]));
    expect(keys.asked()).toBe(1);
    later(31_000);
    expect(new Set(await Promise.all(strange.map(statusOf)))).toEqual(new Set([401]));
    for (const token of strange) expect(await statusOf(token)).toBe(401);
    expect(keys.asked()).toBe(2);
    expect(await statusOf(await ours.sign())).toBe(200);
  });

  it('brings a new key without a restart, and drops the old one', async () => {
    expect(await statusOf(await ours.sign())).toBe(200);
    keys.serve([next]);
    later(31_000);
    expect(await statusOf(await next.sign())).toBe(200);
    expect(await statusOf(await ours.sign())).toBe(401);
    expect(keys.asked()).toBe(2);
  });

  it('that cannot be read lets nobody in, and all go on when it can', async () => {
    keys.serve(null);
    const token = await ours.sign();
    const { status, codes } = await app.ask(ACCOUNTS, { token });
    expect([status, codes]).toEqual([401, ['UNAUTHENTICATED']]);
    expect((await fetch(app.app.url.replace('/graphql', '/healthz'))).status).toBe(200);
    keys.serve([ours]);
    later(31_000);
    expect(await statusOf(token)).toBe(200);
  });

  it('that refuses connections lets nobody in, and the process goes on', async () => {
    await keys.close();
    const token = await ours.sign();
    expect(await Promise.all([statusOf(token), statusOf(token)])).toEqual([401, 401]);
    expect((await fetch(app.app.url.replace('/graphql', '/readyz'))).status).toBe(200);
    expect(app.logged.join('\n')).not.toContain(token);
  });

  it('that fails is not asked again for every token', async () => {
    keys.serve(null);
    for (let index = 0; index < 20; index++) expect(await statusOf(await ours.sign())).toBe(401);
    expect(keys.asked()).toBeLessThanOrEqual(2);
  });

  it('that was read before is believed while its address fails', async () => {
    expect(await statusOf(await ours.sign())).toBe(200);
    keys.serve(null);
    later(60_000);
    expect(await statusOf(await next.sign())).toBe(401);
    expect(await statusOf(await ours.sign())).toBe(200);
  });
});
