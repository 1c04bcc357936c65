import { setTimeout as delay } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { Clock } from '../clock';
import { SpanKind } from '@opentelemetry/api';
import type { Metrics } from '../metrics';
import type { ConnectionHealth, Vendor } from '../model';
import { inSpan, traceHeaders } from '../tracing';
import { type Exchange, exchange, type ExchangeLimits, type Headers } from './exchange';
import { createGuard } from './guard';
import type { Outcome } from './outcome';
import type { ProviderParts, WriteOptions } from './provider';
import type { Asking } from './shared-reads';
import type { Signals } from './signals';
import { createRetryBudget, isRetryable, MAX_RETRIES, pauseOf } from './retry';

/** What all vendor calls of this process share. */
export interface Transport {
  /** Keeps connections open between calls. */
  readonly reads: Dispatcher;
  /** Opens a connection for each call: an idle one that the vendor is just closing would leave a write unsure. */
  readonly writes: Dispatcher;
  readonly limits: {
    readonly readTimeout: number;
    readonly writeTimeout: number;
    readonly responseBytes: number;
    readonly concurrencyPerAccount: number;
  };
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly signals: Signals;
}

/** What tells one vendor's HTTP from another's. */
export interface Dialect {
  readonly vendor: Vendor;
  readonly baseUrl: string;
  /** Sent with every call: the credential, and whose account it is. */
  readonly headers: Readonly<Record<string, string>>;
  /** The vendor's own code in a refusal, and the name it gives the request there. */
  readRefusal(body: unknown): { code: string | null; requestId: string | null };
  /** Whether a refusal is of the credential rather than of this one request. */
  refusesCredential(refusal: { status: number; code: string | null; empty: boolean }): boolean;
  /** The header by which the vendor names a request, for its support desk. */
  readonly requestIdHeader: string | null;
}

/** One endpoint, called once. */
export interface VendorRequest<T> {
  /** The endpoint's name in the metrics. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Made by path`…`. */
  readonly path: string;
  /** Without the question mark. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** Makes the answer's body (null where there is none) into a value; null if it breaks the contract. */
  readonly parse: (body: unknown) => T | null;
}

/** Speaks HTTP to one account's vendor: nothing else does. */
export interface VendorCall {
  /** Tried again at most twice, where the vendor broke and the budget allows it. */
  read<T>(request: VendorRequest<T>, asking: Asking): Promise<Outcome<T>>;
  /** One request, never repeated. */
  write<T>(
    request: VendorRequest<T>,
    options: Pick<WriteOptions, 'timeoutMs' | 'window'>,
  ): Promise<Outcome<T>>;
  /** How the connection stands, without asking. */
  health(): ConnectionHealth;
}

