import fc from 'fast-check';
import { ACCOUNT_KEY, formatId, isLocalId, localIdOf, parseId } from '../src/ids';
import { path } from '../src/vendors/path';

const key63 = 'a'.repeat(63);
const local128 = 'Z'.repeat(128);

describe('ids', () => {
  it.each([
    ['harbor-tea:p90112233', { account: 'harbor-tea', local: 'p90112233' }],
    ['contoso:AUSR-2750-9914-0362', { account: 'contoso', local: 'AUSR-2750-9914-0362' }],
    ['7:i-abc_DEF', { account: '7', local: 'i-abc_DEF' }],
    ['a:...', { account: 'a', local: '...' }],
    [`${key63}:${local128}`, { account: key63, local: local128 }],
    ['constructor:__proto__', { account: 'constructor', local: '__proto__' }],
  ])('parses %s', (id, ref) => {
    expect(parseId(id)).toEqual(ref);
  });

  it.each([
    ['nothing', ''],
    ['no colon', 'harbor-tea'],
    ['no account', ':p90112233'],
    ['no local id', 'harbor-tea:'],
    ['a second colon', 'harbor-tea:p1:p2'],
    ['upper case in the account', 'Harbor-Tea:p1'],
    ['an account that begins with a dash', '-tea:p1'],
    ['an account of 64 characters', `${key63}a:p1`],
    ['a local id of 129 characters', `tea:${local128}Z`],
    ['one dot', 'tea:.'],
    ['two dots', 'tea:..'],
    ['a way up', 'tea:../profile'],
    ['a slash', 'tea:a/b'],
    ['a backslash', String.raw`tea:a\b`],
    ['a question mark', 'tea:a?b'],
    ['a fragment', 'tea:a#b'],
    ['a percent sign', 'tea:%2e%2e'],
    ['a space', 'tea:a b'],
    ['a space before it', ' tea:a'],
    ['a line break after it', 'tea:a\n'],
    ['a carriage return', 'tea:a\r\nb'],
    ['a NUL', 'tea:a\u0000'],
    ['an umlaut', 'tea:ä'],
    ['a full-width letter', 'tea:ａ'],
    ['10 kB', `tea:${'a'.repeat(10_240)}`],
    ['RQL', 'tea:"),eq(id,"x'],
  ])('refuses an id with %s', (_what, id) => {
    expect(parseId(id)).toBeNull();
  });

  it('never throws, and parses only what it formats', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((text) => `tea:${text}`),
        ),
        (id) => {
          const ref = parseId(id);
          expect(ref === null || formatId(ref.account, ref.local) === id).toBe(true);
        },
      ),
    );
  });

  it('round-trips', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(ACCOUNT_KEY),
        fc.stringMatching(/^[A-Za-z0-9_.-]{1,128}$/).filter(isLocalId),
        (account, local) => {
          const id = formatId(account, local);
          expect(parseId(id)).toEqual({ account, local });
          expect(localIdOf(id)).toBe(local);
        },
      ),
    );
  });
});

describe('vendor paths: path injection', () => {
  it('puts checked ids between literal segments', () => {
    expect(path`/accounts/account-users/${'AUSR-2750-9914-0362'}/resend-invite`).toBe(
      '/accounts/account-users/AUSR-2750-9914-0362/resend-invite',
    );
  });

  it.each(['', '.', '..', 'a/b', 'a?b', 'a#b', '%2e%2e', 'a b', 'a\r\n', 'ä'])(
    'refuses %j instead of changing the route',
    (segment) => {
      expect(() => path`/staff/${segment}`).toThrow(TypeError);
    },
  );
});
