import type { TypedDocumentString } from './generated/operations';

/** One entry of `errors`: what nobody foresaw, or what one field could not answer. `data` may be there all the same. */
export interface GraphQLError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: string;
    readonly retryAt?: string;
    readonly correlationId?: string;
  };
}

/** An answer in the operation's own types. A root field that failed is null in `data`, and `errors` says why. */
export interface Answer<Data> {
  readonly data: Data | null;
  readonly errors: readonly GraphQLError[];
}

/** Asks one operation. Rejects only where no GraphQL answer came back: then nobody knows what was done. */
export type Ask = <Data, Variables>(
  operation: TypedDocumentString<Data, Variables>,
  variables: Variables,
) => Promise<Answer<Data>>;

/** A client of one endpoint; `token` is asked before each request, so that it may be renewed. */
export function createClient(url: string, token?: () => Promise<string>): Ask {
  return async <Data, Variables>(operation: TypedDocumentString<Data, Variables>, variables: Variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        ...(token && { authorization: `Bearer ${await token()}` }),
      },
      body: JSON.stringify({ query: operation.toString(), variables }),
    });
    const { data = null, errors = [] } = (await response.json()) as Partial<Answer<Data>>;
    return { data, errors };
  };
}
