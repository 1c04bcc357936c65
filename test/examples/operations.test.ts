import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getOperationAST, type GraphQLSchema, Kind, parse, print, validate } from 'graphql';
import { pino } from 'pino';
import { type Demo, startDemo } from '../../src/demo';
import { createSchema } from '../../src/graphql/schema';
import { type Example, readExamples } from '../../src/server/landing-page/examples';
import { at } from '../support/at';
import { closeAll } from '../support/close-all';

const examples = readExamples();
const folder = join(__dirname, '..', '..', 'examples', 'operations');
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const named = (name: string): Example => {
  const found = examples.find((example) => example.name === name);
  if (!found) throw new Error(`there is no example ${name}`);
  return found;
};

describe('example operations', () => {
  let schema: GraphQLSchema;
  let demo: Demo;
  beforeAll(async () => {
    schema = createSchema();
    demo = await startDemo(pino({ enabled: false }), { port: '0' });
  });
  afterAll(() => closeAll(demo));

  const run = async ({ document, variables }: Example): Promise<{ data?: unknown; errors?: unknown }> => {
    const response = await fetch(demo.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: document, variables }),
    });
    return (await response.json()) as { data?: unknown; errors?: unknown };
  };

  it('start with the staff page, then the other queries, then the mutations', () => {
    const kinds = examples.map(({ kind }) => kind);
    expect(examples[0]?.name).toBe('staff-page');
    expect(kinds).toEqual([...kinds].sort().reverse());
    expect(new Set(kinds).size).toBe(2);
  });

  it.each(examples.map((example) => [example.name, example] as const))(
    'validate against the schema and have a description: %s',
    (name, { document, variables }) => {
      const parsed = parse(document);
      const operation = getOperationAST(parsed);
      expect(validate(schema, parsed)).toEqual([]);
      expect(document).toMatch(/^# [A-Z]/);
      expect(operation?.name?.value.toLowerCase()).toBe(name.replaceAll('-', ''));
      const declared = operation?.variableDefinitions?.map(({ variable }) => variable.name.value);
      expect(declared).toEqual(expect.arrayContaining(Object.keys(variables)));
    },
  );

  it.each(examples.map((example) => [example.name, example] as const))(
    'run in the demo: %s',
    async (_name, example) => {
      const { data, errors } = await run(example);
      expect(errors).toBeUndefined();
      expect(Object.values(data as object)).not.toContain(null);
    },
  );

  it.each([
    ['resend-invite', 'resendInvite.outcome', 'REQUESTED'],
    ['send-new-invite', 'sendNewInvite.outcome', 'REQUESTED'],
    ['invite-staff-member', 'inviteStaffMember.outcome', 'REQUESTED'],
    ['revoke-invite', 'revokeInvite.outcome', 'REQUESTED'],
    [
      'resend-invites',
      'resendInvites.results.*.outcome',
      ['REQUESTED', 'NOT_SENT', 'REQUESTED', 'REQUESTED'],
    ],
    ['reveal-invite-link', 'revealInviteLink.userErrors', []],
    ['invites-expiring-soon', 'invites.nodes.0.status', 'PENDING'],
    ['person', 'person.staffMembers.0.name', 'Nora Lind'],
    ['account-roles', 'account.roles.0.name', expect.any(String)],
    [
      'gateway-entities',
      '_entities.*.id',
      ['harbor-tea', 'contoso', expect.any(String), expect.any(String), undefined],
    ],
  ])('show the described behaviour, the second time too: %s', async (name, path, value) => {
    const { data } = await run(named(name));
    expect(at(data, path)).toEqual(value);
  });

  it('send one email for one idempotency key, however often they run', async () => {
    const mails = async (): Promise<unknown> => {
      const { origin } = new URL(demo.emulators.vendors.softwareone.baseUrl);
      return at(await (await fetch(`${origin}/__emulator/mails`)).json(), 'total');
    };
    const example = named('resend-invite');
    const first = await run(example);
    const sent = await mails();
    const second = await run(example);

    expect(at(second.data, 'resendInvite.attempt')).toEqual(at(first.data, 'resendInvite.attempt'));
    expect(await mails()).toBe(sent);
  });

  it('use every fragment', () => {
    const used = new Set(
      examples.flatMap(({ document }) => [...document.matchAll(/\.\.\.(\w+)/g)].map(([, name]) => name)),
    );
    for (const each of parse(read('fragments.graphql')).definitions)
      expect(used).toContain(each.kind === Kind.FRAGMENT_DEFINITION ? each.name.value : 'a fragment');
  });

  it('match the persisted query manifest; if not, run: npm run operations:manifest', () => {
    const manifest: unknown = JSON.parse(read('manifest.json'));
    const operations = examples
      .filter(({ name }) => name !== 'gateway-entities')
      .map(({ document, kind }) => {
        const body = print(parse(document));
        const id = createHash('sha256').update(body).digest('hex');
        return { id, name: getOperationAST(parse(document))?.name?.value, type: kind, body };
      });

    expect(manifest).toEqual({ format: 'apollo-persisted-query-manifest', version: 1, operations });
  });
});
