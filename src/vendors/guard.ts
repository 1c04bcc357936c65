import {
  BrokenCircuitError,
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhenResult,
  type IBreaker,
  SamplingBreaker,
  wrap,
} from 'cockatiel';
import { type Clock, toInstant } from '../clock';
import type { ConnectionHealth } from '../model';
import type { Exchange } from './exchange';
import type { Cause } from './outcome';
import type { Signal } from './signals';

/** Why nothing may go out, and until when. */
export interface Closed {
  readonly cause: Extract<Cause, 'THROTTLED' | 'AUTH' | 'UNAVAILABLE'>;
  readonly until: number | null;
}

/** One try, by its bare end; null where it did not go out. */
export interface Try {
  readonly result: Exchange | null;
}

/** Stands before every call of one account: lets a few through at a time, and none while the vendor wants none. */
export interface Guard {
  /** Lets one try through, or tells why not. */
  pass<T extends Try>(attempt: () => Promise<T>, refused: (closed: Closed) => T): Promise<T>;
  /** The vendor wants a pause: nothing goes out until then. */
  throttle(until: number): void;
  /** The vendor refused the credential: nothing goes out but, after ever longer pauses, one probe. */
  refuseCredential(): void;
  /** The vendor has taken the credential. */
  acceptCredential(): void;
  /** Takes over what another process has learned of the same account. */
  hear(signal: Signal): void;
  health(): ConnectionHealth;
}

/** How many calls may wait for their turn; more than that is load that cannot be served in time anyway. */
const MAX_WAITING = 1000;
const BREAK_MS = 30_000;
/** How long a probe keeps the others waiting; a call that takes longer has failed. */
const PROBE_MS = 10_000;
const MAX_CREDENTIAL_PAUSE_MS = 3_600_000;

/** How many failures in a row open the circuit. */
const MOST_FAILURES = 5;

/**
 * Makes the guard of one account's credential.
 * @param tell Tells other processes what this one has learned.
 */
export function createGuard({
  concurrency,
  clock,
  tell,
}: {
  concurrency: number;
  clock: Clock;
  tell: (signal: Signal) => void;
}): Guard {
  const inARow = new ConsecutiveBreaker(MOST_FAILURES);
  const breaker = circuitBreaker(
    handleWhenResult((tried) => isFailure((tried as Try).result)).orType(
      Unproven,
      () => breaker.state === CircuitState.HalfOpen,
    ),
    {
      halfOpenAfter: BREAK_MS,
      breaker: eitherOf(
        inARow,
        new SamplingBreaker({ threshold: 0.5, duration: 60_000, minimumRps: 20 / 60 }),
      ),
    },
  );
  const slots = wrap(bulkhead(concurrency, MAX_WAITING), breaker);
  let since: number | null = null;
  let brokenAt: number | null = null;
  let throttledUntil = 0;
  let credential = { refusals: 0, until: 0, pausedUntil: 0 };
  breaker.onBreak(() => {
    since = brokenAt = clock();
    tell({ kind: 'broken' });
  });
  breaker.onReset(() => {
    brokenAt = null;
    since = clock();
  });

  const closed = (): Closed | null => {
    if (credential.until > clock()) return { cause: 'AUTH', until: null };
    if (throttledUntil > clock()) return { cause: 'THROTTLED', until: throttledUntil };
    return null;
  };
  const broken = (): Closed => ({
    cause: 'UNAVAILABLE',
    until: brokenAt === null ? null : brokenAt + BREAK_MS,
  });

  const throttle = (until: number): void => {
    if (throttledUntil <= clock()) since = clock();
    throttledUntil = Math.max(throttledUntil, until);
  };
  const refuse = (refusals: number, until: number): void => {
    if (credential.refusals === 0) since = clock();
    credential = { refusals, until, pausedUntil: until };
  };
  const accept = (): void => {
    if (credential.refusals > 0 || since === null) since = clock();
    credential = { refusals: 0, until: 0, pausedUntil: 0 };
  };

  return {
    pass: async (attempt, refused) => {
      const shut = closed();
      if (shut) return refused(shut);
      try {
        return await slots.execute(async () => {
          // Looked at again when its turn comes: a pause that began meanwhile holds for whoever waited.
          const shutNow = closed();
          if (shutNow) throw new Unproven(refused(shutNow));
          // A probe goes alone.
          if (credential.refusals > 0) credential.until = clock() + PROBE_MS;
          const tried = await attempt();
          if (tried.result?.kind === 'failure' && tried.result.cause === 'ABORTED') throw new Unproven(tried);
          return tried;
        });
      } catch (error) {
        if (error instanceof Unproven)
          return error.tried as typeof error.tried & Awaited<ReturnType<typeof attempt>>;
        if (error instanceof BrokenCircuitError || error instanceof BulkheadRejectedError)
          return refused(broken());
        throw error;
      }
    },
    throttle: (until) => {
      throttle(until);
      tell({ kind: 'throttled', forMs: until - clock() });
    },
    refuseCredential: () => {
      // Calls that were on their way together are one refusal.
      if (credential.pausedUntil > clock()) return;
      const forMs = Math.min(BREAK_MS * 2 ** credential.refusals, MAX_CREDENTIAL_PAUSE_MS);
      refuse(credential.refusals + 1, clock() + forMs);
      tell({ kind: 'refused', refusals: credential.refusals, forMs });
    },
    acceptCredential: () => {
      const wasRefused = credential.refusals > 0;
      accept();
      if (wasRefused) tell({ kind: 'accepted' });
    },
    hear: (signal) => {
      if (signal.kind === 'throttled') throttle(clock() + signal.forMs);
      else if (signal.kind === 'refused') refuse(signal.refusals, clock() + signal.forMs);
      else if (signal.kind === 'accepted') accept();
      // One more failure here is proof enough; a first success clears it.
      else if (signal.kind === 'broken') inARow.state = MOST_FAILURES - 1;
    },
    health: () => {
      const at = since === null ? null : toInstant(since);
      if (credential.refusals > 0) return { state: 'AUTH_FAILED', since: at, retryAt: null };
      if (throttledUntil > clock())
        return { state: 'THROTTLED', since: at, retryAt: toInstant(throttledUntil) };
      if (breaker.state === CircuitState.Closed) return { state: 'OK', since: at, retryAt: null };
      const { until } = broken();
      return { state: 'CIRCUIT_OPEN', since: at, retryAt: until === null ? null : toInstant(until) };
    },
  };
}

/**
 * A try that says nothing of the vendor: it did not go out, or its caller left. Not for it nor against it; but a probe that
 * has proven nothing leaves the circuit open.
 */
class Unproven extends Error {
  override readonly name = 'Unproven';

  constructor(readonly tried: Try) {
    super('Nothing was learned of the vendor.');
  }
}

/** What speaks against the vendor: no connection, no answer in time, a cut answer, a 5xx. Not that its caller left. */
function isFailure(result: Exchange | null): boolean {
  if (result === null) return false;
  return result.kind === 'failure'
    ? result.cause === 'UNAVAILABLE' || result.cause === 'TIMEOUT'
    : result.status >= 500 || result.status === 408;
}

/** Breaks when either breaks. */
const eitherOf = (one: IBreaker, other: IBreaker): IBreaker => ({
  get state() {
    return [one.state, other.state];
  },
  set state(state) {
    [one.state, other.state] = state as [unknown, unknown];
  },
  success: (state) => {
    one.success(state);
    other.success(state);
  },
  failure: (state) => {
    // Both must hear of it, whatever the first one says.
    const broken = [one.failure(state), other.failure(state)];
    return broken.includes(true);
  },
});
