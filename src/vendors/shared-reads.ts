import { LRUCache } from 'lru-cache';
import { Abort, type AbortSignalLike } from '../abort';
import type { Clock } from '../clock';
import type { Metrics } from '../metrics';
import type { AnswerStore, Found } from './answers';
import { VendorFailure } from './outcome';
import type { Signals } from './signals';

/** How fresh something read is. */
export interface Freshness {
  /** When the vendor said it, in milliseconds. */
  readonly asOf: number;
  readonly state: 'FRESH' | 'CACHED' | 'STALE';
  /** Why the vendor could not be heard now, where the state is STALE. */
  readonly because: VendorFailure | null;
}

/** Something read of a vendor. */
export interface Seen<T> extends Freshness {
  readonly value: T;
}

/** A question on its way: what its vendor calls listen to, and how much they have read. */
export interface Asking {
  readonly signal: AbortSignalLike;
  bytes: number;
  /** Takes one more call of the operation that asks, for a retry; false where it has none left. */
  takeCall?: () => boolean;
}

/** Who waits for an answer, and whether a kept one will do. */
export interface Waiter {
  readonly signal: AbortSignalLike;
  readonly fresh: boolean;
  /** Called before a vendor is asked for this waiter alone; throws where the operation may not ask. */
  readonly beforeAsking?: () => void;
}

/** Why a waiter goes on without an answer that others may still want. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/** Reads that operations share: one call in flight for each account and question, and answers kept for moments. */
export interface SharedReads {
  ask<T>(
    account: string,
    question: string,
    waiter: Waiter,
    ask: (asking: Asking) => Promise<T>,
  ): Promise<Seen<T>>;
  /** Forgets all that is known of an account, also what is still on its way: it has been written to. */
  forget(account: string): void;
}

interface Flight {
  readonly promise: Promise<Seen<unknown>>;
  readonly controller: Abort;
  waiters: number;
}

/** An answer that is kept. */
interface Kept extends Seen<unknown> {
  /** When it was had, by this process' clock. */
  readonly at: number;
  /** The place of its question in the order of all questions. */
  readonly order: number;
}

/** A question to be put to a vendor. */
interface Question {
  readonly account: string;
  readonly question: string;
  readonly key: string;
  readonly fresh: boolean;
}

const MAX_ENTRIES = 10_000;
/** Counted in bytes of the vendors' answers; what is made of them takes three to four times as much. */
const MAX_BYTES = 8 << 20;
/** How often answers are let go that are too old to serve anybody. */
const SWEEP_MS = 10_000;

