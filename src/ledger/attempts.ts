import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { InviteErrorCode, SendOutcome } from '../model';
import { createAbandoned } from './abandoned';
import {
  accountsOfStore,
  findByKey,
  freeKeys,
  lastRequested,
  newest,
  sequenceAndUnderWay,
  type StoreRef,
  type Traffic,
  withKeyOlderThan,
} from './attempt-queries';
import {
  beginAttempt,
  type Begun,
  type Decide,
  isKept,
  type Known,
  type NewAttempt,
  trafficOf,
} from './begin-attempt';
import type { Database, Work } from './database';
import type { RecentAttempt, SendLimits } from './limits';
import { recentOf, rememberedAddress } from './person-queries';
import type { AttemptRow, Tables } from './tables';
import { groupBy, together } from './together';

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

/** How far a store's sequence was, and which emails were under way, before an invite's state was read. */
export interface Look {
  readonly seen: number;
  readonly underWay: ReadonlySet<string>;
}

/** The receipts of all writes. */
export interface Attempts {
  /** The attempt that this caller made under this key, while keys are kept. */
  byKey(key: Pick<AttemptRow, 'account' | 'actor'> & { idempotency_key: string }): Promise<Known | null>;
  /** Looks where the sequence of this account's store is: to be asked before a state is read that a write goes by. */
  look(account: string): Promise<Look>;
  /**
   * Asks `decide` and writes the attempt down, durably, as SENDING: in one step, and before the vendor is asked.
   * @param note What is noted in the same step.
   */
  begin(attempt: NewAttempt, decide: Decide, note?: Work<unknown>): Promise<Begun>;
  /**
   * Notes the outcome and, in the same step, what else was learned; gives the attempt as it now stands.
   * @param emailId The address, where the vendor has told it.
   */
  close(attempt: AttemptRow, closing: Closing, learned?: Learned): Promise<AttemptRow>;
  /** Notes what was found out about an attempt that has lost its process, unless it has been closed meanwhile. */
  settle(attempt: AttemptRow, closing: Closing): Promise<AttemptRow>;
  /** The newest attempts that were made for, or have made, each of these invites of one account. */
  ofInvites(account: string, invites: readonly string[], most: number): Promise<readonly AttemptRow[]>;
  /** The traffic of these people, by the local ids of their invites and the stand-ins of their addresses. */
  traffic(account: string, names: readonly string[]): Promise<Traffic>;
  /** Attempts from a day before this one until now that may have sent something to its person; it may be among them. */
  aroundPerson(attempt: AttemptRow): Promise<readonly RecentAttempt[]>;
  /** When an email was last requested for these invites. */
  lastSends(account: string, invites: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Forgets the keys that are no longer kept; the attempts stay. */
  purgeKeys(): Promise<void>;
  /** Stops what runs beside the requests. */
  stop(): void;
}

/** What an answer tells beside the outcome. */
export interface Learned {
  readonly emailId: string | null;
  readonly note: Work<unknown> | null;
}

/** Attempts in the ledger's database; `storeOf` gives the store of an account key. */
export function createAttempts(
  database: Database,
  limits: SendLimits,
  storeOf: (account: string) => string,
): Attempts {
  const { queries } = database;
  const abandoned = createAbandoned(database);
  const refOf = (account: string): StoreRef => ({ account, store: storeOf(account) });
  const rules = { limits, now: () => database.now() };

  const lastSends = together(async (asked: readonly { account: string; invites: readonly string[] }[]) => {
    const accounts = [...new Set(asked.map(({ account }) => account))];
    const invites = [...new Set(asked.flatMap((each) => each.invites))];
    const known = groupBy(await lastRequested(queries, accounts, invites), ({ account }) => account);
    // In the order of their times, so that the last one of an invite stays.
    return asked.map(
      ({ account }) => new Map((known.get(account) ?? []).map(({ invite, at }) => [invite, at])),
    );
  });

  const closeIn = async (
    tx: Kysely<Tables>,
    { id }: AttemptRow,
    closing: Closing & { readonly email_id?: string },
    from: readonly AttemptRow['outcome'][],
  ): Promise<AttemptRow> => {
    const closed = await tx
      .updateTable('attempts')
      .set({ ...closing, closed_at: database.now() })
      .where('id', '=', id)
      .where('outcome', 'in', from)
      .returningAll()
      .executeTakeFirst();
    return (
      closed ?? (await tx.selectFrom('attempts').selectAll().where('id', '=', id).executeTakeFirstOrThrow())
    );
  };

  return {
    byKey: async ({ account, actor, idempotency_key }) => {
      const known = await findByKey(queries, account, actor, idempotency_key, database.now());
      if (!known) return null;
      const { now, ...attempt } = known;
      return isKept(attempt, now, limits) ? { attempt, now } : null;
    },

    look: async (account) => {
      const rows = await sequenceAndUnderWay(queries, refOf(account), database.now());
      return {
        seen: Math.max(0, ...rows.map(({ seq }) => seq)),
        underWay: new Set(rows.map(({ id }) => id).filter((id) => id !== null)),
      };
    },

    begin: async (attempt, decide, note) => {
      const id = randomUUID();
      try {
        return await database.write((tx) =>
          beginAttempt(tx, { ...rules, store: storeOf(attempt.account), id, attempt, decide, note }),
        );
      } catch (error) {
        // It may have been committed all the same, and only the answer is lost: nothing will be sent for it.
        abandoned.add(id, attempt.lease);
        throw error;
      }
    },

    // A writer that took very long still knows better than whoever gave it up.
    close: (attempt, closing, { emailId, note } = { emailId: null, note: null }) => {
      const noted = emailId === null ? closing : { ...closing, email_id: emailId };
      const close: Work<AttemptRow> = (tx) => closeIn(tx, attempt, noted, ['SENDING', 'UNKNOWN']);
      if (!note) return database.note(close);
      return database.write(async (tx) => {
        await note(tx);
        return close(tx);
      });
    },

    settle: (attempt, closing) => database.note((tx) => closeIn(tx, attempt, closing, ['SENDING'])),

    ofInvites: (account, invites, most) =>
      newest(queries, 'invite', account, invites, most)
        .union(newest(queries, 'result_invite', account, invites, most))
        .orderBy('at', 'desc')
        .orderBy('id')
        .execute(),

    traffic: async (account, names) =>
      trafficOf(queries, await accountsOfStore(queries, refOf(account)), names, rules),

    aroundPerson: async ({ account, invite, email_id, at }) => {
      const accounts = await accountsOfStore(queries, refOf(account));
      const address = (await rememberedAddress(queries, accounts, invite)) ?? email_id;
      return recentOf(queries, accounts, [invite, email_id, address], at);
    },

    lastSends: (account, invites) => lastSends({ account, invites }),

    purgeKeys: async () => {
      for (let freed = PURGED_TOGETHER; freed === PURGED_TOGETHER;) {
        const old = await withKeyOlderThan(queries, limits.idempotencyTtl, database.now(), PURGED_TOGETHER);
        freed = old.length;
        if (freed > 0) await database.note((tx) => freeKeys(tx, old));
      }
    },

    stop: () => {
      abandoned.stop();
    },
  };
}

/** So many at a time, so that nobody who writes meanwhile waits for long. */
const PURGED_TOGETHER = 500;
