import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import type { Resolvers } from '../generated/graphql';
import { account } from '../resolvers/account';
import { invite } from '../resolvers/invite';
import { inviteMutations } from '../resolvers/invite-mutations';
import { person } from '../resolvers/person';
import { staffMember } from '../resolvers/staff-member';
import { meterResolvers } from './metered-resolvers';
import { enforceScopes } from './directives';
import { separateEntities } from './separate-entities';
import { scalars } from './scalars';

/** The SDL's folder, beside `src` and `dist` alike. */
const SCHEMA_FOLDER = join(__dirname, '..', '..', 'schema');

/** The subgraph's SDL: every file of `schema/`, as one document. */
export function readSdl(): DocumentNode {
  const files = readdirSync(SCHEMA_FOLDER).filter((file) => file.endsWith('.graphql'));
  return parse(
    files
      .sort()
      .map((file) => readFileSync(join(SCHEMA_FOLDER, file), 'utf8'))
      .join('\n'),
  );
}

let schema: GraphQLSchema | undefined;

/** The subgraph's schema: the SDL with its resolvers, one file of each name. Built once, it is the same for every app. */
export function createSchema(): GraphQLSchema {
  return (schema ??= buildSchema());
}

function buildSchema(): GraphQLSchema {
  const typeDefs = readSdl();
  const modules: Resolvers[] = [scalars, account, staffMember, invite, inviteMutations, person];
  const built = enforceScopes(
    separateEntities(
      buildSubgraphSchema(
        modules.map((resolvers, index) => ({ typeDefs: index === 0 ? typeDefs : EMPTY, resolvers })),
      ),
    ),
  );
  return meterResolvers(built);
}

const EMPTY: DocumentNode = { kind: 'Document', definitions: [] } as unknown as DocumentNode;
