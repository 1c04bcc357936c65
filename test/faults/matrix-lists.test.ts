import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { VendorName } from '../../src/emulators/start';
import { closeAll } from '../support/close-all';
import { CANARY, CASES, codeAt, limitsFor, type ReadCase } from './cases';
import { type ListName, type ListResult, omit, readList } from '../support/list-queries';
import { FAILING_ACCOUNTS, readsOf, useVendorFixture } from '../support/vendor-fixture';

const stage = useVendorFixture();

/** Which vendor's reads each list is made of: Wix's invites are remembered, and it is not asked for them. */
const LISTS: readonly (readonly [ListName, VendorName])[] = [
  ['staffMembers', 'ecwid'],
  ['staffMembers', 'softwareone'],
  ['staffMembers', 'wix'],
  ['invites', 'ecwid'],
  ['invites', 'softwareone'],
];

/** A host that is no vendor. */
const heard: string[] = [];
const bystander = createServer((request, response) => {
  heard.push(`${request.method} ${request.url}`);
  response.end('{"staffList":[],"contributors":[],"data":[]}');
});
let elsewhere = '';
/** The lists as they are without trouble. */
const whole = new Map<ListName, ListResult>();
beforeAll(async () => {
  await new Promise<void>((listening) => bystander.listen(0, '127.0.0.1', listening));
  elsewhere = `http://127.0.0.1:${(bystander.address() as AddressInfo).port}/staff`;
  const rollcall = await stage.start();
  for (const [name] of LISTS) whole.set(name, await readList(rollcall, name));
  rollcall.forgetRequests();
});
afterAll(() => closeAll(bystander));

const healthy = (name: ListName): ListResult => {
  const listed = whole.get(name);
  if (!listed) throw new Error('not read yet');
  return listed;
};

/** Reads a list while one account of a vendor is in trouble, and looks at all that can be seen of it. */
async function readInTrouble(name: ListName, vendor: VendorName, row: ReadCase) {
  const { fault, retryAfter } = row;
  const account = FAILING_ACCOUNTS[vendor];
  const rollcall = await stage.start({ limits: limitsFor(row) });
  const { clock } = stage.emulators;
  const before = clock.now();
  stage.emulators[vendor].faults.add({ ...fault({ now: before, elsewhere }), account });
  const { rows, sources, totalCount } = await readList(rollcall, name);
  const { state, code, retryAt, asOf } = sources[account] ?? {};
  const wait = retryAt == null ? null : Date.parse(retryAt);
  const [least, most] = retryAfter ?? [0, 0];
  expect(heard).toEqual([]);
  expect(rollcall.logged.join('\n')).not.toContain(CANARY);
  return {
    rows: rows[account] ?? [],
    source: { state, code, dated: asOf != null },
    totalCount,
    tries: readsOf(rollcall, account).length,
    retryAt: wait && { isLateEnough: wait >= before + least, isBounded: wait <= clock.now() + most },
    others: {
      rows: omit(rows, account),
      sources: othersOf(account).map((key) => `${sources[key]?.state} ${sources[key]?.code}`),
      tries: othersOf(account).map((key) => readsOf(rollcall, key).length),
    },
  };
}

const othersOf = (account: string): string[] =>
  stage.emulators.accounts.map(({ key }) => key).filter((key) => key !== account);

/** How often an account that has no trouble is asked. */
const triesFor = (name: ListName, account: string): number =>
  name === 'invites' &&
  stage.emulators.accounts.some(({ key, vendor }) => key === account && vendor === 'wix')
    ? 0
    : 1;

describe.each(LISTS)('fault matrix: the list of %s, while one account of %s has', (name, vendor) => {
  const account = FAILING_ACCOUNTS[vendor];

  it.each(CASES.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
    const code = codeAt(row, vendor);
    const { rows, totalCount } = healthy(name);
    expect(await readInTrouble(name, vendor, row)).toEqual({
      ...(code === null
        ? { rows: rows[account], totalCount, source: { state: 'FRESH', code, dated: true } }
        : { rows: [], totalCount: null, source: { state: 'FAILED', code, dated: false } }),
      tries: row.tries,
      retryAt: row.retryAfter && { isLateEnough: true, isBounded: true },
      others: {
        rows: omit(rows, account),
        sources: othersOf(account).map(() => 'FRESH null'),
        tries: othersOf(account).map((key) => triesFor(name, key)),
      },
    });
  });
});

describe('fault matrix: the list of invites', () => {
  it('contains the Wix invites during any failure of Wix, because it makes no call to Wix', async () => {
    const rollcall = await stage.start();
    stage.emulators.wix.faults.add({ kind: 'hang' });
    expect(await readList(rollcall, 'invites')).toMatchObject({ rows: healthy('invites').rows });
    expect(readsOf(rollcall, 'harbour-cafe')).toEqual([]);
  });
});
