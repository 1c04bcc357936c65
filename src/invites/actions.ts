import { toInstant } from '../clock';
import type { Traffic } from '../ledger/attempt-queries';
import { localIdOf } from '../ids';
import { emailIdOf, type SendLimits, waitFor } from '../ledger/limits';
import type { Invite, InviteAction, InviteActions } from '../model';
import { judge, type RuledVerb } from './rules';

/**
 * What may be done with an invite, by the same rules and limits that the mutations follow. An action that needs a
 * consent is allowed, and its reason names what is to be acknowledged. Without traffic nothing can be recorded, so
 * nothing would be sent.
 */
export function actionsOf(
  invite: Invite,
  traffic: Traffic | null,
  limits: SendLimits,
  now: number,
): InviteActions {
  const action = (verb: RuledVerb): InviteAction => {
    const code = judge(verb, invite, { acknowledgeDeclined: true, grantFullAccess: true });
    if (code !== null) return { allowed: false, reason: code, availableAt: null };
    if (traffic === null) return { allowed: false, reason: 'NOT_RECORDED', availableAt: null };
    const recent = traffic.recent.filter((attempt) => attempt.email_id === emailIdOf(invite));
    const wait = waitFor(verb, localIdOf(invite.id), recent, traffic.accountFull, limits, now);
    if (wait) return { allowed: false, reason: wait.code, availableAt: toInstant(wait.until) };
    const consent = judge(verb, invite, { acknowledgeDeclined: false, grantFullAccess: false });
    return { allowed: true, reason: consent, availableAt: null };
  };
  return { resend: action('RESEND'), sendNew: action('SEND_NEW'), revoke: action('REVOKE') };
}
