import { composeServices } from '@apollo/composition';
import { type DocumentNode, Kind, parse, visit } from 'graphql';

/** A subgraph: where it is, and its schema. */
export interface Subgraph {
  readonly name: string;
  readonly url: string;
  readonly schema: DocumentNode;
}

/** Asks a running subgraph for its schema, as gateways do. */
export async function introspect(
  name: string,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Subgraph> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  });
  const { data, errors } = (await response.json()) as {
    data?: { _service: { sdl: string } } | null;
    errors?: unknown;
  };
  if (!data) throw new Error(`${name} does not show its schema: ${JSON.stringify(errors)}`);
  return { name, url, schema: parse(data._service.sdl) };
}

/** One supergraph out of several subgraphs. Throws with everything that does not fit. */
export function compose(subgraphs: readonly Subgraph[]): string {
  const { supergraphSdl, errors = [] } = composeServices(
    subgraphs.map(({ schema, ...subgraph }) => ({ ...subgraph, typeDefs: schema })),
  );
  if (supergraphSdl === undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

/**
 * A subgraph without the directives by which a gateway may enforce scopes, for a gateway that cannot and refuses to start
 * on them. Nothing is opened by that: Rollcall enforces them itself, from its own schema.
 */
export const withoutScopes = (subgraph: Subgraph): Subgraph => ({
  ...subgraph,
  schema: visit(subgraph.schema, {
    Directive: ({ name }) => (SCOPES.includes(`@${name.value}`) ? null : undefined),
    // In the list of what is imported.
    [Kind.STRING]: ({ value }) => (SCOPES.includes(value) ? null : undefined),
  }),
});

const SCOPES = ['@authenticated', '@requiresScopes'];
