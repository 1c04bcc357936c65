import { type Kysely, sql } from 'kysely';
import { parseInstant } from '../clock';
import { emailLocalId } from '../email';
import { localIdOf } from '../ids';
import type { Invite } from '../model';
import type { RememberedInvite } from '../vendors/provider';
import type { Database } from './database';
import type { RememberedRow, Tables } from './tables';
import { groupBy, together } from './together';

type Handle = Kysely<Tables>;

/** Invites that their vendor cannot show, or shows no more. */
export interface Remembered {
  ofAccount(account: string): Promise<readonly RememberedInvite[]>;
  /** Remembers an invite as it now is, without its link. */
  remember(invite: Invite): Promise<void>;
}

/** Remembered invites in the ledger's database. */
export function createRemembered(database: Database): Remembered {
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

    remember: (invite) => database.write((tx) => rememberAnswer(tx, invite, database)),
  };
}

/** Roles as they are kept where an answer names none. */
const NO_ROLES = '[]';

/**
 * Remembers what a vendor has answered. REVOKED is an invite's last state: an answer that is older, and comes later, does
 * not undo it. An answer that does not say an address, a time or roles leaves those that are known. What has taken an
 * invite's place is no part of an answer.
 */
export async function rememberAnswer(
  tx: Handle,
  invite: Invite,
  database: Pick<Database, 'now'>,
): Promise<void> {
  const row = toRow(invite);
  const { account: _account, invite: _invite, replaced_by: _replacedBy, ...known } = row;
  const unlessRevoked = (column: 'status' | 'vendor_status') =>
    sql<never>`case when remembered_invites.status = 'REVOKED' then ${sql.ref(`remembered_invites.${column}`)} else ${row[column]} end`;
  const orKnown = (column: 'email' | 'email_id' | 'created_at' | 'expires_at' | 'accepted_by') =>
    sql<never>`coalesce(${sql.ref(`excluded.${column}`)}, ${sql.ref(`remembered_invites.${column}`)})`;
  await tx
    .insertInto('remembered_invites')
    .values({ ...row, remembered_at: database.now() })
    .onConflict((conflict) =>
      conflict.columns(['account', 'invite']).doUpdateSet({
        ...known,
        email: orKnown('email'),
        email_id: orKnown('email_id'),
        created_at: orKnown('created_at'),
        expires_at: orKnown('expires_at'),
        accepted_by: orKnown('accepted_by'),
        roles: row.roles === NO_ROLES ? sql.ref('remembered_invites.roles') : row.roles,
        status: unlessRevoked('status'),
        vendor_status: unlessRevoked('vendor_status'),
        remembered_at: database.now(),
      }),
    )
    .execute();
}

/**
 * Notes an invite as it was read before it is withdrawn: what is remembered already is newer than a read, and stays. Only
 * over an invite that was withdrawn, and is there again under its own id, the roles are those of now.
 */
export async function noteBefore(tx: Handle, invite: Invite, database: Pick<Database, 'now'>): Promise<void> {
  const row = toRow(invite);
  await tx
    .insertInto('remembered_invites')
    .values({ ...row, remembered_at: database.now() })
    .onConflict((conflict) =>
      conflict
        .columns(['account', 'invite'])
        .doUpdateSet({ email: row.email, roles: row.roles })
        .where('remembered_invites.status', '=', 'REVOKED'),
    )
    .execute();
}

/** Notes that this invite stands for all earlier ones to its address. */
export async function supersede(tx: Handle, { accountId, id, email }: Invite): Promise<void> {
  if (email === null) return;
  await tx
    .updateTable('remembered_invites')
    .set({ replaced_by: localIdOf(id) })
    .where('account', '=', accountId)
    .where('email_id', '=', emailLocalId(email))
    .where('invite', '!=', localIdOf(id))
    .where('replaced_by', 'is', null)
    .execute();
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

const toRow = (invite: Invite): Omit<RememberedRow, 'remembered_at'> => ({
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
  replaced_by: null,
});
