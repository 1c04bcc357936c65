import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Viewer } from '../accounts';
import type { FormatError, Refused } from '../graphql/errors';
import type { Observer } from '../graphql/observe';
import { createBodyBudget, expectedBytes } from './body-budget';

/** Who sends a request. */
export interface RequestCaller {
  readonly viewer: Viewer;
  /** Whether the request has the router's secret; null where there is none to have. */
  readonly router: boolean | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Known before the body is read; null outside `/graphql`. */
    caller: RequestCaller | null;
  }
}

/** What the caller is identified with. */
export interface CallerFirstParts {
  /** Finds out who sends a request; rejects with a GraphQLError that has its HTTP status. */
  readonly identify: (headers: IncomingHttpHeaders) => Promise<RequestCaller>;
  readonly requestBytes: number;
  readonly observer: Observer;
  readonly formatError: FormatError;
}

/** How long a refused caller may take to end the body that is not read. */
const LINGER_MS = 1000;

/**
 * Identifies the caller of a request and finds room for its body, before a byte of the body is read: without a token nothing
 * is held. A refusal is answered at once, in the envelope of GraphQL.
 */
export function callerFirst(parts: CallerFirstParts): onRequestAsyncHookHandler {
  const { identify, requestBytes, observer, formatError } = parts;
  const bodies = createBodyBudget(requestBytes);

  return async (request, reply) => {
    let caller;
    try {
      caller = await identify(request.headers);
    } catch (error) {
      const { reason = null } = error as Partial<Refused>;
      observer.refused(request.id, reason);
      return refuse(request, reply, error);
    }
    request.caller = caller;
    const bytes = expectedBytes(request.headers, requestBytes);
    if (bytes === 0) return;
    const { tenant, subject } = caller.viewer;
    const reserved = bodies.reserve(JSON.stringify([tenant, subject]), bytes);
    if (typeof reserved === 'string') return refuse(request, reply, REFUSALS[reserved]());
    // Held for as long as the operation runs: so long its variables are.
    reply.raw.once('close', reserved.release);
  };

  function refuse(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
    const known =
      error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error });
    const { status = 500, headers = [] } = (known.extensions['http'] ?? {}) as {
      status?: number;
      headers?: Iterable<[string, string]>;
    };
    for (const [name, value] of headers) reply.header(name, value);
    const type = /\bapplication\/graphql-response\+json\b/.test(request.headers.accept ?? '')
      ? 'application/graphql-response+json'
      : 'application/json';
    closeUnlessRead(request, reply);
    return reply
      .code(status)
      .header('cache-control', 'no-store')
      .type(`${type}; charset=utf-8`)
      .send({ errors: [formatError(known.toJSON(), known)] });
  }
}

/** Node.js reads on what nobody wants, so that the answer arrives; but a body that does not end must not keep a connection. */
function closeUnlessRead({ raw: request }: FastifyRequest, { raw: response }: FastifyReply): void {
  response.once('finish', () => {
    if (request.complete) return;
    setTimeout(() => {
      if (!request.complete) request.socket.destroy();
    }, LINGER_MS).unref();
  });
}

const overloaded = (status: number, code: string, message: string) => (): GraphQLError =>
  new GraphQLError(message, {
    extensions: { code, http: { status, headers: new Map([['retry-after', '1']]) } },
  });

const REFUSALS = {
  PROCESS_FULL: overloaded(
    503,
    'SERVICE_UNAVAILABLE',
    'Too many requests are being read; try again in a second.',
  ),
  CALLER_FULL: overloaded(
    429,
    'TOO_MANY_REQUESTS',
    'This caller sends too many bytes at once; send fewer requests side by side.',
  ),
};
