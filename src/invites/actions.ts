import { toInstant } from '../clock';
import type { Traffic } from '../ledger/attempt-queries';
import { localIdOf } from '../ids';
import { emailIdOf, type SendLimits } from '../ledger/limits';
import type { Invite, InviteAction, InviteActions } from '../model';
import { judge, type RuledVerb } from './rules';
import { waitFor } from './send-limits';

/**
 * What may be done with an invite, by the same rules and limits that the mutations follow. An action that needs a
 * consent is allowed, and its reason names what is to be acknowledged. Without traffic nothing can be recorded, so
 * nothing would be sent.
 */
export function actionsOf(invite: Invite, traffic: Traffic | null, limits: SendLimits): InviteActions {
  const names = new Set(namesOf(invite));
  const own = traffic && {
    ...traffic,
    recent: traffic.recent.filter(
      (attempt) =>
        names.has(attempt.email_id) || names.has(attempt.invite) || names.has(attempt.result_invite ?? ''),
    ),
  };
  const action = (verb: RuledVerb): InviteAction => {
    const code = judge(verb, invite, { acknowledgeDeclined: true, grantFullAccess: true });
    if (code !== null) return { allowed: false, reason: code, availableAt: null };
    if (own === null) return { allowed: false, reason: 'NOT_RECORDED', availableAt: null };
    const wait = waitFor(verb, localIdOf(invite.id), own, limits, null);
    if (wait) return { allowed: false, reason: wait.code, availableAt: toInstant(wait.until) };
    const consent = judge(verb, invite, { acknowledgeDeclined: false, grantFullAccess: false });
    return { allowed: true, reason: consent, availableAt: null };
  };
  return { resend: action('RESEND'), sendNew: action('SEND_NEW'), revoke: action('REVOKE') };
}

/** What the attempts for an invite's person go by: its local id, and its address where that is known. */
export const namesOf = (invite: Pick<Invite, 'id' | 'email'>): string[] => [
  localIdOf(invite.id),
  emailIdOf(invite),
];
