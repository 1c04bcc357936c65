import { emailLocalId } from '../../src/email';
import { at } from '../support/at';
import { closeAll } from '../support/close-all';
import { type Secured, startSecured } from '../support/secured';
import { seconds } from '../support/tokens';

const BUDGET = 12;
/** Pending are the staff with these numbers: 4, 9, 14 and so on. */
const pending = (index: number): number => index * 5 + 4;
const ecwid = (index: number): string =>
  `ecwid-0001:${emailLocalId(`staff${pending(index)}@account-0001.example`)}`;
const softwareone = (index: number): string =>
  `softwareone-0001:AUSR-0001-0000-${String(pending(index)).padStart(4, '0')}`;

let app: Secured;
afterEach(() => closeAll(app));

const start = async (): Promise<void> => {
  app = await startSecured({
    world: { accounts: 2, staffPerAccount: 200 },
    limits: { emailsPerAccountPerHour: BUDGET },
  });
};

/** A token of one of several callers, all of one tenant. */
const caller = (sub: string): Promise<string> =>
  app.signer.sign({ sub, tenant: 'bench', exp: seconds(3600) });

const mailsOf = (key: string): number =>
  [app.emulators.ecwid, app.emulators.softwareone, app.emulators.wix]
    .flatMap(({ mails }) => mails)
    .filter(({ account }) => account === key).length;

const many = async (ids: readonly string[], token: string, key?: string) => {
  const { data, errors } = await app.ask(
    `mutation ($input: ResendInvitesInput!) { answer: resendInvites(input: $input) {
      results { outcome userErrors { code availableAt } } userErrors { code } } }`,
    {
      token,
      variables: { input: { inviteIds: ids, ...(key === undefined ? {} : { idempotencyKey: key }) } },
    },
  );
  expect(errors).toEqual([]);
  return at(data, 'answer.results') as { outcome: string; userErrors: { code: string }[] }[];
};

const aliased = async (ids: readonly string[], token: string) => {
  const { data, errors } = await app.ask(
    `mutation { ${ids.map((id, index) => `m${index}: resendInvite(input: { inviteId: "${id}" }) { outcome userErrors { code } }`).join(' ')} }`,
    { token },
  );
  expect(errors).toEqual([]);
  return Object.values(data as Record<string, { outcome: string; userErrors: { code: string }[] }>);
};

const tally = (results: readonly { outcome: string; userErrors: readonly { code: string }[] }[]) => {
  const counts: Record<string, number> = {};
  for (const { outcome, userErrors } of results) {
    const end = [outcome, ...userErrors.map(({ code }) => code)].join(' ');
    counts[end] = (counts[end] ?? 0) + 1;
  }
  return counts;
};

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

describe.each([
  ['ecwid', 'ecwid-0001', ecwid],
  ['softwareone', 'softwareone-0001', softwareone],
] as const)('hourly send limit of an account at %s', (_vendor, account, invite) => {
  it('counts each email of a bulk resend of 25', async () => {
    await start();
    const results = await many(range(0, 25).map(invite), await caller('ada'));
    expect(tally(results)).toEqual({ REQUESTED: BUDGET, 'NOT_SENT EMAIL_LIMIT': 25 - BUDGET });
    expect(mailsOf(account)).toBe(BUDGET);
  });

  it('counts several mutations of several operations', async () => {
    await start();
    const token = await caller('ada');
    const results = [];
    for (const from of [0, 5, 10, 15])
      results.push(...(await aliased(range(from, from + 5).map(invite), token)));
    expect(tally(results)).toEqual({ REQUESTED: BUDGET, 'NOT_SENT EMAIL_LIMIT': 20 - BUDGET });
    expect(mailsOf(account)).toBe(BUDGET);
  });

  it('counts concurrent callers of every mutation (concurrency)', async () => {
    await start();
    const tokens = await Promise.all(['ada', 'grace', 'linus', 'ken'].map(caller));
    const results = await Promise.all(
      tokens.flatMap((token, index) => [
        many(range(index * 9, index * 9 + 5).map(invite), token, `key-${index}`),
        aliased(range(index * 9 + 5, index * 9 + 9).map(invite), token),
      ]),
    );
    expect(tally(results.flat())).toEqual({ REQUESTED: BUDGET, 'NOT_SENT EMAIL_LIMIT': 36 - BUDGET });
    expect(mailsOf(account)).toBe(BUDGET);
  });
});

