import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock';
import type { InviteErrorCode, SendOutcome } from '../model';
import {
  findByKey,
  freeKeys,
  lastRequested,
  lockAccount,
  newest,
  type Traffic,
  trafficOf,
  withKeyBefore,
} from './attempt-queries';
import type { Database } from './database';
import { overtaken, type SendLimits, type Wait, waitFor } from './limits';
import type { AttemptRow } from './tables';
import { groupBy, together } from './together';

/** What a write is about to ask of a vendor. */
export type NewAttempt = Pick<
  AttemptRow,
  'account' | 'invite' | 'email_id' | 'verb' | 'actor' | 'idempotency_key' | 'input_hash'
>;

/** How it ended. */
export interface Closing {
  readonly outcome: SendOutcome;
  readonly code: InviteErrorCode | null;
  readonly vendor_code: string | null;
  readonly vendor_request_id: string | null;
  readonly available_at: number | null;
  readonly result_invite: string | null;
  readonly answer: string | null;
}

/** What came of asking to begin: an attempt, the one that has this key already, or a wait. */
export type Begun =
  | { readonly kind: 'begun'; readonly attempt: AttemptRow }
  | { readonly kind: 'known'; readonly attempt: AttemptRow }
  | { readonly kind: 'wait'; readonly wait: Wait };

/** The receipts of all writes. */
export interface Attempts {
  /** The attempt that this caller made under this key, while keys are kept. */
  byKey(key: Pick<AttemptRow, 'account' | 'actor'> & { idempotency_key: string }): Promise<AttemptRow | null>;
  /**
   * Checks the limits and writes the attempt down, durably, as SENDING: in one step, and before the vendor is asked.
   * Refuses an email that another to the same address has overtaken since `lookedAt`.
   */
  begin(attempt: NewAttempt, lookedAt: number): Promise<Begun>;
  /** Notes the outcome. */
  close(attempt: AttemptRow, closing: Closing): Promise<AttemptRow>;
  /** The newest attempts that were made for, or have made, each of these invites of one account. */
  ofInvites(account: string, invites: readonly string[], most: number): Promise<readonly AttemptRow[]>;
  /** The traffic of these addresses, by `emailIdOf`. */
  traffic(account: string, emailIds: readonly string[]): Promise<Traffic>;
  /** When an email was last requested for these invites. */
  lastSends(account: string, invites: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Forgets the keys that are no longer kept; the attempts stay. */
  purgeKeys(): Promise<void>;
}

/** Attempts in the ledger's database. */
export function createAttempts(database: Database, limits: SendLimits, now: Clock): Attempts {
  const { queries } = database;
  const keptSince = (): number => now() - limits.idempotencyTtl;
  const isKept = ({ at }: AttemptRow): boolean => at >= keptSince();

  const byKey: Attempts['byKey'] = async ({ account, actor, idempotency_key }) => {
    const known = await findByKey(queries, account, actor, idempotency_key);
    return known && isKept(known) ? known : null;
  };

  const lastSends = together(async (asked: readonly { account: string; invites: readonly string[] }[]) => {
    const accounts = [...new Set(asked.map(({ account }) => account))];
    const invites = [...new Set(asked.flatMap((each) => each.invites))];
    const known = groupBy(await lastRequested(queries, accounts, invites), ({ account }) => account);
    // In the order of their times, so that the last one of an invite stays.
    return asked.map(
      ({ account }) => new Map((known.get(account) ?? []).map(({ invite, at }) => [invite, at])),
    );
  });

  return {
    byKey,

    begin: (attempt, lookedAt) =>
      database.write(async (tx): Promise<Begun> => {
        await lockAccount(tx, attempt.account);
        if (attempt.idempotency_key !== null) {
          const known = await findByKey(tx, attempt.account, attempt.actor, attempt.idempotency_key);
          if (known && isKept(known)) return { kind: 'known', attempt: known };
          // A key that is no longer kept is anybody's again.
          if (known) await freeKeys(tx, [known.id]);
        }
        const { recent, accountFull } = await trafficOf(
          tx,
          attempt.account,
          [attempt.email_id],
          limits,
          now(),
        );
        const wait =
          waitFor(attempt.verb, attempt.invite, recent, accountFull, limits, now()) ??
          overtaken(attempt.verb, recent, lookedAt, now());
        if (wait) return { kind: 'wait', wait };
        const row: AttemptRow = { ...attempt, ...unclosed, id: randomUUID(), at: now() };
        await tx.insertInto('attempts').values(row).execute();
        return { kind: 'begun', attempt: row };
      }),

    close: async (attempt, closing) => {
      const closed = { ...closing, closed_at: now() };
      // A writer that took very long still knows better than whoever gave it up.
      await database.note((tx) =>
        tx
          .updateTable('attempts')
          .set(closed)
          .where('id', '=', attempt.id)
          .where('outcome', 'in', ['SENDING', 'UNKNOWN'])
          .execute(),
      );
      return { ...attempt, ...closed };
    },

    ofInvites: (account, invites, most) =>
      newest(queries, 'invite', account, invites, most)
        .union(newest(queries, 'result_invite', account, invites, most))
        .orderBy('at', 'desc')
        .orderBy('id')
        .execute(),

    traffic: (account, emailIds) => trafficOf(queries, account, emailIds, limits, now()),

    lastSends: (account, invites) => lastSends({ account, invites }),

    purgeKeys: async () => {
      for (let freed = PURGED_TOGETHER; freed === PURGED_TOGETHER;) {
        const old = await withKeyBefore(queries, keptSince(), PURGED_TOGETHER);
        freed = old.length;
        if (freed > 0) await database.note((tx) => freeKeys(tx, old));
      }
    },
  };
}

/** So many at a time, so that nobody who writes meanwhile waits for long. */
const PURGED_TOGETHER = 500;

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
