import type { Kysely } from 'kysely';
import {
  findByKey,
  freeKeys,
  hourOf,
  lockStore,
  recentOf,
  rememberedAddress,
  type StoreRef,
  type Traffic,
} from './attempt-queries';
import type { Begun, Decide, NewAttempt } from './attempts';
import type { Database, Work } from './database';
import { isRunning, MAIL_VERBS, type SendLimits } from './limits';
import type { AttemptRow, Tables } from './tables';

/** What the ledger itself goes by: how many emails it counts, how long it keeps keys, and what time it is. */
interface Rules {
  readonly limits: SendLimits;
  readonly now: Database['now'];
}

/** An attempt that is about to begin, under an id that its writer knows whatever becomes of the transaction. */
export interface Beginning extends Rules {
  readonly id: string;
  readonly ref: StoreRef;
  readonly attempt: NewAttempt;
  readonly decide: Decide;
  readonly note: Work<unknown> | undefined;
}

/** All of a begin, within one transaction: lock and number, key, traffic, decision, receipt. */
export async function beginAttempt(tx: Kysely<Tables>, beginning: Beginning): Promise<Begun> {
  const { id, ref, decide, note, limits, now: time } = beginning;
  const { lease, ...attempt } = beginning.attempt;
  const { account, actor, idempotency_key: key, invite, verb } = attempt;
  const { seq, now } = await lockStore(tx, ref.store, time());
  if (key !== null) {
    const known = await findByKey(tx, account, actor, key, time());
    if (known && isKept(known, now, limits)) {
      const { now: _now, ...row } = known;
      return { kind: 'known', attempt: row, now };
    }
    // A key that is no longer kept is anybody's again.
    if (known) await freeKeys(tx, [known.id]);
  }
  // An invite that somebody else has sent may be known under another account key of the store.
  const email_id = attempt.email_id ?? (await rememberedAddress(tx, ref, invite)) ?? invite;
  const names = [...new Set([invite, email_id])];
  const traffic = MAIL_VERBS.includes(verb)
    ? await trafficOf(tx, ref, names, beginning)
    : { recent: await recentOf(tx, ref, names, now), accountFull: null };
  const wait = decide({ ...traffic, now });
  if (wait) return { kind: 'wait', wait };
  await note?.(tx);
  const row: AttemptRow = { ...attempt, ...unclosed, email_id, id, at: now, seq, sending_until: now + lease };
  await tx.insertInto('attempts').values(row).execute();
  return { kind: 'begun', attempt: row };
}

/** Whether an attempt's key still stands for it: a write that may be under way is never forgotten. */
export const isKept = (attempt: AttemptRow, now: number, limits: SendLimits): boolean =>
  attempt.at >= now - limits.idempotencyTtl || isRunning(attempt, now);

/** The traffic of people, by the local ids of their invites and the stand-ins of their addresses. */
export async function trafficOf(
  handle: Kysely<Tables>,
  ref: StoreRef,
  names: readonly string[],
  { limits: { emailsPerAccountPerHour: most }, now: time }: Rules,
): Promise<Traffic> {
  const { now, oldest } = await hourOf(handle, ref, most, time());
  const recent = await recentOf(handle, ref, names, now);
  return { now, recent, accountFull: most === 0 ? now : oldest };
}

const unclosed = {
  outcome: 'SENDING',
  code: null,
  vendor_code: null,
  vendor_request_id: null,
  available_at: null,
  result_invite: null,
  answer: null,
  closed_at: null,
} as const;
