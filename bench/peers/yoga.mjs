/** graphql-yoga over the model of the tuned Apollo peer. */
import { createServer } from 'node:http';
import { createYoga } from 'graphql-yoga';
import { createContext, resolvers } from './model.mjs';
import { createSchema } from './schema.mjs';
import { createVendors } from './vendors.mjs';

export async function start(world, port) {
  const vendors = createVendors(world);
  const yoga = createYoga({
    schema: createSchema(resolvers),
    context: () => createContext(vendors),
    logging: false,
    graphiql: false,
    landingPage: false,
  });
  createServer(yoga).listen(port, '127.0.0.1');
}