/** Makes the shared reads of one process. */
export function createSharedReads(parts: {
  readonly cacheTtl: number;
  readonly staleTtl: number;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly signals: Signals;
  /** Where other processes serve the same accounts: what they were told. */
  readonly answers?: AnswerStore | null;
}): SharedReads {
  const { cacheTtl, staleTtl, clock, metrics, signals, answers = null } = parts;
  const kept = new LRUCache<string, Kept>({
    max: MAX_ENTRIES,
    maxSize: MAX_BYTES,
    ttl: Math.max(cacheTtl, staleTtl),
    perf: { now: clock },
  });
  let sweptAt = clock();
  /** Those that nobody asks for again would stay until others push them out. */
  const sweep = (): void => {
    if (clock() - sweptAt < SWEEP_MS) return;
    sweptAt = clock();
    kept.purgeStale();
  };
  const flights = new Map<string, Flight>();
  /** Counted up by each write: what was asked before it is never found again. */
  const generations = new Map<string, number>();
  let questions = 0;

  const forget = (account: string): void => {
    generations.set(account, generationOf(account) + 1);
  };
  const generationOf = (account: string): number => {
    const known = generations.get(account);
    if (known !== undefined) return known;
    generations.set(account, 0);
    signals.listen(account, ({ kind }) => {
      if (kind === 'written') forget(account);
    });
    return 0;
  };

  const keep = (key: string, answer: Kept, bytes: number): Kept => {
    // An older question may be answered after a newer one.
    if ((cacheTtl > 0 || staleTtl > 0) && (kept.peek(key)?.order ?? 0) <= answer.order)
      kept.set(key, answer, { size: bytes + key.length + 1, start: answer.at });
    return answer;
  };

  const launch = ({ key, ...question }: Question, ask: (asking: Asking) => Promise<unknown>): Flight => {
    const order = ++questions;
    sweep();
    const controller = new Abort();
    const { signal } = controller;
    const asking = { signal, bytes: 0 };
    const askVendor = (): Promise<Seen<unknown>> => {
      metrics.readCache.inc({ result: 'asked' });
      return ask(asking).then((value) => {
        const at = clock();
        return keep(key, { value, asOf: at, at, state: 'FRESH', because: null, order }, asking.bytes);
      });
    };
    const take = ({ value, asOf, ageMs, bytes }: Found): Seen<unknown> => {
      const answer: Kept = { value, asOf, at: clock() - ageMs, state: 'CACHED', because: null, order };
      return (kept.peek(key)?.at ?? 0) < answer.at ? keep(key, answer, bytes) : answer;
    };
    const told = answers ? answers.answer({ ...question, signal }, askVendor, take) : askVendor();
    const promise = told.finally(() => {
      if (flights.get(key) === flight) flights.delete(key);
    });
    const flight = { promise, controller, waiters: 0 };
    flights.set(key, flight);
    return flight;
  };

  const join = (key: string, flight: Flight, signal: AbortSignalLike): Promise<Seen<unknown>> =>
    new Promise((resolve, reject) => {
      flight.waiters++;
      const leave = (): void => {
        reject(new VendorFailure('TIMEOUT'));
        flight.waiters--;
        // The last caller to leave takes the vendor call along. One that only went on without it leaves it to end by
        // itself: its answer will serve the next one, and its failure must count.
        if (flight.waiters > 0 || signal.reason instanceof TooSlow) return;
        if (flights.get(key) === flight) flights.delete(key);
        flight.controller.abort();
      };
      signal.addEventListener('abort', leave, { once: true });
      flight.promise.then(resolve, reject).finally(() => {
        signal.removeEventListener('abort', leave);
      });
      if (signal.aborted) leave();
    });

  return {
    ask: async <T>(
      account: string,
      question: string,
      { signal, fresh, beforeAsking }: Waiter,
      ask: (asking: Asking) => Promise<T>,
    ) => {
      const key = `${account} ${generationOf(account)} ${question}`;
      const known = kept.get(key) as (Kept & Seen<T>) | undefined;
      if (!fresh && known && clock() - known.at < cacheTtl) {
        metrics.readCache.inc({ result: 'cached' });
        return { ...known, state: 'CACHED' };
      }
      const running = fresh ? undefined : flights.get(key);
      if (running) metrics.readCache.inc({ result: 'shared' });
      else beforeAsking?.();
      try {
        const flight = running ?? launch({ account, question, key, fresh }, ask);
        return (await join(key, flight, signal)) as Seen<T>;
      } catch (error) {
        // The answer of another process may have come meanwhile.
        const last = kept.get(key) as (Kept & Seen<T>) | undefined;
        if (!(error instanceof VendorFailure) || !last || clock() - last.at >= staleTtl) throw error;
        metrics.readCache.inc({ result: 'stale' });
        return { ...last, state: 'STALE', because: error };
      }
    },
    forget: (account) => {
      forget(account);
      signals.tell(account, { kind: 'written' });
    },
  };
}

/** The value, unless it is an old one in place of an answer: for reads that have no place to say so. */
export function certain<T>(seen: Seen<T>): T {
  if (seen.because) throw seen.because;
  return seen.value;
}

/** The less fresh of two. */
export const worse = (one: Freshness, other: Freshness): Freshness => {
  const rank = ['FRESH', 'CACHED', 'STALE'];
  return rank.indexOf(one.state) >= rank.indexOf(other.state) ? one : other;
};
