import { setTimeout as delay } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import { Agent } from 'undici';
import { createDirectory, nobody, type Viewer } from './accounts';
import type { Clock } from './clock';
import { type Config, ConfigError } from './config';
import { admitting, createAdmit } from './graphql/admit';
import { createContext } from './graphql/context';
import { createFormatError, unauthenticated } from './graphql/errors';
import { createExecution } from './graphql/execute';
import { createFastPath } from './graphql/fast-path';
import { createObserver, observing } from './graphql/observe';
import { createOperationCache } from './graphql/operation-cache';
import { createSchema } from './graphql/schema';
import { createApolloServer } from './graphql/server';
import { explainOpenError } from './ledger/explain-open-error';
import { type Ledger, openLedger } from './ledger/ledger';
import { describeError, type Logger, quietly } from './log';
import { createMetrics } from './metrics';
import type { Account } from './model';
import { type Authenticator, createAuthenticator, isRouter } from './server/auth';
import { reportKeyFetches } from './server/key-fetch-report';
import { drainOf } from './server/drain';
import { boundConnections } from './server/connections';
import { createHttpServer, listen } from './server/http';
import { createReadiness } from './server/readiness';
import { traceRequests } from './server/tracing';
import { createSharing } from './sharing/sharing';
import type { Transport } from './vendors/call';
import type { InviteMemory, Provider } from './vendors/provider';
import { inTime } from './vendors/in-time';
import { MemoryFailure } from './vendors/outcome';
import { createSharedReads } from './vendors/shared-reads';
import { alone, together, type Signals } from './vendors/signals';

/** What an app is started with. */
export interface AppOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Who asks, where the configuration has no `auth`. */
  readonly viewer: Viewer;
  /** The time of a demo or a test, which can be moved; the machine's and the database's unless given. */
  readonly clock?: Clock;
  readonly production?: boolean;
  /** Whether pages of this machine may call, beside those of `server.corsOrigins`. */
  readonly loopbackOrigins?: boolean;
  /** Whether tracing has been started, so that requests are to be traced. */
  readonly traced?: boolean;
  /** Where other processes serve the same accounts: how they tell each other what they have learned. */
  readonly signals?: Signals;
  /** Where other processes answer behind the same port: makes the metrics of all of them into one text. */
  readonly expose?: (own: Registry) => () => Promise<string>;
  /** How many processes answer behind the same port: they share `limits.connections`. */
  readonly processes?: number;
}

/** A running subgraph. */
export interface App {
  /** The GraphQL endpoint. */
  readonly url: string;
  readonly ledger: Ledger;
  /** Turns unready, and goes on serving for `server.drainDelay`: balancers hear of it meanwhile, and let connections go. */
  leave(): Promise<void>;
  /** Ends running operations, takes no new ones, and lets go of everything. */
  close(): Promise<void>;
}

