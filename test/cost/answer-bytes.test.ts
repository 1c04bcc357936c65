import { closeAll } from '../support/close-all';
import { type Answer, type Rollcall, startRollcall, UNCACHED } from '../support/start';

let app: Rollcall;
beforeAll(async () => {
  app = await startRollcall({ limits: { ...UNCACHED, answerBytes: 1024, cooldown: '0s' } });
});
afterAll(() => closeAll(app));

function expectTooLarge({ status, data, errors }: Answer): void {
  expect([status, data]).toEqual([200, null]);
  expect(errors).toHaveLength(1);
  expect(errors[0]?.extensions).toEqual({ code: 'ANSWER_TOO_LARGE' });
  expect(errors[0]?.message).toMatch(/1024 bytes \(limits\.answerBytes\)/);
}

const names = (count: number, field: string): string =>
  Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');

describe('limits.answerBytes', () => {
  it.each([
    ['values of a list', '{ staffMembers(first: 100) { nodes { id name email } } }'],
    ['values under aliases', `{ accounts { nodes { ${names(12, 'externalId')} } } }`],
    ['cursors', '{ staffMembers(first: 100) { edges { cursor } } }'],
    ['values that vendors are asked for', `{ accounts { nodes { ${names(12, 'name')} } } }`],
    ['type names', `{ staffMembers(first: 100) { nodes { ${names(12, '__typename')} } } }`],
    ['many small values', '{ staffMembers(first: 100) { nodes { fullAccess status joinedAt } } }'],
  ])('ends an answer of too many %s, whenever it is asked', async (_what, document) => {
    for (let time = 0; time < 3; time++) expectTooLarge(await app.query(document));
  });

  it('leaves a smaller answer alone', async () => {
    for (let time = 0; time < 2; time++) {
      const { errors, data } = await app.query('{ staffMembers(first: 10) { nodes { id } } }');
      expect([errors, data?.staffMembers?.nodes.length]).toEqual([[], 10]);
    }
  });

  it('does not undo a write, nor hide that it cannot be shown', async () => {
    const list =
      '{ account(id: "harbor-tea") { invites(first: 1, filter: { status: [PENDING] }) { nodes { id } } } }';
    const id = (await app.query(list)).data?.account?.invites?.nodes[0]?.id;
    app.forgetRequests();
    expectTooLarge(
      await app.query(
        `mutation ($id: ID!) { resendInvite(input: { inviteId: $id }) { outcome invite { account { staffMembers(first: 100) { nodes { id name email roles { id name } } } } } } }`,
        { id },
      ),
    );
    expect(app.vendorRequests().filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});
