import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulators, startEmulators } from '../../src/emulators/start';
import { textsAt } from '../support/at';
import { closeAll } from '../support/close-all';
import { EPOCH, type Rollcall, startRollcall } from '../support/start';
import { until } from './client';

const RESEND =
  'mutation ($input: ResendInviteInput!) { resendInvite(input: $input) { outcome userErrors { code } } }';
const PENDING = '{ account(id: "contoso") { invites(filter: { status: PENDING }) { nodes { id } } } }';
/** For the process that is lost: it waits for its vendor until the test is over. */
const PATIENT = { writeTimeout: '60s', operationDeadline: '60s' };

let folder: string;
let emulators: Emulators;
let lost: Rollcall;
let other: Rollcall;
let inviteId: string;
let calls: Promise<unknown>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-lost-'));
  const storage = `sqlite:${join(folder, 'ledger.db')}`;
  emulators = await startEmulators({ epoch: EPOCH });
  lost = await startRollcall({ emulators, storage, limits: PATIENT });
  other = await startRollcall({ emulators, storage });
  [inviteId = ''] = textsAt((await other.query(PENDING)).data, 'account.invites.nodes.*.id');
  emulators.softwareone.faults.add({ kind: 'hang', route: 'POST */resend-invite', times: 1 });
  calls = resend(lost).catch(() => null);
  await until(() => emulators.softwareone.requests.some(({ method }) => method === 'POST'), 5000);
});
afterEach(async () => {
  await closeAll(emulators);
  await calls;
  await closeAll([lost, other]);
  rmSync(folder, { recursive: true, force: true });
});

async function resend({ query }: Rollcall): Promise<unknown> {
  const { data } = await query(RESEND, { input: { inviteId, idempotencyKey: 'lost' } });
  return data?.resendInvite;
}

/** Somebody else sends it, past this API. */
async function resendInPortal(): Promise<void> {
  const account = emulators.accounts.find(({ key }) => key === 'contoso');
  const token = account?.vendor === 'softwareone' ? account.token : '';
  const path = `/accounts/account-users/${inviteId.replace('contoso:', '')}/resend-invite`;
  const response = await fetch(`${emulators.softwareone.baseUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  expect(response.status).toBe(200);
}

it('crash recovery: does not take a later send by another user for the result of the interrupted write', async () => {
  expect(emulators.softwareone.requests.map(({ method }) => method)).toContain('POST');
  emulators.clock.advance(120_000);
  await resendInPortal();
  expect(await resend(other)).toEqual({ outcome: 'UNKNOWN', userErrors: [{ code: 'OUTCOME_UNKNOWN' }] });
});
