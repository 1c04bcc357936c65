import { parseInstant } from '../clock';
import { emailLocalId } from '../email';
import { localIdOf } from '../ids';
import type { Invite } from '../model';
import type { RememberedInvite } from '../vendors/provider';
import type { Database } from './database';
import type { RememberedRow } from './tables';
import { groupBy, together } from './together';

/** Invites that their vendor cannot show, or shows no more. */
export interface Remembered {
  ofAccount(account: string): Promise<readonly RememberedInvite[]>;
  /** Remembers an invite as it now is, without its link; what is known of it already and not said now is kept. */
  remember(invite: Invite): Promise<void>;
  /** Notes that this invite stands for all earlier ones to its address. */
  supersede(invite: Invite): Promise<void>;
}

/** Remembered invites in the ledger's database. */
export function createRemembered(database: Database, now: () => number): Remembered {
  return {
    ofAccount: together(async (accounts) => {
      const rows = await database.queries
        .selectFrom('remembered_invites')
        .selectAll()
        .where('account', 'in', accounts)
        .execute();
      const known = groupBy(rows, ({ account }) => account);
      return accounts.map((account) => (known.get(account) ?? []).map(toRemembered));
    }),

    remember: async (invite) => {
      const { account, invite: local, ...known } = toRow(invite, now());
      await database.write((tx) =>
        tx
          .insertInto('remembered_invites')
          .values({ account, invite: local, ...known })
          .onConflict((conflict) => conflict.columns(['account', 'invite']).doUpdateSet(known))
          .execute(),
      );
    },

    supersede: async ({ accountId, id, email }) => {
      if (email === null) return;
      await database.write((tx) =>
        tx
          .updateTable('remembered_invites')
          .set({ replaced_by: localIdOf(id) })
          .where('account', '=', accountId)
          .where('email_id', '=', emailLocalId(email))
          .where('invite', '!=', localIdOf(id))
          .where('replaced_by', 'is', null)
          .execute(),
      );
    },
  };
}

const toRemembered = (row: RememberedRow): RememberedInvite => ({
  localId: row.invite,
  email: row.email,
  status: row.status,
  vendorStatus: row.vendor_status,
  roleIds: JSON.parse(row.roles) as string[],
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  acceptedBy: row.accepted_by,
  replacedBy: row.replaced_by,
});

const toRow = (invite: Invite, now: number): RememberedRow => ({
  account: invite.accountId,
  invite: localIdOf(invite.id),
  email: invite.email,
  email_id: invite.email === null ? null : emailLocalId(invite.email),
  status: invite.status,
  vendor_status: invite.vendorStatus,
  roles: JSON.stringify(invite.roles.map(({ id }) => id)),
  created_at: invite.createdAt === null ? null : parseInstant(invite.createdAt),
  expires_at: invite.expiresAt === null ? null : parseInstant(invite.expiresAt),
  accepted_by: invite.staffMemberId === null ? null : localIdOf(invite.staffMemberId),
  replaced_by: invite.replacedBy,
  remembered_at: now,
});
