import type {
  AccountStatus,
  ConnectionState,
  InviteErrorCode,
  InviteStatus,
  SourceErrorCode,
  StaffStatus,
  Vendor,
} from './generated/graphql';

/** The colour of a word: never the only sign of what it says. */
export type Tone = 'good' | 'wait' | 'late' | 'bad' | 'mute' | 'unsure';

/** A word to show, and its tone. */
export interface Label {
  readonly text: string;
  readonly tone: Tone;
}

export const VENDORS: Record<Vendor, string> = { ECWID: 'Ecwid', SOFTWAREONE: 'SoftwareOne', WIX: 'Wix' };

export const INVITE_STATUS: Record<InviteStatus, Label> = {
  PENDING: { text: 'Pending', tone: 'wait' },
  EXPIRED: { text: 'Expired', tone: 'late' },
  DECLINED: { text: 'Declined', tone: 'bad' },
  REVOKED: { text: 'Revoked', tone: 'mute' },
  ACCEPTED: { text: 'Accepted', tone: 'good' },
  UNKNOWN: { text: 'Not known', tone: 'unsure' },
};

export const STAFF_STATUS: Record<StaffStatus, Label> = {
  ACTIVE: { text: 'Active', tone: 'good' },
  INVITED: { text: 'Invited', tone: 'wait' },
  INVITE_EXPIRED: { text: 'Invite expired', tone: 'late' },
  SUSPENDED: { text: 'Suspended', tone: 'bad' },
  UNKNOWN: { text: 'Not known', tone: 'unsure' },
};

/** What is worth a word about an account. */
export const ACCOUNT_STATUS: Record<AccountStatus, string> = {
  ACTIVE: '',
  SUSPENDED: ', account suspended',
  DISABLED: ', account disabled',
  UNKNOWN: '',
};

export const CONNECTION: Record<ConnectionState, Label> = {
  OK: { text: 'Connected', tone: 'good' },
  AUTH_FAILED: { text: 'Credential refused', tone: 'bad' },
  THROTTLED: { text: 'Asked to pause', tone: 'wait' },
  CIRCUIT_OPEN: { text: 'Paused after failures', tone: 'late' },
};

/** Why an account is missing from a list. */
export const SOURCE_FAILURE: Record<SourceErrorCode, string> = {
  TIMEOUT: 'took too long to answer',
  UNAVAILABLE: 'could not be reached',
  THROTTLED: 'asked for a pause',
  AUTH: 'refused its credential',
  FORBIDDEN: 'did not allow this question',
  PROTOCOL: 'gave an answer that cannot be read',
  TOO_LARGE: 'gave an answer that is too large',
  NOT_SUPPORTED: 'cannot answer this',
  NOT_REACHED: 'was not reached in this request',
};

/** Why a button cannot be used. */
export const REFUSAL: Record<InviteErrorCode, string> = {
  NOT_FOUND: 'the vendor does not have it any more',
  INVALID_INPUT: 'the request was malformed',
  INVITE_EXPIRED: 'it has expired',
  INVITE_PENDING: 'it can still be accepted',
  INVITE_ACCEPTED: 'it has been accepted',
  INVITE_DECLINED: 'the person declined',
  INVITE_REVOKED: 'it is revoked already',
  STATE_UNREADABLE: 'its state cannot be read',
  COOLDOWN: 'just asked for',
  EMAIL_LIMIT: 'too many emails today',
  IDEMPOTENCY_CONFLICT: 'the key belongs to another request',
  IN_PROGRESS: 'the first request is still under way',
  FULL_ACCESS: 'it would grant every permission',
  NOT_SUPPORTED: 'this vendor cannot do that',
  VENDOR_REJECTED: 'the vendor refused',
  VENDOR_THROTTLED: 'the vendor asked for a pause',
  VENDOR_UNAVAILABLE: 'the vendor cannot be reached',
  VENDOR_AUTH: 'the vendor refused this account’s credential',
  NOT_RECORDED: 'it could not be recorded',
  OUTCOME_UNKNOWN: 'nobody knows how the last one ended',
};
