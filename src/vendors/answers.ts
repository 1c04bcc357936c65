import type { AbortSignalLike } from '../abort';
import type { Seen } from './shared-reads';

/** A question that other processes may be asking too. */
export interface SharedQuestion {
  readonly account: string;
  readonly question: string;
  /** Whether nothing that was kept will do. */
  readonly fresh: boolean;
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignalLike;
}

/** What a vendor has told another process. */
export interface Found {
  readonly value: unknown;
  /** When, by that process' clock. */
  readonly asOf: number;
  /** How long ago, by nobody's clock. */
  readonly ageMs: number;
  /** Its size where it is kept. */
  readonly bytes: number;
}

/**
 * Answers that all processes keep together, and questions that one asks for all. It may be slow or away at any time: then
 * a question is asked as if there were no others.
 */
export interface AnswerStore {
  /**
   * Answers with what another process was told, or is being told right now; else by asking.
   * @param ask Asks the vendor.
   * @param take Keeps what was found here too, also where it is too old for an answer: it may stand in for one.
   */
  answer(
    question: SharedQuestion,
    ask: () => Promise<Seen<unknown>>,
    take: (found: Found) => Seen<unknown>,
  ): Promise<Seen<unknown>>;
}
