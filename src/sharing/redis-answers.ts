import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Metrics } from '../metrics';
import type { AnswerStore, Found } from '../vendors/answers';
import { VendorFailure } from '../vendors/outcome';
import type { Seen } from '../vendors/shared-reads';
import { readAnswer, writeAnswer } from './kept-answer';
import { digest, generationKey, type Names, PREFIX } from './names';
import type { Redis } from './redis';
import { findReply } from './scripts';

/** What the answers of all processes are kept with. */
export interface RedisAnswersParts {
  readonly redis: Pick<Redis, 'run'>;
  readonly names: ReadonlyMap<string, Names>;
  /** Whether all that was written to an account is known to the others: until then nothing of it is shared. */
  readonly isSettled: (account: string) => boolean;
  readonly cacheTtl: number;
  /** How long answers are kept. */
  readonly keptMs: number;
  /** Which program this is. */
  readonly build: string;
  readonly metrics: Metrics;
}

/** How long to wait for what another process is asking; it may have died. */
const PATIENCE_MS = 1000;
/** Longer than any call to a vendor takes. */
const ASKING_MS = 15_000;
const POLL_MS = 15;
/** Long enough that it rarely ends by itself, which costs what was kept of the account. */
const GENERATION_MS = 86_400_000;

/** Makes the answers that processes keep together in Redis. */
export function createRedisAnswers(parts: RedisAnswersParts): AnswerStore {
  const { redis, names, isSettled, cacheTtl, keptMs, build, metrics } = parts;

  /** One step of the search; undefined where Redis is away. */
  const find = async (place: Place, mode: Mode): Promise<Step | undefined> => {
    const reply = await redis.run((client) =>
      client.find(
        [place.answer, place.generation, place.asking],
        [place.token, `${ASKING_MS}`, newGeneration(), `${GENERATION_MS}`, `${cacheTtl}`, mode],
      ),
    );
    const { data } = findReply.safeParse(reply);
    if (!data) return undefined;
    const [generation, first, ageMs, body] = data;
    const found = body.length > 0 ? readAnswer(body, place.answer, ageMs) : null;
    const isYoung = ageMs >= 0 && ageMs < cacheTtl;
    return { generation, isFirst: first === 1, isYoung, found };
  };

  const giveUp = ({ asking, token }: Place): void =>
    void redis.run((client) => client.giveUp([asking], [token]));
  const keep = (place: Place, generation: Buffer, seen: Seen<unknown>): void => {
    const body = writeAnswer(seen, place.answer);
    if (body === null) {
      giveUp(place);
      return;
    }
    const values = [place.token, generation, `${keptMs}`, body];
    void redis.run((client) => client.keep([place.answer, place.asking], values));
  };

  /** Asks for all: those who wait find the answer, or that there will be none. */
  const askForAll = async (
    place: Place,
    generation: Buffer,
    ask: () => Promise<Seen<unknown>>,
  ): Promise<Seen<unknown>> => {
    try {
      const seen = await ask();
      // Whoever has waited for it comes first.
      setImmediate(() => {
        keep(place, generation, seen);
      });
      return seen;
    } catch (error) {
      giveUp(place);
      throw error;
    }
  };

  return {
    answer: async ({ account, question, fresh, signal }, ask, take) => {
      const name = names.get(account);
      if (!name) return ask();
      const place = placeOf(name, question, build);
      const start = performance.now();
      for (let mode: Mode = fresh ? 'insist' : 'look'; ;) {
        const step: Step | undefined = isSettled(account) ? await find(place, mode) : undefined;
        if (signal.aborted) {
          if (step?.isFirst) giveUp(place);
          throw new VendorFailure('TIMEOUT');
        }
        if (!step) return ask();
        const { generation, isFirst, isYoung, found }: Step = step;
        const seen = found && take(found);
        if (isYoung && seen) {
          metrics.readCache.inc({ result: mode === 'look' ? 'cached_elsewhere' : 'shared_elsewhere' });
          return seen;
        }
        if (isFirst) return askForAll(place, generation, ask);
        // What cannot be read is replaced; whoever is asking for all may be gone.
        mode = isYoung || performance.now() - start > PATIENCE_MS ? 'insist' : 'wait';
        if (mode === 'wait') await delay(POLL_MS, undefined, { ref: false });
      }
    },
  };
}

/** First look; then wait for whoever is asking; or ask, whoever is. */
type Mode = 'look' | 'wait' | 'insist';

/** How far the search has come. */
interface Step {
  readonly generation: Buffer;
  /** Whether it is for this process to ask. */
  readonly isFirst: boolean;
  readonly isYoung: boolean;
  /** What is kept, if it can be read. */
  readonly found: Found | null;
}

/** A generation like no other. It is no number that is counted: one that Redis has lost must not come again. */
const newGeneration = (): string => randomBytes(16).toString('base64url');

/** Where a question's answer is, and who is asking it. */
interface Place {
  readonly answer: string;
  readonly generation: string;
  readonly asking: string;
  /** Tells this question from the same one asked by others. */
  readonly token: string;
}

function placeOf(name: Names, question: string, build: string): Place {
  const key = `${build}:${digest(name.account, question)}`;
  return {
    answer: `${PREFIX}answer:${key}`,
    generation: generationKey(name),
    asking: `${PREFIX}asking:${key}`,
    token: randomBytes(12).toString('base64url'),
  };
}
