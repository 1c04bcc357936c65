import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { REFUSAL_REASONS } from './refusal-reason';
import type { ConnectionHealth, InviteVerb, SendOutcome, Vendor } from './model';

const VERBS: readonly InviteVerb[] = ['RESEND', 'SEND_NEW', 'INVITE', 'REVOKE'];
const OUTCOMES: readonly SendOutcome[] = ['REQUESTED', 'REJECTED', 'NOT_SENT', 'UNKNOWN'];

/** How a fetch of the key set can end. */
const KEY_FETCH_RESULTS = [
  'ok',
  'network',
  'timeout',
  'status',
  'too_large',
  'not_a_key_set',
  'no_usable_key',
] as const;
export type KeyFetchResult = (typeof KEY_FETCH_RESULTS)[number];

/** What the operator can see. Labels are bounded: vendors, operations, outcomes; never accounts, people or texts. */
export type Metrics = ReturnType<typeof createMetrics>;

/** What the metrics ask for when somebody looks at them. */
export interface Looks {
  connections(): Iterable<readonly [Vendor, ConnectionHealth]>;
  /** Resolves while the ledger can be written to, with how far its clock is ahead of this process's, in milliseconds. */
  ledger(): Promise<number>;
  /** Whether tokens can be verified; left out where none are needed. */
  readonly tokenKeys?: (() => boolean) | undefined;
  /** Whether Redis answers; left out where there is none. */
  readonly redis?: (() => boolean) | undefined;
}

/** Makes the metrics of one app. */
export function createMetrics({ connections, ledger, tokenKeys = () => true, redis }: Looks) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'vendor_connections',
    help: 'Accounts by vendor and state of their connection: OK, AUTH_FAILED, THROTTLED, CIRCUIT_OPEN.',
    labelNames: ['vendor', 'state'],
    // Workers have the same accounts: their sum would count each many times.
    aggregator: 'max',
    registers,
    collect() {
      this.reset();
      for (const [vendor, { state }] of connections()) this.inc({ vendor, state });
    },
  });
  const clockAhead = new Gauge({
    name: 'ledger_clock_ahead_seconds',
    help: "How far the ledger's clock is ahead of this process's: cooldowns and limits go by the ledger's, expiry estimates by this one.",
    aggregator: 'first',
    registers,
  });
  new Gauge({
    name: 'ledger_writable',
    help: '1 while the ledger can be written to; 0 while it cannot, so that nothing is sent.',
    aggregator: 'min',
    registers,
    async collect() {
      try {
        clockAhead.set((await ledger()) / 1000);
        this.set(1);
      } catch {
        this.set(0);
      }
    },
  });
  new Gauge({
    name: 'token_keys_available',
    help: '1 while tokens can be verified; 0 while no key set of the login service is believed, so that callers get 503.',
    aggregator: 'min',
    registers,
    collect() {
      this.set(tokenKeys() ? 1 : 0);
    },
  });
  if (redis)
    new Gauge({
      name: 'redis_connected',
      help: '1 while Redis answers; 0 while it does not, so that each process knows only what it has learned itself.',
      aggregator: 'min',
      registers,
      collect() {
        this.set(redis() ? 1 : 0);
      },
    });
  const writes = new Counter({
    name: 'invite_writes_total',
    help: 'Writes asked for, by verb and outcome; NOT_SENT counts refusals too.',
    labelNames: ['verb', 'outcome'],
    registers,
  });
  // There from the start, so that the first one of its kind is an increase.
  for (const verb of VERBS) for (const outcome of OUTCOMES) writes.inc({ verb, outcome }, 0);
  const tokensRefused = new Counter({
    name: 'tokens_refused_total',
    help: `Requests without a token that is believed, by reason: ${REFUSAL_REASONS.join(', ')}.`,
    labelNames: ['reason'],
    registers,
  });
  for (const reason of REFUSAL_REASONS) tokensRefused.inc({ reason }, 0);
  const keyFetches = new Counter({
    name: 'token_key_fetches_total',
    help: `Fetches of the login service's key set, by result: ${KEY_FETCH_RESULTS.join(', ')}.`,
    labelNames: ['result'],
    registers,
  });
  for (const result of KEY_FETCH_RESULTS) keyFetches.inc({ result }, 0);
  return {
    registry,
    writes,
    tokensRefused,
    keyFetches,
    vendorRequests: new Counter({
      name: 'vendor_requests_total',
      help: 'Calls to vendors, each try counted, by outcome: ok, rejected, throttled, notSent, unknown.',
      labelNames: ['vendor', 'operation', 'outcome'],
      registers,
    }),
    vendorDuration: new Histogram({
      name: 'vendor_request_duration_seconds',
      help: 'How long vendors take to answer.',
      labelNames: ['vendor', 'operation'],
      buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10],
      registers,
    }),
    vendorRefusedAnswers: new Counter({
      name: 'vendor_answers_refused_total',
      help: 'Answers that were not let in: too large, a redirect, not JSON, not what the contract says.',
      labelNames: ['vendor', 'reason'],
      registers,
    }),
    unknownWords: new Counter({
      name: 'vendor_unknown_status_total',
      help: 'Status words that this version does not know: the vendor may have added a state.',
      labelNames: ['vendor'],
      registers,
    }),
    readCache: new Counter({
      name: 'read_cache_total',
      help:
        'Questions by how they were answered: asked, shared (with a call in flight), cached, stale; ' +
        'by another process: cached_elsewhere, shared_elsewhere.',
      labelNames: ['result'],
      registers,
    }),
    operations: new Histogram({
      name: 'graphql_operation_duration_seconds',
      help: 'How long operations take; type is none where there was no valid one. Outcomes: ok, partial, failed, invalid (the caller made a mistake), refused (no token).',
      labelNames: ['type', 'outcome'],
      buckets: [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
      registers,
    }),
    callsPerOperation: new Histogram({
      name: 'vendor_calls_per_operation',
      help: 'How often one operation has asked vendors: questions, whatever pages they took, and writes.',
      buckets: [0, 1, 2, 5, 10, 20, 50, 100],
      registers,
    }),
    batchSize: new Histogram({
      name: 'loader_batch_size',
      help: 'Keys that a loader has read together.',
      labelNames: ['loader'],
      buckets: [1, 2, 5, 10, 20, 50, 100, 500],
      registers,
    }),
    sources: new Counter({
      name: 'source_state_total',
      help: 'Accounts in lists by how they answered: FRESH, CACHED, STALE, FAILED.',
      labelNames: ['vendor', 'state'],
      registers,
    }),
    repeats: new Counter({
      name: 'idempotency_hits_total',
      help: 'Calls whose key was known: replay, in_progress, conflict.',
      labelNames: ['kind'],
      registers,
    }),
    maskedErrors: new Counter({
      name: 'masked_errors_total',
      help: 'Errors that only the log can tell, by correlation id.',
      registers,
    }),
  };
}
