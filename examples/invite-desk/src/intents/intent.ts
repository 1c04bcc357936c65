import type { InviteErrorCode, InviteVerb, SendOutcome, UserErrorFragment } from '../generated/graphql';

/** What a button of the desk does to invites. */
export type Verb = Extract<InviteVerb, 'RESEND' | 'SEND_NEW' | 'REVOKE'>;

/** What the user has said yes to. */
export interface Consent {
  readonly acknowledgeDeclined: boolean;
  readonly grantFullAccess: boolean;
}

export const NO_CONSENT: Consent = { acknowledgeDeclined: false, grantFullAccess: false };

/** What the user wants. */
export interface Wish {
  readonly verb: Verb;
  readonly inviteIds: readonly string[];
  readonly consent: Consent;
}

/**
 * One wish of the user, from the click to its answer, however often it has to be asked. The key is made once: asking
 * again with it is safe, because Rollcall answers a key that it knows and sends nothing more.
 */
export interface Intent extends Wish {
  readonly key: string;
}

/** Why it did not go as wished; no code where Rollcall refused the request before looking at the invite. */
export type Problem = Omit<UserErrorFragment, 'code'> & { readonly code: InviteErrorCode | null };

/** How an intent has ended for one invite. */
export interface Answer {
  readonly outcome: SendOutcome;
  readonly userErrors: readonly Problem[];
  /** The invite that took the place of the one asked about. */
  readonly newInviteId: string | null;
}

/** How far an intent has come with one invite. */
export type Progress =
  | { readonly phase: 'asking'; readonly intent: Intent }
  | { readonly phase: 'answered'; readonly intent: Intent; readonly answer: Answer }
  /** The answer was lost between Rollcall and this browser: what happened is known there, and the same key tells it. */
  | { readonly phase: 'unanswered'; readonly intent: Intent };

/** Makes the one intent of a click. */
export const newIntent = (wish: Wish): Intent => ({ ...wish, key: crypto.randomUUID() });

/** Whether Rollcall says that the first call under this key has not ended. */
export const isUnderWay = ({ userErrors }: Pick<Answer, 'userErrors'>): boolean =>
  userErrors.some(({ code }) => code === 'IN_PROGRESS');

/** Whether a click is still open: then it is asked about again under its own key, never under a new one. */
export const isOpen = (progress: Progress): boolean =>
  progress.phase !== 'answered' || isUnderWay(progress.answer);

/** Whether an intent does all that is wished: then its key is the one to ask with. */
export const covers = (intent: Intent, { verb, inviteIds, consent }: Wish): boolean =>
  intent.verb === verb &&
  inviteIds.every((id) => intent.inviteIds.includes(id)) &&
  intent.consent.acknowledgeDeclined === consent.acknowledgeDeclined &&
  intent.consent.grantFullAccess === consent.grantFullAccess;
