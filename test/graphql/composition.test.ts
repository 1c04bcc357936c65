import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DocumentNode, parse, print } from 'graphql';
import { readSdl } from '../../src/graphql/schema';
import { composers, type Service } from '../support/composers';
import { shapesOf } from '../support/shapes';

const service = (name: string, sdl: string | DocumentNode): Service => ({
  name,
  url: `http://${name}.example/graphql`,
  typeDefs: typeof sdl === 'string' ? parse(sdl) : sdl,
});

const federation = (imports: string): string =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])`;

describe.each(Object.entries(composers))('federation: composition by %s', (_composer, composeAll) => {
  const compose = (...neighbours: Service[]) => composeAll([service('rollcall', readSdl()), ...neighbours]);

  it('accepts the subgraph without an error', () => {
    const { errors, schema = '' } = compose();
    expect(errors).toEqual([]);
    expect(typeof schema === 'string' ? schema : print(schema)).toContain('resendInvite');
  });

  it('accepts the subgraph of the example', () => {
    const desk = join(__dirname, '..', '..', 'examples', 'supergraph', 'desk', 'schema.graphql');
    const { errors, schema = '' } = compose(service('desk', readFileSync(desk, 'utf8')));
    expect(errors).toEqual([]);
    expect(typeof schema === 'string' ? schema : print(schema)).toContain('onCallNotes');
  });

  it('refuses another subgraph that changes the type of a field', () => {
    const { errors } = compose(
      service(
        'neighbour',
        `${federation('"@key", "@shareable"')}
         type PageInfo @shareable { hasNextPage: String }
         type Query { page: PageInfo }`,
      ),
    );
    expect(errors).not.toEqual([]);
  });

  it.each([
    [
      'adds to accounts by key',
      `type Account @key(fields: "id") { id: ID! plan: String }
       type Query { plans: [Account!]! }`,
    ],
    [
      'refers to accounts by vendor and external id, and knows fewer vendors',
      `type Account @key(fields: "vendor externalId") { vendor: Vendor! externalId: String! plan: String }
       enum Vendor { ECWID WIX }
       type Query { plans: [Account!]! }`,
    ],
    [
      'refers to accounts by vendor and external id, and knows more vendors',
      `type Account @key(fields: "vendor externalId") { vendor: Vendor! externalId: String! plan: String }
       enum Vendor { ECWID SOFTWAREONE WIX SHOPIFY }
       type Query { plans: [Account!]! }`,
    ],
    [
      'adds to staff, invites and people',
      `type StaffMember @key(fields: "id") { id: ID! badge: String }
       type Invite @key(fields: "id") { id: ID! campaign: String }
       type Person @key(fields: "email") { email: EmailAddress! tickets: Int }
       scalar EmailAddress
       type Query { badges: [StaffMember!]! }`,
    ],
    [
      'has a PageInfo of its own',
      `type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
       type Query { page: PageInfo }`,
    ],
  ])('accepts another subgraph that %s', (_what, sdl) => {
    const { errors } = compose(service('neighbour', `${federation('"@key", "@shareable"')}\n${sdl}`));
    expect(errors).toEqual([]);
  });
});

describe('schema contract', () => {
  const directives = ['key', 'shareable'];
  const contract = shapesOf(
    parse(readFileSync(join(__dirname, '..', 'support', 'contract.graphql'), 'utf8')),
    directives,
  );
  const schema = shapesOf(readSdl(), directives);

  it('is kept by all types and fields: kind, type, nullability, default and key', () => {
    const kept = [...contract].filter(([path]) => schema.has(path));
    expect(kept.length).toBeGreaterThan(200);
    expect(Object.fromEntries(kept.map(([path]) => [path, schema.get(path)]))).toEqual(
      Object.fromEntries(kept),
    );
  });

  it('is complete', () => {
    // What is deliberately not there yet would be named here; nothing is.
    expect([...contract.keys()].filter((path) => !schema.has(path))).toEqual([]);
  });
});