describe('hourly send limit', () => {
  it('is separate for each account, within one operation too', async () => {
    await start();
    const token = await caller('ada');
    const results = [
      ...(await many([...range(0, 13).map(ecwid), ...range(0, 12).map(softwareone)], token)),
      ...(await many(range(12, 14).map(softwareone), token)),
    ];
    expect(tally(results)).toEqual({ REQUESTED: 2 * BUDGET, 'NOT_SENT EMAIL_LIMIT': 3 });
    expect([mailsOf('ecwid-0001'), mailsOf('softwareone-0001')]).toEqual([BUDGET, BUDGET]);
  });

  it('counts new invites together with resends, and not writes without an email', async () => {
    await start();
    const token = await caller('ada');
    await many(range(0, BUDGET - 1).map(ecwid), token);
    const write = async (field: string, input: string) => {
      const { data } = await app.ask(
        `mutation { answer: ${field}(input: { ${input} }) { outcome userErrors { code } } }`,
        {
          token,
        },
      );
      return tally([at(data, 'answer') as { outcome: string; userErrors: { code: string }[] }]);
    };
    const invited = (name: string) =>
      write(
        'inviteStaffMember',
        `accountId: "ecwid-0001", email: "${name}@new.example", roleIds: ["REPORT_ACCESS"]`,
      );
    expect(await write('revokeInvite', `inviteId: "${ecwid(30)}"`)).toEqual({ REQUESTED: 1 });
    expect(await invited('one')).toEqual({ REQUESTED: 1 });
    expect(await invited('two')).toEqual({ 'NOT_SENT EMAIL_LIMIT': 1 });
    expect(await write('revokeInvite', `inviteId: "${ecwid(31)}"`)).toEqual({ REQUESTED: 1 });
    expect(mailsOf('ecwid-0001')).toBe(BUDGET);
  });

  it('counts unknown outcomes, and not refusals by the vendor', async () => {
    await start();
    const token = await caller('ada');
    const { faults } = app.emulators.softwareone;
    faults.add({ kind: 'lostAnswer', route: 'POST */resend-invite', times: 2 });
    faults.add({ kind: 'status', status: 422, route: 'POST */resend-invite', times: 2 });
    const results = await aliased(range(0, 4).map(softwareone), token);
    expect(results.map(({ outcome }) => outcome)).toEqual(['UNKNOWN', 'UNKNOWN', 'REJECTED', 'REJECTED']);
    expect(tally(await many(range(4, 24).map(softwareone), token))).toEqual({
      REQUESTED: BUDGET - 2,
      'NOT_SENT EMAIL_LIMIT': 20 - (BUDGET - 2),
    });
    expect(mailsOf('softwareone-0001')).toBe(BUDGET);
  });

  it('is free again after an hour, by the age of each email', async () => {
    await start();
    const token = await caller('ada');
    await many(range(0, 5).map(ecwid), token);
    app.emulators.clock.advance(30 * 60_000);
    await many(range(5, BUDGET).map(ecwid), token);
    app.emulators.clock.advance(30 * 60_000 + 1000);
    expect(tally(await many(range(20, 30).map(ecwid), token))).toEqual({
      REQUESTED: 5,
      'NOT_SENT EMAIL_LIMIT': 5,
    });
    expect(mailsOf('ecwid-0001')).toBe(BUDGET + 5);
  });
});
