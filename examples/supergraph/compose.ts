import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/** A subgraph: where it is, and its schema. */
export interface Subgraph {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
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
  return { name, url, sdl: data._service.sdl };
}

/** One supergraph out of several subgraphs. Throws with everything that does not fit. */
export function compose(subgraphs: readonly Subgraph[]): string {
  const { supergraphSdl, errors = [] } = composeServices(
    subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  if (supergraphSdl === undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}
