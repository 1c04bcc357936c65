import type { Database } from './database';

/** Receipts that may have been written although their writer was told that they were not. */
export interface Abandoned {
  /** Nothing is sent for this receipt: it is closed as NOT_SENT as soon as the database can be reached. */
  add(id: string, lease: number): void;
  stop(): void;
}

/** So many are kept at most: a ledger that is away for long has refused more writes than it has half committed. */
const MOST = 10_000;
const AT_ONCE = 500;
const FIRST_MS = 100;
const LONGEST_MS = 5000;

/**
 * Closes receipts whose COMMIT got no answer. The answer alone may be lost, or the COMMIT may still be on its way: so each
 * is looked for until its lease is over. What comes after that is told as UNKNOWN.
 */
export function createAbandoned({ note, now }: Pick<Database, 'note' | 'now'>): Abandoned {
  /** Until when each is looked for, by this process's monotonic clock. */
  const ids = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  const wait = (ms: number): void => {
    timer = setTimeout(() => void closeAll(ms), ms).unref();
  };

  const closeAll = async (waited: number): Promise<void> => {
    const asked = [...ids.keys()].slice(0, AT_ONCE);
    const closed = await note((tx) =>
      tx
        .updateTable('attempts')
        .set({ outcome: 'NOT_SENT', code: 'NOT_RECORDED', closed_at: now() })
        .where('id', 'in', asked)
        .where('outcome', '=', 'SENDING')
        .returning('id')
        .execute(),
    ).catch(() => []);
    for (const { id } of closed) ids.delete(id);
    for (const [id, until] of ids) if (until < performance.now()) ids.delete(id);
    timer = undefined;
    if (ids.size > 0) wait(Math.min(waited * 2, LONGEST_MS));
  };

  return {
    add: (id, lease) => {
      if (ids.size < MOST) ids.set(id, performance.now() + lease);
      if (timer === undefined && ids.size > 0) wait(FIRST_MS);
    },
    stop: () => {
      clearTimeout(timer);
      ids.clear();
    },
  };
}
