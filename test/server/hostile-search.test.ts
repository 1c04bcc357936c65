import fc from 'fast-check';
import { hostileStage } from './hostile';

const stage = hostileStage();
const { ask } = stage;

describe('RQL injection and path injection: search texts', () => {
  const SPECIAL = [
    '"',
    "'",
    '*',
    '(',
    ')',
    ',',
    '\\',
    '%',
    '&',
    '=',
    '?',
    '#',
    '/',
    '.',
    '..',
    ':',
    ' ',
    '+',
    ';',
  ];
  const MORE = [
    '\r',
    '\n',
    '\u0000',
    '%2e',
    '%22',
    '\ud800',
    'é',
    'a',
    'Z',
    '0',
    '@',
    'or(',
    'eq(id,',
    '-',
    '__proto__',
  ];
  const text = fc.oneof(
    fc.array(fc.constantFrom(...SPECIAL, ...MORE), { maxLength: 30 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );
  const PATHS =
    /^(\/[a-z0-9/]*)?(\/(7700142|7700188|8800311)\/(staff|profile)|\/accounts\/(account-users|accounts\/ACC-\d{4}-\d{4}|user-groups)|\/roles-management\/[a-z0-9/]+|\/site-list\/v2\/sites\/query|\/site-properties\/v4\/properties)$/;
  const accounts = ['harbor-tea', 'contoso', 'harbour-cafe'];

  it('never make a vendor request outside the paths and the query syntax of the account', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(...accounts), async (odd, account) => {
        stage.app.forgetCalls();
        const email = `${odd.replace(/[^\x21-\x7e]/g, '')}@x.example`;
        const { status, codes } = await ask(
          `query ($id: ID!, $text: String!, $email: EmailAddress!) {
             staffMember(id: $id) { id } invite(id: $id) { id }
             inviteByExternalId(accountId: "${account}", externalId: $text) { id }
             staffMembers(first: 1, filter: { search: $text }) { nodes { id } sources { state code } }
             byEmail: invites(first: 1, filter: { email: $email }) { nodes { id } sources { state code } }
             person(email: $email) { email staffMembers { id } sources { state code } } }`,
          { id: `${account}:${odd}`, text: odd.slice(0, 200), email },
        );
        expect(status).toBe(200);
        expect(codes.filter((code) => code !== 'BAD_USER_INPUT')).toEqual([]);
        const calls = stage.app.vendorCalls();
        expect(calls.filter(({ path }) => !PATHS.test(path)).map(({ path }) => path)).toEqual([]);
        expect(calls.filter((call) => call.status !== 200).map(({ path, query }) => [path, query])).toEqual(
          [],
        );
        for (const { query } of calls.filter(({ path }) => path.endsWith('/account-users')))
          expect(
            query.split('&').filter((part) => /^(limit|offset|select)=/.test(part)).length,
          ).toBeLessThanOrEqual(3);
      }),
      { numRuns: 150, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false },
    );
  });
});
