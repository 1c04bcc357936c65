/**
 * Hive Gateway over a supergraph that Mesh composes of the vendors' REST APIs; Rollcall's types are added to it, and their
 * fields resolved through the gateway's own way to the subgraphs. Batches and mapping are those of the other peers.
 */
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway';
import { getComposedSchemaFromConfig } from '@graphql-mesh/compose-cli';
import { Kind, parse, print, visit } from 'graphql';
import { ecwid, softwareone, wix } from './mesh-subgraphs.mjs';
import { createContext, resolvers } from './model.mjs';
import { readSdl } from './schema.mjs';
import { createVendors, splitId, toContributor, toEcwidStaff, toMembership } from './vendors.mjs';

const quiet = { debug() {}, info() {}, log() {}, warn() {}, error: console.error, child: () => quiet };

export async function start(world, port) {
  const { vendors } = world;
  const supergraph = await getComposedSchemaFromConfig(
    {
      subgraphs: [ecwid(vendors.ecwid), softwareone(vendors.softwareone), wix(vendors.wix)].map(
        (sourceHandler) => ({ sourceHandler }),
      ),
      fetch,
    },
    quiet,
  );
  const { accounts, account } = createVendors(world);
  const contexts = new WeakMap();
  const modelOf = (context, info) => {
    const known = contexts.get(context);
    if (known) return known;
    const made = createContext({ accounts, account, ...throughMesh(account, context, info) });
    contexts.set(context, made);
    return made;
  };
  const gateway = createGatewayRuntime({
    supergraph,
    additionalTypeDefs: ownTypes(),
    additionalResolvers: inGateway(modelOf),
    logging: false,
    landingPage: false,
    graphiql: false,
    jit: true,
  });
  createServer(gateway).listen(port, '127.0.0.1');
}

/**
 * Rollcall's SDL as an extension of another schema: without what belongs to federation. The gateway takes no field called
 * `_entities`; it has another name here, see `respell` in measure/peers.mjs.
 */
function ownTypes() {
  const plain = visit(parse(readSdl()), {
    Directive: () => null,
    SchemaExtension: () => null,
    ObjectTypeDefinition: (node) =>
      ['Query', 'Mutation'].includes(node.name.value)
        ? { ...node, kind: Kind.OBJECT_TYPE_EXTENSION, description: undefined }
        : undefined,
  });
  return `${print(plain)}
    scalar Reference
    extend type Query { references(references: [Reference!]!): [StaffMember]! }`;
}

/** The model's resolvers, each with the model's context in place of the gateway's. */
function inGateway(modelOf) {
  const { __resolveReference: byReference, ...staffMember } = resolvers.StaffMember;
  const own = {
    ...resolvers,
    Query: {
      ...resolvers.Query,
      references: (_root, { references }, context) =>
        references.map((reference) => byReference(reference, context)),
    },
    StaffMember: staffMember,
  };
  return Object.fromEntries(
    Object.entries(own).map(([type, fields]) => [
      type,
      Object.fromEntries(
        Object.entries(fields).map(([name, resolve]) => [
          name,
          (root, args, context, info) => resolve(root, args, modelOf(context, info), info),
        ]),
      ),
    ]),
  );
}

