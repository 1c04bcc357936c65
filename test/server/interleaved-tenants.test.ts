import { startSecured } from '../support/secured';
import { seconds } from '../support/tokens';

describe('tenant isolation: a thousand concurrent requests of two tenants with the same vendor ids', () => {
  it('never show a row of the other tenant', async () => {
    const app = await startSecured({
      world: { accounts: 4, staffPerAccount: 10 },
      accounts: (all) =>
        all.map((account) => ({ ...account, tenant: /[13]$/.test(account.key) ? 'odd' : 'even' })),
    });
    const sides = [
      {
        tenant: 'odd',
        mine: ['0001', '0003'],
        theirs: /(ecwid|softwareone|wix|account)-(0002|0004)|ACC-1000-000[24]/,
      },
      {
        tenant: 'even',
        mine: ['0002', '0004'],
        theirs: /(ecwid|softwareone|wix|account)-(0001|0003)|ACC-1000-000[13]/,
      },
    ];
    const tokens = await Promise.all(
      sides.map(({ tenant }) => app.signer.sign({ tenant, exp: seconds(3600) })),
    );
    const queries = (mine: string, staff: number): string[] => [
      `{ staffMember(id: "ecwid-${mine}:p1000000${staff}") { id email name account { id } } }`,
      `{ staffMembers(first: ${10 + staff}) { nodes { id email } edges { cursor } sources { account { id } } } }`,
      '{ invites(first: 100) { nodes { id email account { id name externalId } } sources { account { id } } } }',
      `{ person(email: "staff${staff}@account-${mine}.example") { staffMembers { id } sources { account { id } } } }`,
      '{ accounts { nodes { id name externalId } } }',
    ];
    const results: string[] = [];
    const one = async (index: number): Promise<void> => {
      const side = sides[index % 2];
      const token = tokens[index % 2] ?? '';
      const mine = side?.mine[(index >> 1) % 2] ?? '';
      const query = queries(mine, index % 9)[(index >> 2) % 5] ?? '';
      const { errors, text } = await app.ask(query, { token });
      if (errors.length > 0 || side?.theirs.test(text) || !text.includes(mine))
        results.push(`${query} ${text}`);
    };
    for (let start = 0; start < 1000; start += 50)
      await Promise.all(Array.from({ length: 50 }, (_, index) => one(start + index)));
    expect(results).toEqual([]);
    await app.close();
  });
});
