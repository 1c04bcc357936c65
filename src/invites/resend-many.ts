import { localIdOf, parseId } from '../ids';
import type { Invite } from '../model';
import type { Look } from '../ledger/attempts';
import { readOne } from './plan';
import { type InputMistake, mistake } from './request';
import { type SendResult } from './result';
import type { Send, StateReader } from './send';

/** Many resends under one key. */
export interface ResendMany {
  readonly inviteIds: readonly string[];
  readonly language: string | null;
  readonly idempotencyKey: string | null;
}

/** The most invites of one call. */
const MAX_INVITES = 25;

/**
 * Resends many invites, each on its own: one that fails fails alone, and a repeated id is sent once. Their states are
 * read together, one call an account, and only when the first of them has to be looked at.
 */
export async function resendMany(
  send: Send,
  look: StateReader['look'],
  request: ResendMany,
): Promise<SendResult[] | InputMistake> {
  const { inviteIds, language, idempotencyKey } = request;
  if (inviteIds.length > MAX_INVITES) return mistake('inviteIds', `must be at most ${MAX_INVITES}`);
  const ids = [...new Set(inviteIds)];
  const states = readTogether(ids, look);
  const consent = { acknowledgeDeclined: false, grantFullAccess: false };
  const results = new Map(
    await Promise.all(
      ids.map(async (inviteId) => {
        const write = { verb: 'RESEND', inviteId, ofMany: true, language, consent, idempotencyKey } as const;
        return [inviteId, await send(write, states)] as const;
      }),
    ),
  );
  return inviteIds.flatMap((id) => results.get(id) ?? []);
}

/** One look and one read for all invites of an account, in this order: a look after the read would be too late. */
function readTogether(ids: readonly string[], look: StateReader['look']): StateReader {
  const looks = new Map<string, Promise<Look>>();
  const reads = new Map<string, Promise<Map<string, Invite>>>();
  return {
    look: (account) => {
      const made = looks.get(account) ?? look(account);
      looks.set(account, made);
      return made;
    },
    read: async (provider, reading, inviteId) => {
      // The newest in place of one that was replaced.
      if (!ids.includes(inviteId)) return readOne(provider, reading, inviteId);
      const account = parseId(inviteId)?.account ?? '';
      const locals = ids.filter((id) => parseId(id)?.account === account).map(localIdOf);
      const read = reads.get(account) ?? provider.invitesByIds(reading, locals).then(byId);
      reads.set(account, read);
      return (await read).get(inviteId) ?? null;
    },
  };
}

const byId = (invites: readonly Invite[]): Map<string, Invite> =>
  new Map(invites.map((invite) => [invite.id, invite]));
