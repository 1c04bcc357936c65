/**
 * Hive Gateway 2.15 (the one for Node.js) in front of Rollcall. Nothing of it is for Rollcall's example alone:
 * `npm run supergraph` and its tests run on this very file.
 *
 *   ROUTER_SECRET=… hive-gateway supergraph supergraph.graphql --config-path gateway.config.ts
 *
 * Environment: ROUTER_SECRET, the `server.routerSecret` of rollcall.yaml; CORS_ORIGINS, separated by spaces.
 */

/** What a request may take with it to a subgraph. Everything else of the caller's stays here, cookies included. */
const FORWARDED = [
  // Who asks: each subgraph checks the token for itself.
  'authorization',
  // One id through all logs. The gateway makes it if the caller sent none.
  'x-request-id',
  // `no-cache` asks the vendors anew.
  'cache-control',
];

const { ROUTER_SECRET, CORS_ORIGINS = '' } = process.env;
const origins = CORS_ORIGINS.split(' ').filter((origin) => origin !== '');
if (!ROUTER_SECRET) throw new Error('ROUTER_SECRET is not set: Rollcall would refuse every entity.');

/** The settings. */
export const gatewayConfig = {
  propagateHeaders: {
    fromClientToSubgraphs: ({ request, subgraphName }: { request: Request; subgraphName: string }) => ({
      ...Object.fromEntries(FORWARDED.map((name) => [name, request.headers.get(name)])),
      // For Rollcall alone, and never the caller's own: `_entities` and `_service` open with it.
      ...(subgraphName === 'rollcall' ? { 'router-authorization': ROUTER_SECRET } : {}),
    }),
  },

  // Longer than Rollcall's `limits.operationDeadline` of 8 s. A shorter one would throw away what the other vendors have
  // answered, and leave a caller not knowing whether an email went out.
  upstreamTimeout: 10_000,
  // The whole request, which may ask several subgraphs one after the other.
  requestDeadline: 25_000,

  // There is no `upstreamRetry` here, and that is a setting: it would repeat mutations too. Rollcall retries its reads
  // itself and never a write.

  // Errors that are no GraphQL errors stay in here; those of subgraphs go out with their code and path. Rollcall's are
  // made for that, and masked where they are not.
  maskedErrors: true,

  // Browsers may call from these origins; from none if there are none (an empty list would mean all of them).
  cors: origins.length > 0 && {
    origin: origins,
    methods: ['POST', 'GET', 'OPTIONS'],
    allowedHeaders: [
      ...['authorization', 'content-type', 'x-request-id', 'cache-control'],
      ...['apollo-require-preflight', 'x-apollo-operation-name'],
    ],
    exposedHeaders: ['x-request-id', 'retry-after'],
    // No cookies, so no foreign page can act in anybody's name.
    credentials: false,
    maxAge: 600,
  },

  // The page with the query editor is for developers.
  graphiql: process.env['NODE_ENV'] !== 'production',
  landingPage: false,
  healthCheckEndpoint: '/healthz',
  readinessCheckEndpoint: '/readyz',
};
