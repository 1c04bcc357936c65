import { at, textsAt } from '../support/at';
import { closeAll } from '../support/close-all';
import { startSupergraph, type Supergraph } from './running-supergraph';

describe.each(['hive', 'apollo'])('federation: supergraph behind the %s gateway', (gateway) => {
  let graph: Supergraph;
  beforeAll(async () => {
    graph = await startSupergraph(gateway);
  });
  afterAll(() => closeAll(graph));

  it('resolves references of the desk subgraph by id, by email, and by vendor and external id', async () => {
    const { data } = await graph.ask(
      '{ team(id: "counter") { name account { id name } onCall { name onCallNotes { author { email staffMembers { id } } } } } }',
    );

    expect(data).toEqual({
      team: {
        name: 'Tea counter',
        account: { id: 'harbor-tea', name: 'Harbor Tea' },
        onCall: {
          name: 'Ines Varga',
          onCallNotes: [
            { author: { email: 'mira@harbor-tea.example', staffMembers: [{ id: 'harbor-tea:p90100001' }] } },
            {
              author: {
                email: 'nora.lind@harbor-tea.example',
                staffMembers: [{ id: 'contoso:AUSR-2750-9914-0307' }, { id: 'harbor-tea:p90150077' }],
              },
            },
          ],
        },
      },
    });
  });

  it('resolves fields that the desk subgraph adds to accounts, staff and people', async () => {
    const { data, errors } = await graph.ask(`{
      account(id: "contoso") { teams { id } }
      staffMember(id: "contoso:AUSR-2750-9914-0303") { team { id } onCallNotes { text } }
      person(email: "Ivo.Brandt@contoso.example") { writtenNotes { at } }
    }`);

    expect(errors).toEqual([]);
    expect(data).toEqual({
      account: { teams: [{ id: 'purchasing' }] },
      staffMember: {
        team: { id: 'purchasing' },
        onCallNotes: [{ text: 'Has the spare phone until Thursday.' }],
      },
      person: { writtenNotes: [{ at: '2026-03-01T18:05:00Z' }] },
    });
  });

  it('hides accounts and staff of another tenant from every reference (tenant isolation)', async () => {
    const { data } = await graph.ask('{ team(id: "parts") { name account { id } members { email } } }');

    expect(data).toEqual({ team: { name: 'Globex parts', account: null, members: [{ email: null }] } });
  });

  it('calls a vendor once for all staff of an account, for any number of teams (entity batching)', async () => {
    const ecwid = graph.vendor('ecwid');
    await ecwid.forget();
    const { data } = await graph.ask('{ teams { members { email } } }');

    expect(textsAt(at(data, 'teams.0'), 'members.*.email')).toHaveLength(3);
    expect(at(data, 'teams.2.members')).toEqual([{ email: 'nora.lind@harbor-tea.example' }]);
    expect((await ecwid.requests()).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /api/v3/7700142/staff',
    ]);
  });

  it('permits everything but the write for a token without the scope', async () => {
    const { data, errors } = await graph.ask(
      `mutation {
        resendInvite(input: { inviteId: "contoso:AUSR-2750-9914-0363" }) { outcome }
        revealInviteLink(input: { inviteId: "contoso:AUSR-2750-9914-0363" }) { link }
      }`,
      'readOnlyToken',
    );
    const reads = await graph.ask('{ staffMember(id: "harbor-tea:p90112233") { name } }', 'readOnlyToken');

    expect(data).toEqual({ resendInvite: null, revealInviteLink: null });
    expect(errors.map(({ path, extensions }) => [path, extensions?.['code']])).toEqual([
      [['resendInvite'], 'FORBIDDEN'],
      [['revealInviteLink'], 'FORBIDDEN'],
    ]);
    expect(reads.data).toEqual({ staffMember: { name: 'Ines Varga' } });
    expect(await graph.vendor('softwareone').mails()).toEqual([]);
  });

  it('refuses one field for its scope and resolves its sibling', async () => {
    const { data, errors } = await graph.ask(`mutation {
      revealInviteLink(input: { inviteId: "contoso:AUSR-2750-9914-0363" }) { link }
      resendInvite(input: { inviteId: "contoso:AUSR-0000-0000-0000" }) { outcome userErrors { code } }
    }`);

    expect(data).toEqual({
      revealInviteLink: null,
      resendInvite: { outcome: 'NOT_SENT', userErrors: [{ code: 'NOT_FOUND' }] },
    });
    expect(errors.map(({ extensions }) => extensions?.['code'])).toEqual(['FORBIDDEN']);
  });

  it('sends one email for two concurrent requests, and none for a third (idempotency)', async () => {
    const resend =
      'mutation { resendInvite(input: { inviteId: "contoso:AUSR-2750-9914-0362" }) { outcome invite { staffMember { team { id } } } } }';
    const [first, second] = await Promise.all([graph.ask(resend), graph.ask(resend)]);
    const answers = [first, second, await graph.ask(resend)];

    const outcomes = answers.map(({ data }) => at(data, 'resendInvite.outcome'));
    expect(outcomes.filter((outcome) => outcome === 'REQUESTED')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'NOT_SENT')).toHaveLength(2);
    expect((await graph.vendor('softwareone').mails()).map(({ to }) => to)).toEqual([
      'nora.vale@contoso.example',
    ]);
    expect(at(first.data, 'resendInvite.invite.staffMember.team')).toEqual({ id: 'purchasing' });
  });

  it.each([
    ['_service', '{ _service { sdl } }'],
    [
      '_entities',
      '{ _entities(representations: [{ __typename: "Account", id: "contoso" }]) { __typename } }',
    ],
  ])('keeps %s from everybody but the gateway', async (_name, query) => {
    const response = await fetch(graph.rollcall, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'router-authorization': 'not the secret' },
      body: JSON.stringify({ query }),
    });

    expect(response.status).toBe(401);
    expect(at(await response.json(), 'errors.0.extensions.code')).toBe('UNAUTHENTICATED');
  });

  // Almost last: the circuit stays open for a while.
  it('reports a failing vendor in `sources`, and answers for the others (partial results)', async () => {
    await graph.vendor('softwareone').fail({ kind: 'status', status: 503, account: 'contoso' });
    const { data, errors } = await graph.ask(`{
      staffMembers(first: 2, filter: { accountIds: ["contoso", "harbor-tea"] }) {
        nodes { email team { id } }
        sources { account { id teams { id } } state code }
      }
    }`);

    expect(errors).toEqual([]);
    expect(at(data, 'staffMembers.sources')).toEqual([
      { account: { id: 'contoso', teams: [{ id: 'purchasing' }] }, state: 'FAILED', code: 'UNAVAILABLE' },
      { account: { id: 'harbor-tea', teams: [{ id: 'counter' }] }, state: 'FRESH', code: null },
    ]);
    expect(textsAt(data, 'staffMembers.nodes.*.email')).toHaveLength(2);
  });

  it('stops all processes on Ctrl-C', async () => {
    expect(await graph.stop()).toMatch(/stopping$/);
    await expect(fetch(graph.rollcall)).rejects.toThrow('fetch failed');
    await expect(graph.vendor('ecwid').mails()).rejects.toThrow('fetch failed');
  });
});
