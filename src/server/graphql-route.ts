import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { Abort } from '../abort';
import type { Context } from '../graphql/context';
import { TRACE_HEADER } from '../graphql/execute';
import type { FastPath } from '../graphql/fast-path';
import { boundResponse } from './bound-response';
import { callerFirst, type CallerFirstParts, type RequestCaller } from './caller-first';
import { checkDocumentBytes } from './document-bytes';
import type { HttpRequest, HttpServer } from './http';
import { sendError } from './send-error';

/** How GraphQL is answered. */
export interface GraphqlRoute extends CallerFirstParts {
  readonly apollo: ApolloServer<Context>;
  readonly fastPath: FastPath;
  readonly context: (request: CalledRequest, end: Abort) => Context;
  /** How large a document may be. */
  readonly documentBytes: number;
  /** How large an answer may be. */
  readonly answerBytes: number;
}

/** Media types are weighed by Apollo Server; what it chose for an `accept` header is remembered for so many of them. */
const MAX_ACCEPTS = 100;
/** A longer header is weighed anew each time. */
const MAX_ACCEPT_LENGTH = 256;

/** A request whose caller is known. */
export type CalledRequest = HttpRequest & { readonly caller: RequestCaller };

/** Lays `/graphql`: operations that are known on the fast path, all else by Apollo Server. */
export function layGraphql(http: HttpServer, route: GraphqlRoute): void {
  const { apollo, fastPath, context, documentBytes, answerBytes, observer } = route;
  const contentTypes = new LRUCache<string, string>({ max: MAX_ACCEPTS });

  http.decorateRequest('caller', null);
  http.route({
    method: ['PUT', 'PATCH', 'DELETE', 'TRACE'],
    url: '/graphql',
    // Before the body is read.
    onRequest: async (_request, reply) =>
      sendError(reply.header('allow', 'GET, POST'), 405, 'GraphQL is asked by POST, queries also by GET.'),
    handler: () => undefined,
  });

  http.route({
    method: ['GET', 'POST', 'OPTIONS'],
    url: '/graphql',
    onRequest: callerFirst(route),
    handler: async (request, reply) => {
      const end = endedBy(reply);
      const createContext = (): Promise<Context> =>
        new Promise((resolve) => {
          const { id, headers, caller } = request;
          if (caller === null) throw new Error('A request was let in without its caller.');
          resolve(context({ id, headers, caller }, end));
        });
      // Who may see it, and what it is, changes from one moment to the next: what is kept, is kept here.
      reply.header('cache-control', 'no-store');
      const accept = request.headers.accept ?? '';
      const contentType = isPlainPost(request) ? contentTypes.get(accept) : undefined;
      const text = contentType === undefined ? null : await fastPath(request.body, createContext);
      if (text !== null)
        return reply.header('content-type', contentType).send(boundResponse(text, 200, answerBytes));

      const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: toApollo(request),
        context: async () => {
          const made = await createContext();
          try {
            checkDocumentBytes(request, documentBytes);
          } catch (error) {
            const errors = [(error as GraphQLError).toJSON()];
            observer.ended({ context: made, operation: null, start: performance.now(), data: null, errors });
            throw error;
          }
          return made;
        },
      });
      for (const [name, value] of headers) reply.header(name, value);
      // Nothing here is answered in parts: `@defer` is not in the schema.
      if (body.kind === 'chunked') throw new Error('Apollo Server answers in parts.');
      const chosen = headers.get('content-type');
      if (
        isPlainPost(request) &&
        status === undefined &&
        chosen !== undefined &&
        accept.length <= MAX_ACCEPT_LENGTH
      )
        contentTypes.set(accept, chosen);
      const code = status ?? 200;
      return reply.code(code).send(boundResponse(body.string, code, answerBytes));
    },
  });
}

/** A POST that needs no trace; that it is JSON was seen when its body was read. */
const isPlainPost = ({ method, headers }: FastifyRequest): boolean =>
  method === 'POST' && headers[TRACE_HEADER] === undefined;

function toApollo({ method, headers, body, url }: FastifyRequest): HTTPGraphQLRequest {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers))
    if (value) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  const search = url.indexOf('?');
  return { method, headers: map, body, search: search < 0 ? '' : url.slice(search) };
}

/** Fires when the caller has left before the answer was written. */
function endedBy({ raw }: FastifyReply): Abort {
  const end = new Abort();
  raw.once('close', () => {
    if (!raw.writableFinished) end.abort();
  });
  return end;
}
