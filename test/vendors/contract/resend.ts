import type { FaultKind } from '../../../src/emulators/start';
import { localIdOf } from '../../../src/ids';
import type { Invite } from '../../../src/model';
import { plainly, reading } from '../../support/provider';
import type { Suite, Tests } from './suite';

/** Fault, and what it is to the caller. Nothing here may be asked twice. */
const ENDS: readonly (readonly [name: string, fault: FaultKind, kind: string])[] = [
  ['a 400', { kind: 'status', status: 400 }, 'rejected'],
  ['a 401', { kind: 'status', status: 401 }, 'rejected'],
  ['a 403', { kind: 'status', status: 403 }, 'rejected'],
  ['a 404', { kind: 'status', status: 404 }, 'rejected'],
  ['a 409', { kind: 'status', status: 409 }, 'rejected'],
  ['a 429', { kind: 'status', status: 429 }, 'throttled'],
  ['a 408', { kind: 'status', status: 408 }, 'unknown'],
  ['a 500', { kind: 'status', status: 500 }, 'unknown'],
  ['a 503', { kind: 'status', status: 503 }, 'unknown'],
  ['a redirect', { kind: 'redirect', location: '/elsewhere' }, 'unknown'],
  ['no answer', { kind: 'hang' }, 'unknown'],
  ['a reset before the answer', { kind: 'resetBeforeHeaders' }, 'unknown'],
  ['a reset within the answer', { kind: 'resetAfterHeaders' }, 'unknown'],
  ['a cut body', { kind: 'truncated' }, 'unknown'],
  ['a lost answer', { kind: 'lostAnswer' }, 'unknown'],
  ['malformed JSON', { kind: 'malformedJson' }, 'unknown'],
  ['a page of HTML', { kind: 'html' }, 'unknown'],
  ['an empty body', { kind: 'emptyBody' }, 'unknown'],
  ['a 204', { kind: 'noContent' }, 'unknown'],
  ['null', { kind: 'jsonNull' }, 'unknown'],
  ['a list in place of the answer', { kind: 'arrayForObject' }, 'unknown'],
  ['an answer without what it promises', { kind: 'status', status: 200, body: {} }, 'unknown'],
  ['a body beyond the cap', { kind: 'hugeBody', bytes: 3 << 20 }, 'unknown'],
];

/** Resending an invite: asked once, whatever comes of it. */
export function resendTests({ provider: expected, demo }: Suite): Tests {
  const { resendRoute: route } = expected;
  const pending = async (): Promise<Invite> => {
    const { provider, vendor } = demo().connect(expected.account);
    const filter = { status: ['PENDING'], emails: null, expiresBefore: null } as const;
    const { rows } = await provider.invitePage(reading(), { first: 1, after: null }, filter);
    vendor.forgetRequests();
    if (!rows[0]) throw new Error('no pending invite');
    return rows[0].item;
  };

  return {
    'makes one request, sends one mail, and returns the pending invite': async () => {
      const invite = await pending();
      const { provider, vendor } = demo().connect(expected.account);
      const outcome = await provider.resend(invite, plainly);
      expect(outcome).toMatchObject({
        kind: 'ok',
        value: { id: invite.id, status: 'PENDING', email: invite.email },
      });
      expect(vendor.requests.map(({ method, status }) => [method, status])).toEqual([['POST', 200]]);
      expect(vendor.mails).toMatchObject([{ account: expected.account, to: invite.email, kind: 'resend' }]);
    },

    ...Object.fromEntries(
      ENDS.map(([name, fault, kind]) => [
        `asks once when it ends with ${name}, which is ${kind}`,
        async () => {
          const invite = await pending();
          const { provider, vendor } = demo().connect(
            expected.account,
            fault.kind === 'hang' ? { writeTimeout: '250ms' } : {},
          );
          vendor.faults.add({ ...fault, route });
          expect((await provider.resend(invite, plainly)).kind).toBe(kind);
          expect(vendor.requests).toHaveLength(1);
          expect(vendor.mails.length).toBeLessThanOrEqual(1);
        },
      ]),
    ),

    'makes no call until Retry-After (rate limit)': async () => {
      const invite = await pending();
      const { provider, vendor } = demo().connect(expected.account);
      vendor.faults.add({ kind: 'status', status: 429, headers: { 'retry-after': '60' }, route, times: 1 });
      expect((await provider.resend(invite, plainly)).kind).toBe('throttled');
      expect(await provider.resend(invite, plainly)).toMatchObject({ kind: 'notSent', cause: 'THROTTLED' });
      expect(vendor.requests).toHaveLength(1);
    },

    'is refused for an accepted invite, without a mail': async () => {
      const invite = await pending();
      const { provider, vendor, emulated } = demo().connect(expected.account);
      vendor.changeInvite(
        expected.account,
        emulated === 'ecwid' ? (invite.email ?? '') : localIdOf(invite.id),
        'accept',
      );
      expect((await provider.resend(invite, plainly)).kind).toBe('rejected');
      expect(vendor.mails).toEqual([]);
    },

    'returns no link (secret leak)': async () => {
      const invite = await pending();
      const { provider, vendor } = demo().connect(expected.account);
      const outcome = await provider.resend(invite, plainly);
      const links = vendor.mails.map(({ link }) => link);
      expect(links).toHaveLength(1);
      for (const link of links) expect(JSON.stringify(outcome, withoutCircles())).not.toContain(link);
    },
  };
}

/** Invites and people lead to each other; each is written once. */
function withoutCircles(): (key: string, value: unknown) => unknown {
  const seen = new Set<unknown>();
  return (_key, value) => {
    if (typeof value !== 'object' || value === null) return value;
    if (seen.has(value)) return undefined;
    seen.add(value);
    return value;
  };
}
