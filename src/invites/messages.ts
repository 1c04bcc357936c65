import type { InviteErrorCode, InviteVerb } from '../model';

/** What a person may read of each refusal; the code is for programs. */
export const MESSAGES: Record<InviteErrorCode, string> = {
  NOT_FOUND: 'There is no such invite or account.',
  INVALID_INPUT: 'The input is malformed.',
  INVITE_EXPIRED: 'The invite has expired; send a new one.',
  INVITE_PENDING: 'The invite can still be accepted; resend it.',
  INVITE_ACCEPTED: 'The invite has been accepted.',
  INVITE_DECLINED: 'The person declined; a new invite needs acknowledgeDeclined.',
  INVITE_REVOKED: 'The invite was withdrawn.',
  STATE_UNREADABLE: "The invite's state cannot be told, so it was not written to.",
  COOLDOWN: 'An email to this address was requested moments ago.',
  EMAIL_LIMIT: 'Too many emails were requested for this invite or account.',
  IDEMPOTENCY_CONFLICT: 'This idempotency key came with another input before.',
  IN_PROGRESS: 'The first call of this kind has not ended yet.',
  FULL_ACCESS: 'The invite would grant every permission; that needs grantFullAccess.',
  NOT_SUPPORTED: 'The vendor has no such call.',
  VENDOR_REJECTED: 'The vendor refused.',
  VENDOR_THROTTLED: 'The vendor asked for a pause.',
  VENDOR_UNAVAILABLE: 'The vendor could not be reached; nothing was sent.',
  VENDOR_AUTH: "The vendor refused this account's credential.",
  NOT_RECORDED: 'The write could not be recorded first, so nothing was sent.',
  OUTCOME_UNKNOWN: 'Nobody knows whether the vendor acted; look at the invite before trying again.',
};

/** The mutation that fits the state which a refusal tells of. */
export const SUGGESTIONS: Partial<Record<InviteErrorCode, InviteVerb>> = {
  INVITE_PENDING: 'RESEND',
  INVITE_EXPIRED: 'SEND_NEW',
  INVITE_DECLINED: 'SEND_NEW',
  INVITE_REVOKED: 'SEND_NEW',
};
