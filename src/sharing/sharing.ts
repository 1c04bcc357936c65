import type { Logger } from '../log';
import type { Metrics } from '../metrics';
import type { AnswerStore } from '../vendors/answers';
import type { ConfiguredAccount } from '../vendors/definition';
import type { Signals } from '../vendors/signals';
import { CHANNEL, nameAccounts, readBuild } from './names';
import { openRedis, type Redis } from './redis';
import { createRedisAnswers } from './redis-answers';
import { createRedisSignals } from './redis-signals';
import { within } from './within';

/** What processes that serve the same accounts share through Redis. */
export interface Sharing {
  readonly signals: Signals;
  isConnected(): boolean;
  /** The answers they keep together; null where none are to be kept. */
  answers(metrics: Metrics): AnswerStore | null;
  /** Connects, once everybody listens; Redis may be away. */
  start(): Promise<void>;
  close(): void;
}

/** What of the configuration it needs. */
export interface SharingParts {
  readonly url: string;
  readonly accounts: readonly ConfiguredAccount[];
  readonly vendors: Readonly<Record<string, { readonly baseUrl: string } | undefined>>;
  readonly limits: { readonly cacheTtl: number; readonly staleTtl: number };
  readonly log: Logger;
}

/** How long a start waits to learn what the others know. */
const START_MS = 1000;

/** Prepares what is shared through one Redis. */
export function createSharing({ url, accounts, vendors, limits, log }: SharingParts): Sharing {
  const { cacheTtl, staleTtl } = limits;
  const keptMs = Math.max(cacheTtl, staleTtl);
  const names = nameAccounts(accounts, vendors);
  const signals = createRedisSignals((): Redis => redis, names, keptMs);
  const redis = openRedis({
    url,
    log,
    channel: CHANNEL,
    onMessage: signals.receive,
    onConnect: signals.resume,
  });
  const { isSettled } = signals;
  return {
    signals,
    isConnected: redis.isConnected,
    answers: (metrics) =>
      cacheTtl > 0
        ? createRedisAnswers({ redis, names, isSettled, cacheTtl, keptMs, build: readBuild(), metrics })
        : null,
    start: () => within(START_MS, redis.start()).catch(() => undefined),
    close: () => {
      signals.close();
      redis.close();
    },
  };
}
