import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Fault } from '../../src/emulators/start';
import { SEED_INVITES } from '../support/seed-ids';
import { waitFor } from '../support/wait-for';
import { runStatements } from '../support/database-failures';
import { at } from '../support/at';
import { closeAll } from '../support/close-all';
import { type Collector, startCollector } from '../support/collector';
import { readLine } from '../support/process';
import type { Asking, Reply } from '../support/secured';
import { LEDGER_FILE, type Served, startServed } from '../support/served';
import { createSigner, seconds } from '../support/tokens';
import { type Canary, findLeaks, type SearchedText } from '../support/secret-search';

const ROUTER_SECRET = 'CANARY-router-secret-4711';
const SUBJECT = 'canary.subject@claims.example';
const CLAIMS = {
  sub: SUBJECT,
  name: 'Canary Claimname',
  email: 'canary.claim@claims.example',
  department: { of: ['canary-claim-department'] },
};
const KEY = 'canary-idempotency-key';
const VENDOR_BODY = 'CANARY-vendor-body';
const VENDOR_HEADER = 'CANARY-vendor-header';
const VENDOR_NAME = 'Canary Vendorname';
const DOCUMENT = 'canary-in-document';
const VARIABLE = 'canary-in-variable';
const INVITED = 'canary.invited@harbor-tea.example';
const LEDGER = 'CANARY_ledger';

let collector: Collector;
let app: Served;
let token: string;
/** What was answered. */
const replies: Reply[] = [];
/** Credentials that were sent, good and bad. */
const credentials: string[] = [];
/** Faults that no request has met. */
const unplayed: Fault[] = [];
/** The links that were asked for, and shown. */
const revealed: string[] = [];

const ask = async (query: string, asking: Asking = {}): Promise<Reply> => {
  const given = asking.token ?? token;
  credentials.push(given);
  const reply = await app.ask(query, { token: given, ...asking });
  replies.push(reply);
  return reply;
};

const ERRORS = 'userErrors { code message field vendorCode }';
const INVITE = 'invite { id email status vendorStatus roles { id name } attempts { actor vendorRequestId } }';
const write = (field: string, input: string) =>
  ask(
    `mutation Write { ${field}(input: { ${input} }) { outcome ${INVITE} attempt { id actor } ${ERRORS} } }`,
  );

const vendors = () => [app.emulators.ecwid, app.emulators.softwareone, app.emulators.wix];

const QUERIES = [
  `{ accounts { nodes { id name url status roles { id name } connection { state } capabilities { note } } } }`,
  `{ staffMembers(first: 100) { nodes { id name email avatarUrl roles { name } invite { id email } } sources { code } } }`,
  `{ invites(first: 100) { nodes { ${INVITE.slice('invite { '.length, -1)} actions { resend { reason } } } sources { code } } }`,
  `{ person(email: "nora.lind@harbor-tea.example") { email staffMembers { name } invites { id } } }`,
  `{ staffMember(id: "contoso:AUSR-2750-9914-0302") { name email account { name } } }`,
  `{ invite(id: "${SEED_INVITES.softwareone.pending}") { email expiresAt } }`,
  `{ inviteByExternalId(accountId: "harbour-cafe", externalId: "${SEED_INVITES.wix.pending.split(':')[1] ?? ''}") { email } }`,
  `{ _entities(representations: [{ __typename: "Invite", id: "${SEED_INVITES.wix.pending}" }]) { ... on Invite { email } } }`,
];

const FAULTS = [
  {
    kind: 'status',
    status: 400,
    body: { errorMessage: VENDOR_BODY, title: VENDOR_BODY, detail: VENDOR_BODY },
  },
  {
    kind: 'status',
    status: 403,
    body: VENDOR_BODY,
    headers: { 'x-request-id': VENDOR_HEADER, server: VENDOR_HEADER },
  },
  {
    kind: 'status',
    status: 404,
    body: `<html>${VENDOR_BODY}</html>`,
    headers: { 'content-type': 'text/html' },
  },
  {
    kind: 'status',
    status: 200,
    body: `<html>${VENDOR_BODY}</html>`,
    headers: { 'content-type': 'text/html' },
  },
  { kind: 'status', status: 200, body: `{"${VENDOR_BODY}":` },
  { kind: 'status', status: 502, body: VENDOR_BODY, headers: { 'set-cookie': VENDOR_HEADER } },
  { kind: 'redirect', location: `http://127.0.0.1:1/${VENDOR_HEADER}` },
  { kind: 'lostAnswer' },
  { kind: 'resetAfterHeaders' },
  // Wix’s word is remembered, and nothing is written to what it stands for.
  { kind: 'unknownStatusWord', word: VENDOR_NAME },
  // These close the way to their account: one that nothing else is asked of.
  {
    kind: 'status',
    status: 429,
    body: VENDOR_BODY,
    headers: { 'retry-after': VENDOR_HEADER },
    account: 'contoso-nordic',
  },
  { kind: 'status', status: 401, body: VENDOR_BODY, account: 'maple-books' },
] as const;

