import type { Kysely } from 'kysely';
import type { InviteErrorCode } from '../model';
import {
  findByKey,
  freeKeys,
  hourOf,
  lockStore,
  readKeys,
  type StoreRef,
  type Traffic,
} from './attempt-queries';
import type { Database, Work } from './database';
import { isRunning, MAIL_VERBS, type SendLimits } from './limits';
import { recentOf, rememberedAddress } from './person-queries';
import type { AttemptRow, Tables } from './tables';

/** What a write is about to ask of a vendor. */
export type NewAttempt = Pick<
  AttemptRow,
  'account' | 'invite' | 'verb' | 'actor' | 'idempotency_key' | 'input_hash' | 'invited_before'
> & {
  /** Stands for the address; null where it is not known. */
  readonly email_id: string | null;
  /** For how long it may be under way, in milliseconds. */
  readonly lease: number;
};

/** Why a write has to wait, and until when, in database time. */
export interface Wait {
  readonly code: Extract<InviteErrorCode, 'COOLDOWN' | 'EMAIL_LIMIT' | 'IN_PROGRESS'>;
  readonly until: number;
}

/** Decides by the traffic whether a write has to wait. Called while the store is locked; pure. */
export type Decide = (traffic: Traffic) => Wait | null;

/** An attempt and the database time at which it was so. */
export interface Known {
  readonly attempt: AttemptRow;
  readonly now: number;
}

/** What came of asking to begin: an attempt, the one that has this key already, or a wait. */
export type Begun =
  | { readonly kind: 'begun'; readonly attempt: AttemptRow }
  | ({ readonly kind: 'known' } & Known)
  | { readonly kind: 'wait'; readonly wait: Wait };

/** What the ledger itself goes by: how many emails it counts, how long it keeps keys, and what time it is. */
interface Rules {
  readonly limits: SendLimits;
  readonly now: Database['now'];
}

/** An attempt that is about to begin, under an id that its writer knows whatever becomes of the transaction. */
export interface Beginning extends Rules {
  readonly id: string;
  readonly store: StoreRef['store'];
  readonly attempt: NewAttempt;
  readonly decide: Decide;
  readonly note: Work<unknown> | undefined;
}

/** All of a begin, within one transaction: lock and number, key, traffic, decision, receipt. */
export async function beginAttempt(tx: Kysely<Tables>, beginning: Beginning): Promise<Begun> {
  const { id, store, decide, note, now: time } = beginning;
  const { lease, ...attempt } = beginning.attempt;
  const { account, invite, verb } = attempt;
  const { seq, now, keys } = await lockStore(tx, store, time());
  const accounts = readKeys(keys, account);
  // First, so that many repetitions of one call do not hold the lock for long.
  const known = await findKept(tx, attempt, beginning);
  if (known) return known;
  // An invite that somebody else has sent may be known under another account key of the store.
  const email_id = attempt.email_id ?? (await rememberedAddress(tx, accounts, invite)) ?? invite;
  const recent = await recentOf(tx, accounts, [invite, email_id], now);
  const { accountFull } = MAIL_VERBS.includes(verb)
    ? await fullnessOf(tx, accounts, beginning)
    : { accountFull: null };
  const wait = decide({ now, recent, accountFull });
  if (wait) return { kind: 'wait', wait };
  const row: AttemptRow = { ...attempt, ...unclosed, email_id, id, at: now, seq, sending_until: now + lease };
  await tx.insertInto('attempts').values(row).execute();
  await note?.(tx);
  return { kind: 'begun', attempt: row };
}

/** The attempt that has this key; a key that is no longer kept is taken from its attempt, and is anybody's again. */
async function findKept(
  tx: Kysely<Tables>,
  { account, actor, idempotency_key: key }: Pick<AttemptRow, 'account' | 'actor' | 'idempotency_key'>,
  { limits, now: time }: Rules,
): Promise<Begun | null> {
  const known = key === null ? undefined : await findByKey(tx, account, actor, key, time());
  if (!known) return null;
  const { now, ...attempt } = known;
  if (isKept(attempt, now, limits)) return { kind: 'known', attempt, now };
  await freeKeys(tx, [attempt.id]);
  return null;
}

/** Whether an attempt's key still stands for it: a write that may be under way is never forgotten. */
export const isKept = (attempt: AttemptRow, now: number, limits: SendLimits): boolean =>
  attempt.at >= now - limits.idempotencyTtl || isRunning(attempt, now);

/** The time, and when the oldest of the hour's emails was, if they are used up. */
async function fullnessOf(
  handle: Kysely<Tables>,
  accounts: readonly string[],
  { limits: { emailsPerAccountPerHour: most }, now: time }: Rules,
): Promise<Pick<Traffic, 'now' | 'accountFull'>> {
  const { now, oldest } = await hourOf(handle, accounts, most, time());
  return { now, accountFull: most === 0 ? now : oldest };
}

/** The traffic of people, by the local ids of their invites and the stand-ins of their addresses. */
export async function trafficOf(
  handle: Kysely<Tables>,
  accounts: readonly string[],
  names: readonly string[],
  rules: Rules,
): Promise<Traffic> {
  const fullness = await fullnessOf(handle, accounts, rules);
  return { ...fullness, recent: await recentOf(handle, accounts, names, fullness.now) };
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
