import { composeServices as composeApollo } from '@apollo/composition';
import { composeServices as composeGuild } from '@theguild/federation-composition';
import { federateSubgraphs, ROUTER_COMPATIBILITY_VERSION_ONE } from '@wundergraph/composition';
import type { DocumentNode } from 'graphql';

/** A subgraph to be composed. */
export interface Service {
  readonly name: string;
  readonly url: string;
  readonly typeDefs: DocumentNode;
}

/** Composes subgraphs; gives what is wrong with them, and the types of the whole if nothing is. */
export type Compose = (services: Service[]) => {
  readonly errors: readonly string[];
  readonly schema: DocumentNode | string | undefined;
};

/** The composers that gateways are fed by: Apollo's (Router, Gateway), the Guild's (Hive), WunderGraph's (Cosmo). */
export const composers: Readonly<Record<string, Compose>> = {
  Apollo: (services) => {
    const { errors = [], supergraphSdl } = composeApollo(services);
    return { errors: errors.map(({ message }) => message), schema: supergraphSdl };
  },
  Guild: (services) => {
    const result = composeGuild(services);
    return {
      errors: (result.errors ?? []).map(({ message }) => message),
      schema: 'supergraphSdl' in result ? result.supergraphSdl : undefined,
    };
  },
  Cosmo: (services) => {
    const result = federateSubgraphs({
      subgraphs: services.map(({ typeDefs, ...service }) => ({ ...service, definitions: typeDefs })),
      version: ROUTER_COMPATIBILITY_VERSION_ONE,
    });
    return {
      errors: result.success ? [] : result.errors.map(({ message }) => message),
      schema: result.success ? result.federatedGraphAST : undefined,
    };
  },
};