beforeAll(async () => {
  collector = await startCollector();
  app = await startServed({
    server: { routerSecret: ROUTER_SECRET },
    limits: { cooldown: '0s', emailsPerInvitePerDay: 1000 },
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_BSP_SCHEDULE_DELAY: '50' },
  });
  token = await app.signer.sign({ ...CLAIMS, exp: seconds(3600) });
  await readEverything();
  await writeEverything();
  await failAtVendors();
  await failAtTheDoor();
  await failInTheLedger();
});
afterAll(() => closeAll(app, collector));

async function readEverything(): Promise<void> {
  app.emulators.ecwid.faults.add({
    kind: 'patchBody',
    route: 'GET */staff',
    times: 1,
    changes: [{ path: 'staffList.*.name', change: 'set', value: VENDOR_NAME }],
  });
  for (const query of QUERIES)
    await ask(query, {
      headers: query.includes('_entities') ? { 'router-authorization': ROUTER_SECRET } : {},
    });
  await ask('{ _service { sdl } }', { headers: { 'router-authorization': ROUTER_SECRET } });
  await ask(
    `query Search($email: EmailAddress!, $text: String) { # ${DOCUMENT}
      person(email: $email) { staffMembers { name } }
      staffMembers(filter: { search: $text }) { nodes { name } } }`,
    { variables: { email: `${VARIABLE}@example.com`, text: VARIABLE, unused: VARIABLE } },
  );
}

async function writeEverything(): Promise<void> {
  const { ecwid, wix, softwareone } = SEED_INVITES;
  for (const { pending, alsoPending } of [ecwid, wix, softwareone]) {
    await write('resendInvite', `inviteId: "${pending}", idempotencyKey: "${KEY}-${pending.length}"`);
    await write('sendNewInvite', `inviteId: "${pending}"`);
    await write('revokeInvite', `inviteId: "${alsoPending}"`);
  }
  await write('sendNewInvite', `inviteId: "${wix.expired}"`);
  await write('sendNewInvite', `inviteId: "${softwareone.expired}"`);
  const names = 'firstName: "Canary", lastName: "Invitedname"';
  await write(
    'inviteStaffMember',
    `accountId: "harbor-tea", email: "${INVITED}", roleIds: ["REPORT_ACCESS"]`,
  );
  await write(
    'inviteStaffMember',
    `accountId: "harbour-cafe", email: "${INVITED}", roleIds: ["7046409866117400001"]`,
  );
  await write(
    'inviteStaffMember',
    `accountId: "contoso", email: "${INVITED}", ${names}, roleIds: ["UGR-6104-2290"]`,
  );
  await write('inviteStaffMember', `accountId: "contoso", email: "no ${INVITED}", ${names}, roleIds: []`);
  await ask(
    `mutation { resendInvites(input: { inviteIds: ["${ecwid.pending}", "${wix.pending}"], idempotencyKey: "${KEY}" }) {
      results { outcome ${INVITE} } ${ERRORS} } }`,
  );
  for (const { pending } of [ecwid, wix, softwareone]) {
    // Not among what is searched: this one answer may hold the link.
    const { data } = await app.ask(
      `mutation Reveal { answer: revealInviteLink(input: { inviteId: "${pending}" }) { link ${ERRORS} } }`,
      { token },
    );
    const link = at(data, 'answer.link');
    if (typeof link === 'string') revealed.push(link);
  }
}

/** Each fault once in a list, in a single read and in a write: what comes after it is well, so that no circuit opens. */
async function failAtVendors(): Promise<void> {
  const [, staff = '', , , member = ''] = QUERIES;
  const during = async (fault: (typeof FAULTS)[number], route: string, asks: () => Promise<unknown>) => {
    for (const vendor of vendors()) vendor.faults.add({ ...fault, route, times: 1 });
    await asks();
    for (const vendor of vendors()) {
      unplayed.push(...vendor.faults.list());
      vendor.faults.clear();
    }
  };
  for (const fault of FAULTS) {
    await during(fault, 'GET *', () => ask(staff));
    if ('account' in fault) continue;
    app.emulators.softwareone.faults.add({ ...fault, times: 1 });
    await ask(member);
    await during(fault, 'POST *', async () => {
      for (const { pending } of [SEED_INVITES.ecwid, SEED_INVITES.wix, SEED_INVITES.softwareone])
        await write('resendInvite', `inviteId: "${pending}", idempotencyKey: "${KEY}-${randomUUID()}"`);
    });
  }
}

