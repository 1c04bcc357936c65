import type { Ask } from './client';
import { type InviteRowFragment, ResendInviteDocument, type UserErrorFragment } from './generated/operations';

/** How a click on "Resend" ended, in the three ways that a person must be told apart. */
export type Resent =
  | { readonly kind: 'sent'; readonly invite: InviteRowFragment | null }
  /** Not sent, for reasons that the person can be told: `message` is for them, `suggestedAction` names what fits. */
  | { readonly kind: 'refused'; readonly reasons: readonly UserErrorFragment[] }
  /** It may have been sent, or not. Show the invite and let the person decide; never send again by program. */
  | { readonly kind: 'unknown' };

const TRIES = 3;

/** Codes of an operation that was turned away before anything was done. */
const TURNED_AWAY = ['UNAUTHENTICATED', 'FORBIDDEN', 'BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED'];

/**
 * Sends an invite again, once, also over a bad network. The key belongs to the click: a request whose answer was lost is
 * repeated with the same key, which can never send a second email.
 */
export async function resendInvite(ask: Ask, inviteId: string): Promise<Resent> {
  const idempotencyKey = crypto.randomUUID();
  for (let tries = 1; tries <= TRIES; tries++) {
    const answer = await ask(ResendInviteDocument, { inviteId, idempotencyKey }).catch(() => null);
    const turnedAway = answer?.errors.find(({ extensions }) => TURNED_AWAY.includes(extensions?.code ?? ''));
    if (turnedAway) throw new Error(turnedAway.message);

    const result = answer?.data?.resendInvite;
    if (result?.outcome === 'REQUESTED') return { kind: 'sent', invite: result.invite };
    if (result?.outcome === 'UNKNOWN') return { kind: 'unknown' };
    const isRunning = result?.userErrors.some(({ code }) => code === 'IN_PROGRESS');
    if (result && !isRunning) return { kind: 'refused', reasons: result.userErrors };

    // No answer, or the first request is still at it: the same question again, a little later.
    await new Promise((resolve) => setTimeout(resolve, 250 * tries));
  }
  return { kind: 'unknown' };
}