/** Puts the parts together and listens. */
export async function startApp({
  config,
  log,
  viewer,
  clock: moved,
  production = false,
  loopbackOrigins = false,
  traced = false,
  signals: neighbours = alone,
  expose = (own) => () => own.metrics(),
  processes = 1,
}: AppOptions): Promise<App> {
  const { limits, server } = config;
  const clock = moved ?? Date.now;
  const report = (error: unknown): void => {
    log.error({ error: describeError(error) }, 'unexpected');
  };
  const ears = {
    onIdleError: report,
    onMigration: (migrations: readonly string[]) => {
      log.info({ migrations }, 'bringing the ledger up to date');
    },
  };
  const ledger = await openLedger(config.storage, limits, moved, ears, config.accounts).catch(
    (error: unknown): never => {
      throw new ConfigError([{ path: 'storage', problem: explainOpenError(error, config.storage) }]);
    },
  );
  await warnOfClock(ledger, log);
  const reads = new Agent({
    // Accounts of one vendor share its address: a cap here would let some that hang hold up the others. How many calls an
    // account may have is the guard's to say.
    connections: null,
    connect: { timeout: limits.connectTimeout },
    keepAliveMaxTimeout: 30_000,
  });
  const writes = new Agent({ pipelining: 0, connect: { timeout: limits.connectTimeout } });
  const sharing = config.redis === undefined ? null : createSharing({ ...config, url: config.redis, log });
  const signals = sharing ? together(neighbours, sharing.signals) : neighbours;
  let authenticator: Authenticator | null = null;
  const metrics = createMetrics({
    *connections() {
      for (const account of config.accounts) yield [account.vendor, provider(account).health()] as const;
    },
    ledger: () => ledger.ping(),
    tokenKeys: () => !config.auth || (authenticator?.isReady() ?? false),
    redis: sharing?.isConnected,
  });
  const provider = connectAll(config, ledger, { reads, writes, limits, clock, metrics, signals });
  const answers = sharing?.answers(metrics) ?? null;
  const shared = createSharedReads({ ...limits, clock, metrics, signals, answers });
  await sharing?.start();
  const directory = createDirectory(config.accounts);
  /** Writes that have begun, also for callers who have left. */
  const underWay = new Set<Promise<unknown>>();
  const parts = { directory, provider, ledger, limits, shared, clock, metrics, report, underWay };

  if (config.auth)
    authenticator = await createAuthenticator(
      config.auth,
      quietly(log, reportKeyFetches(log, metrics.keyFetches)),
    );
  const http = createHttpServer(limits);
  boundConnections(http, Math.max(1, Math.floor(limits.connections / processes)), (connections) => {
    log.warn({ connections }, 'connections turned away: limits.connections are open');
  });
  if (traced) traceRequests(http);
  const execution = createExecution(createSchema);
  const operations = createOperationCache();
  const admit = createAdmit(limits);
  const observer = createObserver(log, metrics);
  const formatError = createFormatError(
    quietly(log, (correlationId: string, error: unknown) => {
      metrics.maskedErrors.inc();
      log.error({ correlationId, error: describeError(error) }, 'masked');
    }),
  );
  let leaving = false;
  const apollo = createApolloServer({
    gateway: execution.gateway,
    operations,
    introspection: server.introspection ?? !production,
    limits,
    plugins: [admitting(admit, operations), observing(observer), drainOf(http, () => leaving)],
    log,
    formatError,
  });
  await apollo.start();
  const address = await listen(http, {
    apollo,
    fastPath: createFastPath({ operations, execution, admit, observer, formatError }),
    ...server,
    ...limits,
    cors: { origins: server.corsOrigins, loopback: loopbackOrigins },
    landingPage: server.landingPage ?? !production,
    identify: async (headers) => {
      const { routerSecret } = server;
      const router = routerSecret ? isRouter(routerSecret, headers['router-authorization']) : null;
      const caller = authenticator ? await authenticator.authenticate(headers.authorization) : viewer;
      // The router may come without a user, to read the schema.
      if (caller === null && router !== true) throw unauthenticated();
      return { viewer: caller ?? nobody, router };
    },
    context: ({ headers, id: requestId, caller }, end) => {
      const fresh = /\bno-cache\b/i.test(headers['cache-control'] ?? '');
      return createContext(parts, { ...caller, requestId, end, fresh });
    },
    observer,
    formatError,
    metrics: expose(metrics.registry),
    readiness: createReadiness({
      isLeaving: () => leaving,
      canVerify: () => !config.auth || (authenticator?.isReady() ?? false),
      canWrite: async () => {
        await ledger.ping();
      },
    }),
  });

  const purge = setInterval(() => void ledger.attempts.purgeKeys().catch(report), 3_600_000).unref();
  return {
    url: `${address}/graphql`,
    ledger,
    leave: async () => {
      leaving = true;
      if (server.drainDelay > 0) await delay(server.drainDelay);
    },
    close: async () => {
      leaving = true;
      clearInterval(purge);
      authenticator?.close();
      await apollo.stop();
      await Promise.allSettled(underWay);
      sharing?.close();
      await Promise.all([reads.destroy(), writes.close(), ledger.close()]);
    },
  };
}

/** From how far on the clocks of the database and of this machine are said to differ. */
const CLOCKS_DIFFER_MS = 1000;

/** Says when the ledger's time is another than this machine's: all that is told of times is the ledger's. */
async function warnOfClock(ledger: Ledger, log: Logger): Promise<void> {
  const aheadMs = await ledger.ping().catch(() => 0);
  if (Math.abs(aheadMs) > CLOCKS_DIFFER_MS)
    log.warn({ aheadMs }, "the ledger's clock differs from this machine's: cooldowns go by the ledger's");
}

/** Opens the way to every account's vendor; nothing is asked yet. */
function connectAll(config: Config, ledger: Ledger, transport: Transport): (account: Account) => Provider {
  const providers = new Map(
    config.accounts.map((account) => {
      const { baseUrl = '' } = config.vendors[account.vendor.toLowerCase()] ?? {};
      return [
        account.id,
        account.connect({
          account,
          transport,
          baseUrl,
          memory: memoryOf(account, ledger),
          clock: transport.clock,
        }),
      ];
    }),
  );
  return ({ id }) => {
    const provider = providers.get(id);
    if (!provider) throw new Error('An account without a provider.');
    return provider;
  };
}

const memoryOf = ({ id }: Account, { remembered, attempts }: Ledger): InviteMemory => ({
  remembered: (signal) => inTime(signal, remembered.ofAccount(id).catch(forgotten)),
  lastSends: (localIds, signal) => inTime(signal, attempts.lastSends(id, localIds).catch(forgotten)),
});

function forgotten(cause: unknown): never {
  throw new MemoryFailure('The ledger cannot be read.', { cause });
}
