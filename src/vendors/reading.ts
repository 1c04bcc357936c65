import type { Abort, AbortSignalLike } from '../abort';
import type { Clock } from '../clock';
import type { CallBudget } from './call-budget';
import { NotReached } from './outcome';
import type { Fields, Reading } from './provider';
import type { Asking, Seen, SharedReads } from './shared-reads';

/** What an operation's reads are made with. */
export interface ReadingParts {
  readonly shared: SharedReads;
  readonly clock: Clock;
  /** Ends every read: fires when the caller has left, and here when the deadline has passed. */
  readonly end: Abort;
  readonly deadlineMs: number;
  /** Whether the caller has asked for nothing that was kept. */
  readonly fresh: boolean;
  /** The vendor calls that this operation may make. */
  readonly calls: CallBudget;
}

/** An operation's reading, whose fields become known when it has been parsed. */
export interface OperationReading extends Reading {
  fields: Fields;
  /** Forgets what was read of an account, here and for everybody. */
  forget(account: string): void;
  /** The operation begins: from now on, its deadline ends what it reads. */
  begin(): void;
  /** The operation has been answered. */
  done(): void;
}

const NOTHING: Fields = {
  account: new Set(),
  staffMember: new Set(),
  invite: new Set(),
  role: new Set(),
  person: new Set(),
};

/** Makes the reading of one operation: what it asks is asked once, and shared with whoever asks the same. */
export function createReading({
  shared,
  clock,
  end,
  deadlineMs,
  fresh,
  calls,
}: ReadingParts): OperationReading {
  const deadline = performance.now() + deadlineMs;
  const { signal } = end;
  let timer: NodeJS.Timeout | undefined;
  const asked = new Map<string, Promise<Seen<unknown>>>();

  const takeCall = (): void => {
    if (!calls.take()) throw new NotReached();
  };

  const askUntil = <T>(
    until: AbortSignalLike,
    account: string,
    question: string,
    ask: (asking: Asking) => Promise<T>,
  ): Promise<Seen<T>> => {
    const key = `${account} ${question}`;
    const known = asked.get(key) as Promise<Seen<T>> | undefined;
    if (known) return known;
    let unused = false;
    const beforeAsking = (): void => {
      takeCall();
      unused = true;
    };
    const counted = (asking: Asking): Promise<T> => {
      unused = false;
      asking.takeCall = calls.take;
      return ask(asking);
    };
    const answer = shared.ask(account, question, { signal: until, fresh, beforeAsking }, counted);
    asked.set(key, answer);
    const onEnd = (): void => {
      // Another process had the answer.
      if (unused) calls.giveBack();
    };
    answer.then(onEnd, () => {
      onEnd();
      // The next one to ask may have more luck.
      asked.delete(key);
    });
    return answer;
  };

  const reading: OperationReading = {
    fields: NOTHING,
    signal,
    callsLeft: () => calls.left,
    timeLeft: () => Math.max(deadline - performance.now(), 0),
    ask: (account, question, ask) => askUntil(signal, account, question, ask),
    until: (until) =>
      until === signal
        ? reading
        : {
            ...reading,
            signal: until,
            ask: (account, question, ask) => askUntil(until, account, question, ask),
          },
    unshared: () => ({
      ...reading,
      ask: async (_account, _question, ask) => {
        takeCall();
        const value = await ask({ signal, bytes: 0, takeCall: calls.take });
        return { value, asOf: clock(), state: 'FRESH', because: null };
      },
    }),
    forget: (account) => {
      shared.forget(account);
      asked.clear();
    },
    begin: () => {
      timer = setTimeout(() => {
        end.abort();
      }, reading.timeLeft());
    },
    done: () => {
      clearTimeout(timer);
    },
  };
  return reading;
}