async function failAtTheDoor(): Promise<void> {
  const foreign = await createSigner('main');
  const tokens = [
    await foreign.sign(CLAIMS),
    await app.signer.sign({ ...CLAIMS, exp: seconds(-3600) }),
    await app.signer.sign({ ...CLAIMS, tenant: ['canary-claim-tenant'] }),
    await app.signer.sign({ ...CLAIMS, tenant: 'canary-claim-tenant', scope: 'canary-claim-scope' }),
    'CANARY-no-token-at-all',
  ];
  for (const bad of tokens) await ask(`{ accounts { nodes { id } } } # ${DOCUMENT}`, { token: bad });
  await ask('{ _service { sdl } }', { headers: { 'router-authorization': `${ROUTER_SECRET}x` } });
  for (const query of [
    `{ ${DOCUMENT}`,
    `# ${DOCUMENT}\n{ nothing }`,
    `query ($email: EmailAddress!) { person(email: $email) { email } } # ${DOCUMENT}`,
    `{ staffMembers(first: 1000, filter: { search: "${DOCUMENT}" }) { totalCount } }`,
    `{ staffMembers(after: "${DOCUMENT}") { totalCount } }`,
    `{ invite(id: "${DOCUMENT}:x") { id } }`,
  ])
    await ask(query, { variables: { other: VARIABLE, after: VARIABLE } });
  for (const body of [`{"query":"${DOCUMENT}`, `["${DOCUMENT}"]`, '', `"${DOCUMENT}`.repeat(20_000)])
    replies.push(
      await app.get('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body,
      }),
    );
  replies.push(await app.get(`/${VARIABLE}`), await app.get(`/graphql?query=mutation{${VARIABLE}}`));
}

/** A database that says something secret when it fails. */
async function failInTheLedger(): Promise<void> {
  const storage = `sqlite:${join(app.folder, LEDGER_FILE)}`;
  await runStatements(
    storage,
    `create trigger refuse before insert on attempts begin select raise(abort, '${LEDGER} ${INVITED}'); end`,
  );
  await write('resendInvite', `inviteId: "${SEED_INVITES.ecwid.pending}"`);
  await runStatements(
    storage,
    'alter table attempts rename to attempts_lost',
    `create view attempts as select * from ${LEDGER}`,
  );
  const { codes } = await ask(
    `{ invite(id: "${SEED_INVITES.softwareone.pending}") { id attempts { outcome } } }`,
  );
  expect(codes).toEqual(['INTERNAL_SERVER_ERROR']);
  await app.process.logged({ msg: 'masked' });
}

/** All that may stand nowhere but at a vendor. */
function secrets(): Canary[] {
  const own = app.emulators.accounts.map((account) => ({
    what: `credential of ${account.key}`,
    text: account.vendor === 'wix' ? account.apiKey : account.token,
  }));
  const links = vendors().flatMap(({ mails }) => mails.map(({ link }) => link));
  return [
    ...own,
    ...[...links, ...revealed].flatMap((link) => [
      { what: 'accept link', text: link },
      // What makes it work, without the address around it.
      { what: 'end of an accept link', text: /[^/?=&]{6,}$/.exec(link)?.[0] ?? link },
    ]),
    ...credentials.flatMap((text) =>
      text.split('.').map((part) => ({ what: 'part of a token', text: part })),
    ),
    { what: 'router secret', text: ROUTER_SECRET },
    { what: 'vendor body', text: VENDOR_BODY },
    { what: 'vendor header', text: VENDOR_HEADER },
    { what: 'claim', text: 'Canary Claimname' },
    { what: 'claim', text: 'canary.claim@' },
    { what: 'claim', text: 'canary-claim-department' },
    { what: 'claim', text: 'canary-claim-tenant' },
    { what: 'claim', text: 'canary-claim-scope' },
    { what: 'message of the database', text: LEDGER },
    { what: 'idempotency key', text: KEY },
  ];
}

