import type { InviteRowFragment } from './generated/graphql';
import { type Consent, NO_CONSENT, type Verb } from './intents/intent';

/** What the user is asked before something is done. */
export interface Question {
  readonly about: 'REVOKE' | 'MANY' | 'INVITE_DECLINED' | 'FULL_ACCESS';
  readonly verb: Verb;
  readonly invites: readonly InviteRowFragment[];
  /** What has been agreed to when the answer is yes. */
  readonly consent: Consent;
}

/** What has to be asked first; null where nothing has. `actions` names the consent that a permitted action needs. */
export function questionBefore(
  verb: Verb,
  invites: readonly InviteRowFragment[],
  given: Consent = NO_CONSENT,
): Question | null {
  const [only] = invites;
  if (verb === 'REVOKE') return { about: 'REVOKE', verb, invites, consent: given };
  if (invites.length > 1) return { about: 'MANY', verb, invites, consent: given };
  const reason = verb === 'SEND_NEW' ? only?.actions?.sendNew.reason : null;
  if (reason === 'INVITE_DECLINED' && !given.acknowledgeDeclined)
    return { about: reason, verb, invites, consent: { ...given, acknowledgeDeclined: true } };
  if (reason === 'FULL_ACCESS' && !given.grantFullAccess)
    return { about: reason, verb, invites, consent: { ...given, grantFullAccess: true } };
  return null;
}
