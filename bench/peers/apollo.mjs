/** Apollo Server, tuned by hand: DataLoader, undici, a bare node:http server, no plugin that hooks fields. */
import { createServer } from 'node:http';
import { ApolloServer, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { createContext, resolvers } from './model.mjs';
import { readJson } from './http.mjs';
import { createSchema } from './schema.mjs';
import { createVendors } from './vendors.mjs';

export async function start(world, port) {
  const vendors = createVendors(world);
  const apollo = new ApolloServer({
    schema: createSchema(resolvers),
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await apollo.start();
  createServer(async (request, response) => {
    const headers = new HeaderMap(Object.entries(request.headers));
    const body = await readJson(request);
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method, headers, search: '', body },
      context: async () => createContext(vendors),
    });
    response.writeHead(answer.status ?? 200, Object.fromEntries(answer.headers));
    response.end(answer.body.string);
  }).listen(port, '127.0.0.1');
}
