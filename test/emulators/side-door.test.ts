import { startEmulators, type Emulators } from '../../src/emulators/start';
import { closeAll } from '../support/close-all';
import { at, clientOf, rows, send, text } from './vendor-client';

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators({ epoch: '2026-05-01T00:00:00Z' });
});
afterEach(() => {
  emulators.reset();
});
afterAll(() => closeAll(emulators));

const door = (method: string, path: string, body?: unknown) =>
  send(
    method,
    `${new URL(emulators.softwareone.baseUrl).origin}/__emulator${path}`,
    {},
    body === undefined ? undefined : JSON.stringify(body),
  );
const membership = '/accounts/account-users/AUSR-2750-9914-0362';
const contoso = (method: string, path: string) => clientOf(emulators, 'contoso')(method, path);
const statusOf = async () => at((await contoso('GET', membership)).json, 'invitation.status');

it('emulator control API: lists and clears recorded requests, and records none of its own', async () => {
  await contoso('POST', `${membership}/resend-invite`);
  const path = `/public/v1${membership}/resend-invite`;
  expect((await door('GET', '/requests')).json).toMatchObject({
    total: 1,
    requests: [{ method: 'POST', path, query: '', status: 200 }],
  });
  await door('DELETE', '/requests');
  expect((await door('GET', '/requests')).json).toEqual({ total: 0, requests: [] });
});

it('emulator control API: lists mails', async () => {
  await contoso('POST', `${membership}/resend-invite`);
  const mails = rows((await door('GET', '/mails')).json, 'mails');
  expect(mails).toEqual([...emulators.softwareone.mails]);
  expect(mails).toMatchObject([
    { account: 'contoso', to: 'nora.vale@contoso.example', kind: 'resend', language: null },
  ]);
});

it('emulator control API: moves the clock of all three vendors', async () => {
  expect(Date.parse(text((await door('GET', '/clock')).json, 'now'))).toBeGreaterThanOrEqual(
    Date.parse('2026-05-01T00:00:00Z'),
  );
  await door('POST', '/clock', { advance: '7d' });
  expect(await statusOf()).toBe('InvitationExpired');
  await door('POST', '/clock', { set: '2026-05-02T00:00:00Z' });
  expect(await statusOf()).toBe('Invited');
  expect(emulators.clock.now()).toBeLessThan(Date.parse('2026-05-02T00:01:00Z'));
});

it('emulator control API: adds and removes faults', async () => {
  const fault = { kind: 'status', status: 503, route: 'GET */account-users', times: 3 };
  expect((await door('POST', '/faults', fault)).json).toEqual({ faults: [fault] });
  expect((await contoso('GET', '/accounts/account-users')).status).toBe(503);
  expect((await door('GET', '/faults')).json).toEqual({ faults: [{ ...fault, times: 2 }] });
  expect((await door('DELETE', '/faults')).json).toEqual({ faults: [] });
  expect((await contoso('GET', '/accounts/account-users')).status).toBe(200);
});

it('emulator control API: acts as the invitee', async () => {
  await door('POST', '/invites', { account: 'contoso', invite: 'AUSR-2750-9914-0362', action: 'accept' });
  expect(await statusOf()).toBe('Active');
  await door('POST', '/invites', { account: 'contoso', invite: 'AUSR-2750-9914-0364', action: 'decline' });
  expect((await contoso('GET', '/accounts/account-users/AUSR-2750-9914-0364')).status).toBe(404);
});

it('emulator control API: resets all vendors', async () => {
  await clientOf(emulators, 'harbor-tea')('POST', '/staff/invite', { email: 'lena@harbor-tea.example' });
  await contoso('DELETE', membership);
  emulators.wix.faults.add({ kind: 'hang' });
  emulators.clock.advance(1e9);
  await door('POST', '/reset');
  for (const { requests, mails, faults } of [emulators.ecwid, emulators.softwareone, emulators.wix]) {
    expect([requests.length, mails.length, faults.list().length]).toEqual([0, 0, 0]);
  }
  expect(emulators.clock.now()).toBeLessThan(Date.parse('2026-05-01T00:01:00Z'));
  expect(await statusOf()).toBe('Invited');
});

it.each([
  ['/faults', { kind: 'explode' }, 'kind'],
  ['/faults', { kind: 'latency', ms: 'x' }, 'ms'],
  ['/faults', [], ''],
  ['/clock', {}, 'advance'],
  ['/clock', { advance: '7 days' }, 'advance'],
  ['/clock', { set: 'tomorrow' }, 'set'],
  ['/invites', { account: 'contoso', invite: 'x', action: 'explode' }, 'action'],
  ['/invites', { invite: 'x', action: 'accept' }, 'account'],
  ['/invites', { account: 'contoso', action: 'accept' }, 'invite'],
  ['/invites', { account: 'contoso', invite: 'AUSR-0', action: 'accept' }, 'invite'],
])('emulator control API: %s with %j answers 400 and names the field', async (path, body, field) => {
  const { status, json } = await door('POST', path, body);
  expect([status, at(json, 'error.field')]).toEqual([400, field]);
  expect(at(json, 'error.message')).not.toBe('');
});

it('emulator control API: answers 400 for a body that is not JSON', async () => {
  const url = `${new URL(emulators.wix.baseUrl).origin}/__emulator/clock`;
  expect((await send('POST', url, { 'content-type': 'application/json' }, '{')).status).toBe(400);
});
