import type { InviteErrorCode, InviteStatus, InviteVerb, SendOutcome } from '../model';

/** The ledger's tables. Times are milliseconds since 1970; ids of invites are local to their account. */
export interface Tables {
  send_locks: SendLockRow;
  attempts: AttemptRow;
  remembered_invites: RememberedRow;
  account_stores: AccountStoreRow;
  ledger_clock: LedgerClockRow;
}

/** One row per store, whose lock lets one write at a time pass the limits, in whatever process. */
export interface SendLockRow {
  /** The store, under the column's old name; empty for the readiness probe. */
  account: string;
  /** The store's sequence: each write that asks to begin takes the next number. */
  sends: number;
  /** Database time of the last one. */
  at: number | null;
}

/** Which store an account key is of: several keys may be of one. */
export interface AccountStoreRow {
  account: string;
  store: string;
}

/** The time of a SQLite ledger: database time at which this boot of the machine began. */
export interface LedgerClockRow {
  boot: string;
  zero: number;
}

/** One write asked of a vendor: receipt, audit and cooldown in one row. */
export interface AttemptRow {
  id: string;
  account: string;
  /** The invite it was asked for. */
  invite: string;
  /** Stands for the address that the invite is of: emails and cooldowns are counted by it. */
  email_id: string;
  verb: InviteVerb;
  /** The invite that came of it, where it is another one. */
  result_invite: string | null;
  /** Subject of the caller's token; empty where there is none. */
  actor: string;
  idempotency_key: string | null;
  /** Hash of verb and input, to know the same call again. */
  input_hash: string;
  /** SENDING from before the vendor call until its outcome is known. */
  outcome: 'SENDING' | SendOutcome;
  code: InviteErrorCode | null;
  vendor_code: string | null;
  vendor_request_id: string | null;
  /** When the same call may succeed. */
  available_at: number | null;
  /** The invite as the caller was answered, as JSON. */
  answer: string | null;
  /** Database time of its begin. */
  at: number;
  closed_at: number | null;
  /** Its number in the store's sequence; null in rows of older versions. */
  seq: number | null;
  /** Database time until which a SENDING may still be under way; null in rows of older versions. */
  sending_until: number | null;
  /** When the vendor had last sent the invite before, by the vendor's own clock; null where it did not tell. */
  invited_before: number | null;
}

/** An invite that its vendor cannot show, or shows no more. Its link is never kept. */
export interface RememberedRow {
  account: string;
  invite: string;
  email: string | null;
  /** Hash of the normalised address, to find all invites of one person. */
  email_id: string | null;
  status: InviteStatus;
  vendor_status: string | null;
  /** JSON list of the vendor's role ids. */
  roles: string;
  created_at: number | null;
  expires_at: number | null;
  accepted_by: string | null;
  replaced_by: string | null;
  remembered_at: number;
}
