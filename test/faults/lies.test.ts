import type { Fault, VendorName } from '../../src/emulators/start';
import { localIdOf, SEED_INVITES } from '../support/seed-ids';
import { mails, outcomeAndCodes, vendorWrites, write } from '../support/invite-mutations';
import type { Rollcall } from '../support/start';
import { readList } from '../support/list-queries';
import { FAILING_ACCOUNTS, readsOf, useVendorFixture } from '../support/vendor-fixture';

describe('malformed vendor responses: a row with another id than requested', () => {
  const stage = useVendorFixture();
  const { pending, alsoPending, expired, alsoExpired } = SEED_INVITES.softwareone;

  /** Every row goes by another one's id. */
  const calledLike = (id: string): Fault => ({
    kind: 'patchBody',
    changes: [{ path: 'data.*.id', change: 'set', value: localIdOf(id) }],
    route: 'GET */account-users',
  });
  /** The row of another one comes before the one that was asked for. */
  const before = (id: string): Fault => ({
    kind: 'status',
    status: 200,
    body: {
      data: [id, pending].map((each) => ({
        id: localIdOf(each),
        user: { email: 'nora.vale@contoso.example' },
        invitation: { status: 'Invited' },
      })),
      $meta: { pagination: { offset: 0, limit: 1, total: 2 } },
    },
    route: 'GET */account-users',
  });

  it.each([
    ['resendInvite', pending, calledLike(alsoPending)],
    ['sendNewInvite', expired, calledLike(alsoExpired)],
    ['revokeInvite', pending, calledLike(alsoPending)],
  ] as const)('is never the target of a write: %s', async (name, inviteId, fault) => {
    const rollcall = await stage.start();
    stage.emulators.softwareone.faults.add(fault);
    expect(outcomeAndCodes(await write(rollcall, name, { inviteId }))).toMatch(/^NOT_SENT /);
    expect(vendorWrites(rollcall)).toEqual([]);
    expect(mails(rollcall)).toEqual([]);
  });

  it.each(['resendInvite', 'revokeInvite'] as const)(
    'does not prevent the write to the right row, if that follows: %s',
    async (name) => {
      const rollcall = await stage.start();
      stage.emulators.softwareone.faults.add(before(alsoPending));
      await write(rollcall, name, { inviteId: pending });
      expect(vendorWrites(rollcall).filter((line) => !line.includes(localIdOf(pending)))).toEqual([]);
    },
  );

  it('is not used for one person either', async () => {
    const rollcall = await stage.start();
    stage.emulators.softwareone.faults.add(calledLike(alsoPending));
    const { data, errors } = await rollcall.query('query ($id: ID!) { staffMember(id: $id) { id } }', {
      id: pending,
    });
    expect({ data, errors }).toEqual({ data: { staffMember: null }, errors: [] });
  });
});

describe('malformed vendor responses: an unknown status', () => {
  const stage = useVendorFixture();

  it.each([
    ['ecwid', null],
    ['softwareone', 'Quarantined'],
  ] as const)('keeps every row in its list, as UNKNOWN: %s', async (vendor, vendorStatus) => {
    const rollcall = await stage.start({ limits: { cacheTtl: '0s' } });
    const account = FAILING_ACCOUNTS[vendor];
    const before = await readList(rollcall, 'staffMembers');
    const invited = await readList(rollcall, 'invites', { accountIds: [account] });
    stage.emulators[vendor].faults.add({ kind: 'unknownStatusWord', account });
    const after = await readList(rollcall, 'staffMembers');
    expect(after.rows).toEqual({
      ...before.rows,
      [account]: before.rows[account]?.map((row) => ({ ...row, status: 'UNKNOWN', vendorStatus })),
    });
    expect(after.sources[account]).toMatchObject({ state: 'FRESH', code: null });
    const { rows } = await readList(rollcall, 'invites', { accountIds: [account] });
    expect(rows[account]?.map(({ id }) => id)).toEqual(
      expect.arrayContaining(invited.rows[account]?.map(({ id }) => id) ?? ['none']),
    );
    expect(rows[account]?.map(({ status }) => status)).toContain('UNKNOWN');
  });
});

