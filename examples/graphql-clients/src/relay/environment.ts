import {
  Environment,
  type FetchFunction,
  type GraphQLResponse,
  Network,
  RecordSource,
  type RequestParameters,
  Store,
} from 'relay-runtime';
import type { ClientOptions } from '../rollcall-client';

/** Relay over the endpoint. A program never repeats a write: only a query is sent again, where its hash was unknown. */
export function createEnvironment(url: string, options: ClientOptions = {}): Environment {
  return new Environment({
    network: Network.create(createFetch(url, options)),
    store: new Store(new RecordSource()),
    // Relay's own rule is the id alone, and an invite may have the id of its staff member.
    getDataID: ({ id }, typeName) => (typeof id === 'string' ? `${typeName}:${id}` : null),
  });
}

/** Sends the document or, with persisted queries, its hash first and the document only where the hash is unknown. */
function createFetch(url: string, { fetch: send = fetch, persistedQueries }: ClientOptions): FetchFunction {
  const post = async (body: object): Promise<GraphQLResponse> => {
    const headers = { 'content-type': 'application/json' };
    return (await (
      await send(url, { method: 'POST', headers, body: JSON.stringify(body) })
    ).json()) as GraphQLResponse;
  };
  const get = async (parameters: Record<string, unknown>): Promise<GraphQLResponse> => {
    const search = Object.entries(parameters).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    // Apollo Server refuses a GET that a page of another site could send; this header shows that it could not.
    const headers = { 'apollo-require-preflight': 'true' };
    return (await (
      await send(`${url}?${new URLSearchParams(search)}`, { headers })
    ).json()) as GraphQLResponse;
  };

  return async (operation, variables) => {
    const request = { operationName: operation.name, variables };
    const query = operation.text;
    if (!persistedQueries || operation.operationKind !== 'query') return post({ ...request, query });
    const hashed = { ...request, extensions: persistedQuery(operation) };
    const answer = await (persistedQueries === 'GET' ? get(hashed) : post(hashed));
    return isMiss(answer) ? post({ ...hashed, query }) : answer;
  };
}

/** The compiler's id of an operation is the SHA-256 of its text, as `persistConfig` in relay.config.json says. */
const persistedQuery = ({ id }: RequestParameters) => ({ persistedQuery: { version: 1, sha256Hash: id } });

const isMiss = (answer: GraphQLResponse): boolean =>
  'errors' in answer && (answer.errors ?? []).some((error) => codeOf(error) === 'PERSISTED_QUERY_NOT_FOUND');

/** Relay's types leave `extensions` out of an error; it is there. */
export const codeOf = (error: object): string | undefined =>
  (error as { readonly extensions?: { readonly code?: string } }).extensions?.code;