/** What may be answered to who may see it, but is nobody else’s. */
function personal(): Canary[] {
  const emails = [
    ...new Set(replies.flatMap(({ text }) => text.match(/[^\s"@\\]+@[\w.-]+\.example/gu) ?? [])),
  ];
  return [
    ...emails.map((text) => ({ what: 'email', text })),
    ...vendors().flatMap(({ mails }) => mails.map(({ to }) => ({ what: 'email', text: to }))),
    { what: 'subject', text: SUBJECT },
    { what: 'name', text: VENDOR_NAME },
    { what: 'name', text: 'Invitedname' },
    { what: 'name', text: 'Raghunathan' },
    { what: 'document', text: DOCUMENT },
    { what: 'variable', text: VARIABLE },
  ];
}

/** Everything that an operator sees. */
async function operatorsPlaces(): Promise<SearchedText[]> {
  const pages = await Promise.all(['/metrics', '/readyz', '/healthz'].map((path) => app.get(path)));
  return [
    { name: 'stdout', text: app.process.stdout.join('\n') },
    { name: 'stderr', text: app.process.stderr.join('\n') },
    { name: 'spans', text: collector.bodies.join('\n') },
    ...pages.map(({ text, headers }, index) => ({
      name: `page ${index}`,
      text: text + JSON.stringify([...headers]),
    })),
  ];
}

const answers = (): SearchedText[] =>
  replies.map(({ text, headers }, index) => ({
    name: `answer ${index}: ${text.slice(0, 200)}`,
    text: text + JSON.stringify([...headers]),
  }));

it('secret leak: the scenario has run completely', () => {
  const codes = new Set(replies.flatMap((reply) => reply.codes));
  expect([...codes]).toEqual(
    expect.arrayContaining([
      'UNAUTHENTICATED',
      'FORBIDDEN',
      'BAD_USER_INPUT',
      'GRAPHQL_PARSE_FAILED',
      'GRAPHQL_VALIDATION_FAILED',
      'BAD_REQUEST',
      'INTERNAL_SERVER_ERROR',
    ]),
  );
  // Not in the schema, which has every word there is.
  const told = replies.filter(({ data }) => at(data, '_service') === undefined);
  const text = told.map((reply) => reply.text).join('\n');
  const outcomes = ['REQUESTED', 'REJECTED', 'NOT_SENT', 'UNKNOWN'].map((word) => `"outcome":"${word}"`);
  const words = [...outcomes, 'VENDOR_', 'NOT_RECORDED', SUBJECT, VENDOR_NAME, INVITED];
  expect(words.filter((word) => !text.includes(word))).toEqual([]);
  const said = new Set(app.process.stdout.map((line) => readLine(line)['msg']));
  expect([...said].sort()).toEqual(['masked', 'operation', 'ready', 'unexpected']);
  expect(revealed).toHaveLength(1);
  // The two that are for one account alone, at the vendors that do not have it.
  expect(unplayed.filter(({ account }) => account === undefined)).toEqual([]);
  expect(unplayed).toHaveLength(4);
  for (const { mails } of vendors()) expect(mails.length).toBeGreaterThan(1);
});

it('secret leak: the search finds known secrets', () => {
  const all = [...secrets(), ...personal()];
  const kinds = new Set(all.map(({ what }) => what));
  const planted = all.map(({ text }) => ({ name: 'planted', text: JSON.stringify({ msg: `x${text}y` }) }));
  expect(new Set(findLeaks(all, planted))).toEqual(new Set([...kinds].map((what) => `${what} in planted`)));
  const [link] = revealed;
  const packed = Buffer.from(`the link is ${link ?? ''}, really`).toString('base64');
  expect(findLeaks(secrets(), [{ name: 'planted', text: packed }])).toContain('accept link in planted');
  const shouted = findLeaks(personal(), [{ name: 'planted', text: SUBJECT.toUpperCase() }]);
  expect(shouted).toContain('subject in planted');
});

it('secret leak: logs, metrics and traces contain no secret', async () => {
  // The spans of the last operation come a moment later.
  const operations = app.process.stdout.filter((line) => line.includes('"msg":"operation"')).length;
  expect(operations).toBeGreaterThan(60);
  const seen = collector.bodies.length;
  await app.ask('query Last { __typename }', { token });
  await waitFor(() => collector.spans.some(({ name }) => name === 'query Last'));
  expect(collector.bodies.length).toBeGreaterThan(seen);
  expect(findLeaks([...secrets(), ...personal()], await operatorsPlaces())).toEqual([]);
});

it('secret leak: no response contains a secret', () => {
  expect(findLeaks(secrets(), answers())).toEqual([]);
});

it('secret leak: email addresses and names are in data only, and in no error and no header', () => {
  const people = personal().filter(({ what }) => what === 'email' || what === 'name' || what === 'subject');
  const beside = replies.map(({ text, errors, headers, data }) => ({
    name: text.slice(0, 200),
    text: JSON.stringify([errors, [...headers]]) + (data === null ? text : '') + userErrorsOf(data),
  }));
  expect(findLeaks(people, beside)).toEqual([]);
});

/** All `userErrors`, wherever they stand. */
const userErrorsOf = (value: unknown): string =>
  typeof value !== 'object' || value === null
    ? ''
    : Object.entries(value)
        .map(([name, below]) => (name === 'userErrors' ? JSON.stringify(below) : userErrorsOf(below)))
        .join('');
