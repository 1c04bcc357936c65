import { createHash } from 'node:crypto';
import { closeAll } from '../support/close-all';
import { SEED_INVITES } from '../support/seed-ids';
import type { LogLine } from '../support/process';
import { type Served, startServed } from '../support/served';
import { seconds } from '../support/tokens';

let app: Served;
beforeAll(async () => {
  app = await startServed({ limits: { rootMutations: 5 } });
});
afterAll(() => closeAll(app));

let requests = 0;

/** Asks, and gives the line that the log has of it: its only one. */
async function logOf(query: string, asking: Parameters<Served['ask']>[1] = {}): Promise<LogLine> {
  const id = `log-${++requests}`;
  await app.ask(query, { ...asking, headers: { 'x-request-id': id, ...asking.headers } });
  const line = await app.process.logged({ requestId: id });
  expect(app.process.stdout.filter((each) => each.includes(`"${id}"`))).toHaveLength(1);
  return line;
}

const hashOf = (subject: string): string =>
  createHash('sha256').update(subject).digest('base64url').slice(0, 16);

const STAFF = '{ staffMembers(first: 1, filter: { accountIds: ["contoso"] }) { nodes { id } } }';
const resend = (id: string, alias = 'resendInvite'): string =>
  `${alias === 'resendInvite' ? '' : `${alias}: `}resendInvite(input: { inviteId: "${id}" }) { outcome }`;

describe('operation log: one line for each operation', () => {
  it('has these fields only, without empty ones', async () => {
    expect(await logOf('query List { accounts { totalCount } }')).toEqual({
      level: 30,
      time: expect.any(Number) as number,
      requestId: `log-${requests}`,
      operation: 'List',
      type: 'query',
      viewer: hashOf('ada'),
      ms: expect.any(Number) as number,
      vendorCalls: 0,
      outcome: 'ok',
      msg: 'operation',
    });
  });

  it('can have every field', async () => {
    const line = await logOf(
      `mutation All { ${resend(SEED_INVITES.wix.pending)} revealInviteLink(input: { inviteId: "x" }) { link } }`,
      { token: await app.signer.sign({ scope: 'invites:send' }) },
    );
    expect(line).toEqual({
      level: 30,
      time: expect.any(Number) as number,
      requestId: `log-${requests}`,
      operation: 'All',
      type: 'mutation',
      viewer: hashOf('ada'),
      ms: expect.any(Number) as number,
      vendorCalls: 1,
      outcome: 'partial',
      codes: ['FORBIDDEN'],
      writes: ['RESEND REQUESTED'],
      msg: 'operation',
    });
  });

  it('has no name for an anonymous operation', async () => {
    expect(await logOf('{ __typename }')).not.toHaveProperty('operation');
  });

  it('has the first 64 characters of the operation name', async () => {
    const { operation } = await logOf(`query ${'N'.repeat(63)}abc { __typename }`);
    expect(operation).toBe(`${'N'.repeat(63)}a`);
  });

  it('has the name of the selected operation', async () => {
    const body = { query: 'query One { __typename } query Two { __typename }', operationName: 'Two' };
    await app.get('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${app.token}`,
        'x-request-id': 'chosen',
      },
      body: JSON.stringify(body),
    });
    expect(await app.process.logged({ requestId: 'chosen' })).toMatchObject({ operation: 'Two' });
  });
});

describe('operation log: viewer', () => {
  it('is a pseudonym of the subject: stable, distinct, and never the subject itself', async () => {
    const as = async (sub: string | undefined) =>
      (await logOf('{ __typename }', { token: await app.signer.sign({ sub }) }))['viewer'];
    const grace = await as('grace@example.com');
    expect(grace).toBe(await as('grace@example.com'));
    expect(grace).not.toBe(await as('grace@example.org'));
    expect(grace).toMatch(/^[\w-]{16}$/);
    expect(await as(undefined)).toBeUndefined();
  });

  it('does not change with the token, its tenant or its scopes', async () => {
    const token = await app.signer.sign({ tenant: 'globex', scope: '', exp: seconds(60) });
    expect(await logOf('{ __typename }', { token })).toMatchObject({ viewer: hashOf('ada') });
  });
});

