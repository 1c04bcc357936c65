import { parseId } from '../ids';
import { emailIdOf } from '../ledger/limits';
import type { Invite, InviteErrorCode, InviteUserError } from '../model';
import { type Refusal, unreadable, userError } from './result';
import { RULES } from './rules';
import { leaseOf } from './send-limits';
import type { SendParts } from './send-parts';

/** The link that lets its holder join, or why there is none. */
export interface Revealed {
  readonly link: string | null;
  readonly expiresAt: string | null;
  readonly userErrors: InviteUserError[];
}

/**
 * Shows the link that accepts an invite, read at this moment and kept nowhere. Who has seen it is recorded first: what
 * cannot be recorded is not shown.
 */
export async function revealLink(parts: SendParts, inviteId: string): Promise<Revealed> {
  const { accounts, provider, ledger, limits, reading, actor, report } = parts;
  const ref = parseId(inviteId);
  const account = ref && accounts.get(ref.account);
  if (!ref || !account) return hidden({ code: 'NOT_FOUND', field: ['input', 'inviteId'] });
  let found;
  try {
    found = await provider(account).reveal(reading, ref.local);
  } catch (error) {
    return hidden(unreadable(error, report));
  }
  if (!found) return hidden({ code: 'NOT_FOUND', field: ['input', 'inviteId'] });
  const { invite, link } = found;
  if (invite.status !== 'PENDING' || link === null) return hidden({ code: whyNot(invite) });
  try {
    const begun = await ledger.attempts.begin(
      {
        account: account.id,
        actor,
        invite: ref.local,
        email_id: emailIdOf(invite),
        verb: 'REVEAL_LINK',
        idempotency_key: null,
        input_hash: '',
        invited_before: null,
        lease: leaseOf(limits),
      },
      () => null,
    );
    if (begun.kind === 'begun') await ledger.attempts.close(begun.attempt, SHOWN);
  } catch (error) {
    report(error);
    return hidden({ code: 'NOT_RECORDED' });
  }
  return { link, expiresAt: invite.expiresAt, userErrors: [] };
}

const SHOWN = {
  outcome: 'REQUESTED',
  code: null,
  vendor_code: null,
  vendor_request_id: null,
  available_at: null,
  result_invite: null,
  answer: null,
} as const;

const hidden = (refusal: Refusal): Revealed => ({
  link: null,
  expiresAt: null,
  userErrors: [userError(refusal)],
});

/** A link that accepts nothing any more is no link; a pending invite without one is the vendor's to explain. */
function whyNot({ status }: Invite): InviteErrorCode {
  const rule = RULES[status].RESEND;
  return rule === 'YES' || rule === 'CONSENT' ? 'NOT_SUPPORTED' : rule;
}
