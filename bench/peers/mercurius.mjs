/** mercurius with its own loaders and its compiled queries (jit), over the same model. */
import fastify from 'fastify';
import mercurius from 'mercurius';
import { createContext, resolvers } from './model.mjs';
import { createSchema } from './schema.mjs';
import { createVendors } from './vendors.mjs';

/** mercurius calls a loader once for all objects of a field; what it may not keep is kept by the model's own loaders. */
const loader = (load) => ({
  loader: (queries, context) => Promise.all(queries.map((query) => load(query, context))),
  opts: { cache: false },
});
const loaders = {
  Account: {
    name: loader(async ({ obj }, { profile }) => (await profile.load(obj)).name),
    status: loader(async ({ obj }, { profile }) => (await profile.load(obj)).status),
    staffMembers: loader(async ({ obj, params }, { vendors }) => ({
      nodes: await vendors.staffList(obj, params.first),
    })),
  },
};

export async function start(world, port) {
  const vendors = createVendors(world);
  const { Account: _loaded, ...others } = resolvers;
  const app = fastify();
  await app.register(mercurius, {
    schema: createSchema(others),
    loaders,
    jit: 1,
    context: () => createContext(vendors),
    path: '/graphql',
  });
  await app.listen({ port, host: '127.0.0.1' });
}