/** Makes the calls of one account. */
export function createVendorCall(
  dialect: Dialect,
  { account, transport }: Pick<ProviderParts, 'account' | 'transport'>,
): VendorCall {
  const { limits, clock, metrics, signals } = transport;
  const { origin, hostname, pathname } = new URL(dialect.baseUrl);
  const base = pathname.replace(/\/$/, '');
  const guard = createGuard({
    concurrency: limits.concurrencyPerAccount,
    clock,
    tell: (signal) => {
      signals.tell(account.id, signal);
    },
  });
  signals.listen(account.id, guard.hear);
  const budget = createRetryBudget();

  /** One try. The guard learns of its end before it lets the next one through. */
  const attempt = <T>(
    dispatcher: Dispatcher,
    request: VendorRequest<T>,
    timeoutMs: number,
    { signal, window }: Pick<ExchangeLimits, 'signal' | 'window'>,
  ): Promise<Tried<T>> => {
    const { vendor } = dialect;
    const attributes = { 'http.request.method': request.method, 'server.address': hostname };
    return inSpan(
      `${vendor} ${request.operation}`,
      attributes,
      async (span) => {
        const outgoing = { origin, ...toRequest(request, base, dialect, traceHeaders()) };
        const tried = await guard.pass<Tried<T>>(
          async () => {
            const stop = metrics.vendorDuration.startTimer({ vendor, operation: request.operation });
            const limit = { timeoutMs, maxBytes: limits.responseBytes, signal, window };
            const result = await exchange(dispatcher, outgoing, limit);
            stop();
            const outcome = classify(result, request, dialect, clock());
            if (outcome.kind === 'throttled') guard.throttle(outcome.until);
            else if (outcome.kind === 'rejected' && outcome.credential) guard.refuseCredential();
            else if (outcome.kind === 'ok') guard.acceptCredential();
            return { result, outcome };
          },
          ({ cause, until }) => ({ result: null, outcome: { kind: 'notSent', cause, until } }),
        );
        span.setAttribute('rollcall.outcome', tried.outcome.kind);
        if (tried.result?.kind === 'answer')
          span.setAttribute('http.response.status_code', tried.result.status);
        return tried;
      },
      SpanKind.CLIENT,
    );
  };

  const note = <T>(outcome: Outcome<T>, operation: string): Outcome<T> => {
    const { vendor } = dialect;
    metrics.vendorRequests.inc({ vendor, operation, outcome: outcome.kind });
    const reason = 'cause' in outcome ? outcome.cause : null;
    if (reason === 'PROTOCOL' || reason === 'TOO_LARGE') metrics.vendorRefusedAnswers.inc({ vendor, reason });
    if (outcome.kind === 'ok') budget.earn();
    return outcome;
  };

  return {
    read: async (request, asking) => {
      const { signal } = asking;
      for (let retries = 0; ; retries++) {
        const { result, outcome } = await attempt(transport.reads, request, limits.readTimeout, {
          signal,
          window: null,
        });
        if (result?.kind === 'answer') asking.bytes += result.body.length;
        note(outcome, request.operation);
        const again = result && isRetryable(result) && retries < MAX_RETRIES && !signal.aborted;
        // A retry is a vendor call like any other.
        if (!again || asking.takeCall?.() === false || !budget.spend()) return outcome;
        await delay(50 * 2 ** retries * (0.5 + Math.random()));
      }
    },
    write: async (request, { timeoutMs, window }) => {
      const timeout = Math.min(limits.writeTimeout, timeoutMs);
      const { outcome } = await attempt(transport.writes, request, timeout, { signal: null, window });
      return note(outcome, request.operation);
    },
    health: () => guard.health(),
  };
}

/** What one try came to; no result where nothing went out. */
interface Tried<T> {
  readonly result: Exchange | null;
  readonly outcome: Outcome<T>;
}

const toRequest = (request: VendorRequest<unknown>, base: string, dialect: Dialect, trace: object) => ({
  path: `${base}${request.path}${request.query ? `?${request.query}` : ''}`,
  method: request.method,
  headers: {
    accept: 'application/json',
    'accept-encoding': 'gzip',
    ...(request.body ? { 'content-type': 'application/json;charset=utf-8' } : {}),
    ...trace,
    ...dialect.headers,
    ...request.headers,
  },
  body: request.body ? JSON.stringify(request.body) : null,
});

function classify<T>(
  result: Exchange,
  { parse }: VendorRequest<T>,
  dialect: Dialect,
  now: number,
): Outcome<T> {
  if (result.kind === 'failure') {
    return result.sent
      ? { kind: 'unknown', cause: result.cause, requestId: null }
      : { kind: 'notSent', cause: result.cause, until: null };
  }
  const { status, headers, body } = result;
  const requestId = headerText(headers, dialect.requestIdHeader);
  if (status >= 500) return { kind: 'unknown', cause: 'UNAVAILABLE', requestId };
  if (status === 408) return { kind: 'unknown', cause: 'TIMEOUT', requestId };
  if (status === 429) return { kind: 'throttled', until: now + pauseOf(headers, now), requestId };
  if (status >= 400) {
    const { code, requestId: named } = dialect.readRefusal(parseJson(headers, body));
    const credential =
      status === 401 ||
      (status === 403 && dialect.refusesCredential({ status, code, empty: body.length === 0 }));
    return { kind: 'rejected', status, code, credential, requestId: requestId ?? named };
  }
  const json = status < 300 ? parseJson(headers, body) : undefined;
  const value = json === undefined ? null : parse(json);
  return value === null
    ? { kind: 'unknown', cause: 'PROTOCOL', requestId }
    : { kind: 'ok', value, requestId };
}

/** The body as JSON, null if it is empty, undefined if it is anything else. */
function parseJson(headers: Headers, body: Buffer): unknown {
  if (body.length === 0) return null;
  if (!/^application\/([\w.-]+\+)?json\b|^text\/json\b/i.test(headerText(headers, 'content-type') ?? ''))
    return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function headerText(headers: Headers, name: string | null): string | null {
  const value = name === null ? undefined : headers[name];
  return typeof value === 'string' && /^[\x20-\x7e]{1,128}$/.test(value) ? value : null;
}
