import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import type { IncomingHttpHeaders } from 'node:http';

interface Context {
  readonly headers?: IncomingHttpHeaders;
}

/** What a request may take with it to a subgraph; the same as in `deploy/gateway.config.ts`. */
const FORWARDED = ['authorization', 'x-request-id', 'cache-control'];

const { values } = parseArgs({ options: { supergraph: { type: 'string' }, port: { type: 'string' } } });
const { ROUTER_SECRET = '' } = process.env;

const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(values.supergraph ?? 'supergraph.graphql', 'utf8'),
  buildService: ({ name, url }) =>
    new RemoteGraphQLDataSource<Context>({
      ...(url ? { url } : {}),
      willSendRequest: ({ request, context }) => {
        // Empty while the gateway asks on its own behalf.
        const { headers = {} } = context as Context;
        for (const header of FORWARDED) {
          const value = headers[header];
          if (typeof value === 'string') request.http?.headers.set(header, value);
        }
        if (name === 'rollcall') request.http?.headers.set('router-authorization', ROUTER_SECRET);
      },
    }),
});
const server = new ApolloServer<Context>({ gateway, includeStacktraceInErrorResponses: false });
await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: Number(values.port ?? 4000), path: '/' },
  context: ({ req: { headers } }) => Promise.resolve({ headers }),
});
process.stdout.write('Listening on\n');
