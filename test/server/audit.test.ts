import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { type AuditResult, auditServer } from 'graphql-http';
import { pino } from 'pino';
import { type Demo, startDemo } from '../../src/demo';
import { closeAll } from '../support/close-all';

/** What the audit of GraphQL over HTTP says of a server: one line for each of its points that fails. */
async function failuresOf(url: string): Promise<readonly string[]> {
  const results = await auditServer({ url });
  expect(results.length).toBeGreaterThan(50);
  return results.filter(({ status }) => status !== 'ok').map(nameOf);
}

const nameOf = ({ id, name }: AuditResult): string => `${name} (${id})`;

describe('GraphQL over HTTP specification audit', () => {
  let demo: Demo;
  let bare: ApolloServer;
  let failures: readonly string[];
  let failuresOfApollo: readonly string[];
  beforeAll(async () => {
    demo = await startDemo(pino({ enabled: false }), { port: '0' });
    bare = new ApolloServer({ typeDefs: 'type Query { nothing: String }', csrfPrevention: true });
    const { url } = await startStandaloneServer(bare, { listen: { port: 0, host: '127.0.0.1' } });
    failures = await failuresOf(demo.url);
    failuresOfApollo = await failuresOf(url);
  });
  afterAll(() => closeAll(bare, demo));

  it('passes every required check', () => {
    expect(failures.filter((name) => name.startsWith('MUST'))).toEqual([]);
  });

  it('passes no fewer checks than Apollo Server alone', () => {
    expect(failures.filter((name) => !failuresOfApollo.includes(name))).toEqual([]);
  });
});
