import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { answerClientError } from './client-errors';
import { type CorsPolicy, corsOptions } from './cors';
import { type GraphqlRoute, layGraphql } from './graphql-route';
import { layLandingPage } from './landing-page/routes';
import { type Readiness, readinessStatus } from './readiness';
import { decompressRequests } from './request-encoding';
import { SAFE_HEADERS, sendError } from './send-error';

/** What the HTTP edge is made from. */
export interface HttpOptions extends GraphqlRoute {
  readonly host: string;
  readonly port: number;
  readonly cors: CorsPolicy;
  readonly landingPage: boolean;
  readonly requestBytes: number;
  /** All metrics in Prometheus' text format. */
  readonly metrics: () => Promise<string>;
  /** What this process can do now. */
  readonly readiness: () => Promise<Readiness>;
}

/** What of a request tells who asks, and how. */
export interface HttpRequest {
  /** As given in `x-request-id`, or made. */
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
}

/** The HTTP server, before it listens. */
export type HttpServer = FastifyInstance;

/** Makes the bare HTTP server, so that Apollo can be told to drain it. */
export function createHttpServer({ requestBytes }: Pick<HttpOptions, 'requestBytes'>): HttpServer {
  return fastify({
    bodyLimit: requestBytes,
    // Longer than the pools of routers and load balancers, so that they never use a connection we just closed.
    keepAliveTimeout: 65_000,
    requestTimeout: 15_000,
    connectionTimeout: 0,
    // Timeouts are looked at as often: connections that say nothing are closed after 20 to 25 s.
    http: { headersTimeout: 20_000, connectionsCheckingInterval: 5000 },
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { ignoreTrailingSlash: false },
    clientErrorHandler: answerClientError,
    // A path that cannot be decoded never reaches a route.
    frameworkErrors: (_error, request, reply) => {
      void sendError(
        reply.headers({ 'x-request-id': request.id, ...SAFE_HEADERS }),
        400,
        'The request cannot be read.',
      );
    },
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : randomUUID();
    },
  });
}

/** Lays the routes and listens; resolves with the address. */
export async function listen(http: HttpServer, options: HttpOptions): Promise<string> {
  http.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'x-request-id': request.id, ...SAFE_HEADERS });
  });
  decompressRequests(http, options.requestBytes);
  // Each answer holds what its caller may see, and no page can make a browser send a token along: compression cannot
  // be used to guess what is in it (BREACH). Less than a packet or two gains nothing.
  await http.register(compress, {
    encodings: ['gzip'],
    threshold: 2048,
    zlibOptions: { level: 1 },
    globalDecompression: false,
  });
  http.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500;
    return sendError(reply, status, status < 500 ? error.message : 'Something went wrong here.');
  });
  http.setNotFoundHandler((_request, reply) =>
    sendError(reply, 404, 'There is nothing here; GraphQL is at /graphql.'),
  );
  if (options.cors.loopback || options.cors.origins.length > 0)
    await http.register(cors, corsOptions(options.cors));
  layGraphql(http, options);

  http.get('/healthz', () => ({ status: 'ok' }));
  http.get<{ Querystring: Record<string, unknown> }>('/readyz', async ({ query }, reply) => {
    const readiness = await options.readiness();
    return reply.code(readinessStatus(readiness, 'writes' in query)).send(readiness);
  });
  http.get('/metrics', async (_request, reply) => {
    const text = await options.metrics();
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text);
  });
  if (options.landingPage) layLandingPage(http);

  // A crowd that comes at once waits to be let in; it is not turned away.
  await http.listen({ host: options.host, port: options.port, backlog: 4096 });
  const { port } = http.server.address() as AddressInfo;
  return `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
}