/** The vendors as the model wants them, asked through the gateway's subgraphs. */
function throughMesh(accountOf, context, info) {
  const ask = (subgraph, field, args, selectionSet, kind = 'Query') =>
    context[subgraph][kind][field]({ root: {}, args, context, info, selectionSet });
  const byId = (rows) => rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  const among = (rows, locals) => {
    const wanted = new Set(locals);
    return rows.filter(({ externalId }) => wanted.has(externalId));
  };

  const ecwidStaff = async (account) => {
    const args = { token: account.token, store: account.externalId };
    const { staffList } = await ask(
      'Ecwid',
      'ecwidStaff',
      args,
      '{ staffList { id name email inviteAccepted } }',
    );
    return staffList.map((row) => toEcwidStaff(account, row));
  };
  const swoStaff = async (account, filter, limit) => {
    const { data } = await ask('SoftwareOne', 'swoMembers', { token: account.token, filter, limit }, MEMBERS);
    return data.map((row) => toMembership(account, row));
  };
  const swoByIds = (account, locals) =>
    swoStaff(account, `in(id,(${locals.map((local) => `%22${local}%22`).join(',')}))`, locals.length);
  const wixStaff = async (account) => {
    const args = { token: account.apiKey, site: account.externalId };
    const { contributors } = await ask('Wix', 'wixContributors', args, '{ contributors { accountId } }');
    return contributors.map(({ accountId }) => toContributor(account, accountId));
  };

  const ways = {
    ECWID: {
      profile: async (account) => {
        const args = { token: account.token, store: account.externalId };
        const fields = '{ settings { storeName } account { suspended } }';
        const profile = await ask('Ecwid', 'ecwidProfile', args, fields);
        const status = profile.account.suspended ? 'SUSPENDED' : 'ACTIVE';
        return { name: profile.settings.storeName, status };
      },
      staffList: async (account, first) => byId(await ecwidStaff(account)).slice(0, first),
      staffByIds: async (account, locals) => among(await ecwidStaff(account), locals),
      resend: async (account, local) => {
        const found = (await ecwidStaff(account)).find(({ invite }) => splitId(invite.id)[1] === local);
        if (found?.invite.status !== 'PENDING') throw new Error('Not pending.');
        const args = {
          token: account.token,
          store: account.externalId,
          input: { email: found.invite.email },
        };
        await ask('Ecwid', 'ecwidResend', args, '{ success }', 'Mutation');
        return found.invite;
      },
    },
    SOFTWAREONE: {
      profile: async (account) => {
        const args = { token: account.token, id: account.externalId };
        const { name, status } = await ask('SoftwareOne', 'swoAccount', args, '{ name status }');
        return { name, status: status === 'Active' ? 'ACTIVE' : 'UNKNOWN' };
      },
      staffList: (account, first) => swoStaff(account, `eq(account.id,%22${account.externalId}%22)`, first),
      staffByIds: swoByIds,
      resend: async (account, local) => {
        const [found] = await swoByIds(account, [local]);
        if (found?.invite.status !== 'PENDING') throw new Error('Not pending.');
        const args = { token: account.token, id: local };
        await ask('SoftwareOne', 'swoResend', args, '{ id invitation { status } }', 'Mutation');
        return found.invite;
      },
    },
    WIX: {
      profile: async (account) => {
        const query = {
          filter: { id: { $eq: account.externalId }, namespace: { $in: ['WIX', 'HEADLESS'] } },
          cursorPaging: { limit: 1 },
        };
        const args = { token: account.apiKey, owner: account.wixAccountId, input: { query } };
        const { sites } = await ask('Wix', 'wixSite', args, '{ sites { displayName blocked } }');
        return { name: sites[0].displayName, status: sites[0].blocked ? 'SUSPENDED' : 'ACTIVE' };
      },
      staffList: async (account, first) => byId(await wixStaff(account)).slice(0, first),
      staffByIds: async (account, locals) => among(await wixStaff(account), locals),
      resend: async (account, local) => {
        const args = { token: account.apiKey, site: account.externalId, id: local };
        const { invite } = await ask('Wix', 'wixResend', args, '{ invite { id email status } }', 'Mutation');
        return { id: `${account.id}:${invite.id}`, email: invite.email, status: 'PENDING' };
      },
    },
  };
  return {
    profile: (account) => ways[account.vendor].profile(account),
    staffList: (account, first) => ways[account.vendor].staffList(account, first),
    staffByIds: (account, locals) => ways[account.vendor].staffByIds(account, locals),
    resend: async (inviteId) => {
      const [key, local] = splitId(inviteId);
      const account = accountOf(key);
      return {
        outcome: 'REQUESTED',
        invite: await ways[account.vendor].resend(account, local),
        userErrors: [],
      };
    },
  };
}

const MEMBERS =
  '{ data { id user { name email status } invitation { status } audit { created { at } invited { at } joined { at } } } }';
