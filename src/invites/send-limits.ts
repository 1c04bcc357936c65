import type { Traffic } from '../ledger/attempt-queries';
import type { Look } from '../ledger/attempts';
import type { Wait } from '../ledger/begin-attempt';
import {
  DAY_MS,
  HOUR_MS,
  isRunning,
  leaseEnd,
  MAIL_VERBS,
  type RecentAttempt,
  type SendLimits,
  SENDING_MS,
} from '../ledger/limits';
import type { InviteVerb } from '../model';

/**
 * How long a write may be under way, from its receipt to the end of its vendor call, in milliseconds. The call has the
 * last `writeTimeout` of it, and must begin before that: see `startWindow`.
 */
export const leaseOf = ({ writeTimeout }: { readonly writeTimeout: number }): number =>
  Math.max(SENDING_MS, 2 * writeTimeout);

/**
 * Whether a verb on an invite, by its local id, has to wait. Pure: the same for the write itself and for `Invite.actions`.
 * A person is disturbed by the second email and not by the second verb, so all verbs that send share one cooldown, and an
 * email of which nobody knows whether it went out counts as one that did. What sends nothing is counted by verb and invite.
 * @param traffic The attempts for the person whom the invite is for, by invite or address.
 * @param look What was under way before the state was read that the write goes by; null where no write goes by it.
 */
export function waitFor(
  verb: InviteVerb,
  invite: string,
  { recent, accountFull, now }: Traffic,
  limits: SendLimits,
  look: Look | null,
): Wait | null {
  if (verb === 'REVEAL_LINK') return null;
  const isMail = MAIL_VERBS.includes(verb);
  const others = recent.filter((attempt) =>
    isMail ? MAIL_VERBS.includes(attempt.verb) : attempt.verb === verb && attempt.invite === invite,
  );
  const wait = pauseAfter(others, limits, now);
  if (wait || !isMail) return wait;
  if (look && others.some((attempt) => isOvertakenBy(attempt, look)))
    return { code: 'IN_PROGRESS', until: now + 1000 };

  const ofDay = others.filter(({ at }) => at > now - DAY_MS).sort((a, b) => b.at - a.at);
  const oldest = ofDay[limits.emailsPerInvitePerDay - 1];
  if (limits.emailsPerInvitePerDay === 0) return { code: 'EMAIL_LIMIT', until: now + DAY_MS };
  if (oldest) return { code: 'EMAIL_LIMIT', until: oldest.at + DAY_MS };
  return accountFull === null ? null : { code: 'EMAIL_LIMIT', until: accountFull + HOUR_MS };
}

function pauseAfter(others: readonly RecentAttempt[], { cooldown }: SendLimits, now: number): Wait | null {
  const over = Math.max(...others.map(({ at }) => at)) + cooldown;
  if (cooldown > 0 && over > now) return { code: 'COOLDOWN', until: over };
  const running = others.filter((attempt) => isRunning(attempt, now));
  return running.length > 0 ? { code: 'IN_PROGRESS', until: Math.max(...running.map(leaseEnd)) } : null;
}

/**
 * Whether an email was under way when the state was looked at, or has begun since: then what was seen is no longer so,
 * and what the rules said of it does not count. Told by the store's sequence, never by a clock.
 */
const isOvertakenBy = ({ id, seq }: RecentAttempt, { seen, underWay }: Look): boolean =>
  underWay.has(id) || (seq !== null && seq > seen);