describe('operation log: outcome', () => {
  it('is ok, with the number of vendor calls', async () => {
    expect(await logOf(STAFF)).toMatchObject({ outcome: 'ok', vendorCalls: 1 });
  });

  it('is ok for a list with one failed account: its response has no errors', async () => {
    app.emulators.ecwid.faults.add({ kind: 'status', status: 400 });
    const line = await logOf('{ staffMembers(first: 100) { nodes { id } } }');
    app.emulators.ecwid.faults.clear();
    expect(line).toMatchObject({ outcome: 'ok' });
    expect(line).not.toHaveProperty('codes');
  });

  it('is partial when some fields were resolved', async () => {
    const line = await logOf('{ accounts { totalCount } staffMembers(first: 0) { totalCount } }');
    expect(line).toMatchObject({ outcome: 'partial', codes: ['BAD_USER_INPUT'] });
  });

  it('is invalid when every error is a mistake of the caller, with each code once', async () => {
    const line = await logOf(
      '{ a: staffMembers(first: 0) { totalCount } b: invites(first: 0) { totalCount } }',
    );
    expect(line).toMatchObject({ outcome: 'invalid', codes: ['BAD_USER_INPUT'], vendorCalls: 0 });
  });

  it.each([
    ['cannot be read', 'query {', 'GRAPHQL_PARSE_FAILED'],
    ['is not valid', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'is too large',
      `mutation { ${'abcdef'.replace(/./g, (a) => resend('x:y', a))} }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('is invalid for a document that %s', async (_what, query, code) => {
    const line = await logOf(query);
    expect(line).toMatchObject({ outcome: 'invalid', codes: [code], vendorCalls: 0 });
    expect(line).not.toHaveProperty('type');
  });

  it('is failed for a vendor failure, with its code', async () => {
    app.emulators.softwareone.faults.add({ kind: 'status', status: 403 });
    const line = await logOf('{ staffMember(id: "contoso:AUSR-2750-9914-0302") { id } }');
    app.emulators.softwareone.faults.clear();
    expect(line).toMatchObject({ outcome: 'failed', codes: [expect.stringMatching(/^VENDOR_/)] });
  });

  it('is refused for a missing or invalid token, and logs nothing of it', async () => {
    const before = app.process.stdout.length;
    for (const headers of [{ authorization: '' }, { authorization: 'Bearer a.b.c' }])
      await app.ask('query Secret { __typename }', { headers });
    await app.ask('query After { __typename }');
    await app.process.logged({ operation: 'After' });
    const lines = app.process.stdout.slice(before).map((line) => JSON.parse(line) as LogLine);
    const refused = lines.filter(({ outcome }) => outcome === 'refused');
    expect(refused).toHaveLength(2);
    for (const line of refused) {
      expect(line).toMatchObject({ level: 30, vendorCalls: 0, msg: 'operation' });
      expect(Object.keys(line)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(viewer|operation|type|codes|writes)$/)]),
      );
    }
  });
});

describe('operation log: writes', () => {
  it('have their outcomes', async () => {
    const { wix, ecwid } = SEED_INVITES;
    const line = await logOf(
      `mutation Five {
        ${resend(wix.alsoPending, 'a')}
        ${resend(wix.alsoPending, 'b')}
        ${resend('nowhere:x', 'c')}
        d: revokeInvite(input: { inviteId: "${ecwid.alsoPending}" }) { outcome }
        e: resendInvites(input: { inviteIds: ["${ecwid.pending}", "${ecwid.accepted}"] }) { results { outcome } }
      }`,
    );
    const writes = line['writes'] as string[];
    expect(writes.slice(0, 4)).toEqual([
      'RESEND REQUESTED',
      'RESEND NOT_SENT',
      'RESEND NOT_SENT',
      'REVOKE REQUESTED',
    ]);
    // These run side by side: each is named when it ends.
    expect(writes.slice(4).sort()).toEqual(['RESEND NOT_SENT', 'RESEND REQUESTED']);
    expect(line['outcome']).toBe('ok');
  });

  it('are listed with an unknown outcome too', async () => {
    app.emulators.softwareone.faults.add({ kind: 'lostAnswer', route: 'POST */resend-invite' });
    const line = await logOf(`mutation { ${resend(SEED_INVITES.softwareone.pending)} }`);
    app.emulators.softwareone.faults.clear();
    expect(line['writes']).toEqual(['RESEND UNKNOWN']);
  });
});

describe('operation log: correlation id (x-request-id)', () => {
  it('is the id of the request and of the response', async () => {
    const { headers } = await app.ask('{ __typename }', { headers: { 'x-request-id': 'Came.With_it-1' } });
    expect(headers.get('x-request-id')).toBe('Came.With_it-1');
    expect(await app.process.logged({ requestId: 'Came.With_it-1' })).toMatchObject({ msg: 'operation' });
  });

  it.each([{}, { 'x-request-id': 'not one' }])(
    'is generated when the request has no valid id: %j',
    async (headers) => {
      const answered = (await app.ask('{ __typename }', { headers })).headers.get('x-request-id');
      expect(answered).toMatch(/^[0-9a-f-]{36}$/);
      expect(await app.process.logged({ requestId: answered })).toMatchObject({ outcome: 'ok' });
    },
  );
});

it('secret leak: documents, variables and responses are never logged', async () => {
  const query = `query Named($mail: EmailAddress!) { person(email: $mail) { email }
    staffMembers(filter: { search: "needle-in-document" }) { nodes { name email } } } # needle-in-comment`;
  const { text } = await app.ask(query, {
    variables: { mail: 'Needle.In.Variable@example.com' },
    headers: { 'x-request-id': 'needles', 'user-agent': 'needle-in-header' },
  });
  expect(text).toContain('eedle.');
  await app.process.logged({ requestId: 'needles' });
  expect(
    app.process.stdout.filter((line) => /needle(?!s")|example\.com|contoso\.example/i.test(line)),
  ).toEqual([]);
  expect(app.process.stderr).toEqual([]);
});
