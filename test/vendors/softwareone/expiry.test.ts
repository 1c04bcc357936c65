import { closeAll } from '../../support/close-all';
import { type Rollcall, startRollcall, UNCACHED } from '../../support/start';

const FIELDS = 'id expiresAt expiresAtSource';

/** The same invite in the four places that show it. */
const READ = `query ($id: ID!) {
  invite(id: $id) { ${FIELDS} }
  staffMember(id: $id) { invite { ${FIELDS} } }
  invites(first: 100, filter: { accountIds: ["contoso"] }) { nodes { ${FIELDS} } }
}`;

let app: Rollcall;
beforeAll(async () => {
  app = await startRollcall({ limits: { ...UNCACHED, cooldown: '0s' } });
});
afterAll(() => closeAll(app));

async function reads(id: string): Promise<unknown[]> {
  const { data } = await app.query(READ, { id });
  return [data?.invite, data?.staffMember?.invite, data?.invites?.nodes.find((node) => node.id === id)];
}

const send = async (document: string): Promise<{ id: string } & Record<string, unknown>> => {
  const { data, errors } = await app.query(`mutation { sent: ${document} { outcome invite { ${FIELDS} } } }`);
  const sent = (data as unknown as { sent: { outcome: string; invite: { id: string } } } | null)?.sent;
  expect([sent?.outcome, errors]).toEqual(['REQUESTED', []]);
  return sent?.invite ?? { id: '' };
};

describe('expiresAt of SoftwareOne, which is derived', () => {
  it.each([
    ['resendInvite', 'resendInvite(input: { inviteId: "contoso:AUSR-2750-9914-0362" })'],
    ['sendNewInvite', 'sendNewInvite(input: { inviteId: "contoso:AUSR-2750-9914-0365" })'],
    [
      'inviteStaffMember',
      `inviteStaffMember(input: { accountId: "contoso", email: "new.hire@contoso.example", firstName: "New",
        lastName: "Hire", roleIds: ["UGR-6104-2290"] })`,
    ],
  ])(
    'is to the millisecond the same in the answer of %s and in every later read',
    async (_name, document) => {
      // The vendor notes the send later than we do, and answers later than it notes.
      app.emulators.softwareone.faults.add({ kind: 'latency', ms: 30, account: 'contoso' });
      const sent = await send(document);
      expect(sent['expiresAtSource']).toBe('DERIVED');
      const answers = [...(await reads(sent.id)), ...(await reads(sent.id))];
      const times = answers.map((each) => (each as { expiresAt: string }).expiresAt);
      expect(new Set(times)).toEqual(new Set([sent['expiresAt']]));
      app.emulators.softwareone.faults.clear();
    },
  );
});