describe('malformed vendor responses: pagination', () => {
  const stage = useVendorFixture({ accounts: 1, staffPerAccount: 250 });
  const ACCOUNT = 'softwareone-0001';
  const PAGE = `query ($after: String) {
    account(id: "${ACCOUNT}") {
      staffMembers(first: 100, after: $after) {
        nodes { id } pageInfo { hasNextPage endCursor } sources { state code }
      }
    }
  }`;

  /** Every page until there is no next one. */
  async function walk(rollcall: Rollcall): Promise<string[][]> {
    const pages: string[][] = [];
    for (let after: string | null = null; pages.length < 20;) {
      const { data, errors } = await rollcall.query(PAGE, { after });
      const list = data?.account?.staffMembers;
      expect({ errors, sources: list?.sources }).toEqual({
        errors: [],
        sources: [{ state: 'FRESH', code: null }],
      });
      pages.push((list?.nodes ?? []).map(({ id }) => id));
      if (!list?.pageInfo.hasNextPage) return pages;
      after = list.pageInfo.endCursor ?? null;
    }
    throw new Error('the list does not end');
  }

  it.each([
    ['as much as there is', null, [100, 100, 50]],
    ['a billion', 1_000_000_000, [100, 100, 50]],
    ['less than nothing', -1, [100, 100, 50]],
  ] as const)('with a total of %s shows every row once, and ends', async (_what, total, sizes) => {
    const rollcall = await stage.start();
    if (total !== null) stage.emulators.softwareone.faults.add({ kind: 'lieTotal', total });
    const pages = await walk(rollcall);
    expect(pages.map((page) => page.length)).toEqual(sizes);
    expect(new Set(pages.flat()).size).toBe(250);
    expect(readsOf(rollcall, ACCOUNT)).toHaveLength(3);
  });

  it.each([0, 7])(
    'with a total of %d, below the number of rows, ends with the rows it has',
    async (total) => {
      const rollcall = await stage.start();
      stage.emulators.softwareone.faults.add({ kind: 'lieTotal', total });
      const pages = await walk(rollcall);
      expect(pages[0]).toHaveLength(100);
      expect(new Set(pages.flat()).size).toBe(pages.flat().length);
      expect(readsOf(rollcall, ACCOUNT).length).toBeLessThanOrEqual(3);
    },
  );

  it('that repeats a page ends, and has no duplicates within a page', async () => {
    const rollcall = await stage.start();
    stage.emulators.softwareone.faults.add({ kind: 'repeatPages' });
    const pages = await walk(rollcall);
    for (const page of pages) expect(new Set(page).size).toBe(page.length);
    expect(readsOf(rollcall, ACCOUNT).length).toBeLessThanOrEqual(3);
  });

  it('is bounded for a search by the number of possible rows', async () => {
    const rollcall = await stage.start();
    stage.emulators.softwareone.faults.add({ kind: 'repeatPages' });
    const { rows, sources } = await readList(rollcall, 'staffMembers', {
      accountIds: [ACCOUNT],
      search: 'staff',
    });
    const ids = rows[ACCOUNT]?.map(({ id }) => id) ?? [];
    expect([new Set(ids).size, ids.length]).toEqual([100, 100]);
    expect(sources[ACCOUNT]?.state).toBe('FRESH');
    expect(readsOf(rollcall, ACCOUNT).length).toBeLessThanOrEqual(10);
  });

  it('with more rows than requested fills one page and no more', async () => {
    const rollcall = await stage.start();
    const whole = await rollcall.query(PAGE, {});
    const data = whole.data?.account?.staffMembers?.nodes.map(({ id }) => ({ id: localIdOf(id) }));
    stage.emulators.softwareone.faults.add({ kind: 'status', status: 200, body: { data } });
    const { data: short, errors } = await rollcall.query(
      `{ account(id: "${ACCOUNT}") { staffMembers(first: 7) { nodes { id } pageInfo { hasNextPage } } } }`,
    );
    expect(errors).toEqual([]);
    expect(short?.account?.staffMembers?.nodes).toHaveLength(7);
    expect(short?.account?.staffMembers?.pageInfo.hasNextPage).toBe(true);
  });
});

describe('keep-alive connection that the vendor closes as it is reused', () => {
  const stage = useVendorFixture();

  it.each(['ecwid', 'softwareone', 'wix'] as const)('costs one retry: %s', async (vendor: VendorName) => {
    const rollcall = await stage.start({ limits: { cacheTtl: '0s' } });
    const account = FAILING_ACCOUNTS[vendor];
    const before = await readList(rollcall, 'staffMembers');
    rollcall.forgetRequests();
    stage.emulators[vendor].faults.add({ kind: 'staleSocket', account, times: 1 });
    const { rows, sources } = await readList(rollcall, 'staffMembers');
    expect(rows).toEqual(before.rows);
    expect(sources[account]).toMatchObject({ state: 'FRESH', code: null });
    expect(readsOf(rollcall, account)).toHaveLength(2);
    expect(stage.emulators[vendor].faults.list()).toEqual([]);
  });
});
