import { createHash } from 'node:crypto';
import { readEmail } from '../email';
import { isLocalId } from '../ids';
import type { InviteVerb } from '../model';
import type { Consent, RuledVerb } from './rules';

interface Write {
  readonly language: string | null;
  readonly consent: Consent;
  readonly idempotencyKey: string | null;
}

/** A write to an invite that is there. */
export interface InviteWrite extends Write {
  readonly verb: RuledVerb;
  readonly inviteId: string;
  /** One of many under one key: the key counts for this invite alone. */
  readonly ofMany: boolean;
}

/** An invite to someone who has none yet. */
export interface NewInvite extends Write {
  readonly verb: 'INVITE';
  readonly accountId: string;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly roleIds: readonly string[];
}

/** All writes that send or withdraw something. */
export type SendRequest = InviteWrite | NewInvite;

/** What is wrong with one input. */
export interface InputMistake {
  readonly field: string[];
  readonly message: string;
}

const MAX_ROLES = 50;

/** The first mistake in the inputs' form; null if they can be worked with. */
export function findMistake(request: SendRequest): InputMistake | null {
  const { language, idempotencyKey } = request;
  if (language !== null && !isLanguage(language))
    return mistake('language', 'must be a BCP 47 language tag such as "en" or "pt-BR"');
  if (idempotencyKey !== null && !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey))
    return mistake('idempotencyKey', 'must be 1 to 255 visible ASCII characters');
  if (request.verb !== 'INVITE') return null;
  if (readEmail(request.email) === null) return mistake('email', 'is no email address');
  for (const name of ['firstName', 'lastName'] as const)
    if (!isName(request[name]))
      return mistake(name, 'must be 1 to 200 characters, none of them control characters');
  if (request.roleIds.length > MAX_ROLES || !request.roleIds.every(isLocalId))
    return mistake('roleIds', `must be role ids of this account, at most ${MAX_ROLES}`);
  return null;
}

/** A mistake, in words that name the input. */
export const mistake = (field: string, problem: string): InputMistake => ({
  field: ['input', field],
  message: `${field} ${problem}.`,
});

/** The key as the ledger has it: one of many has its invite in it, behind a space, which no caller's key can have. */
export const ledgerKey = (request: SendRequest): string | null =>
  request.idempotencyKey !== null && 'ofMany' in request && request.ofMany
    ? `${request.idempotencyKey} ${request.inviteId}`
    : request.idempotencyKey;

/** A hash of what is asked, the key apart: the same call has the same. */
export function hashInput({ idempotencyKey, ...asked }: SendRequest): string {
  const input = Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(input)).digest('base64url');
}

/** The input that names the invite or account of a write. */
export const targetField = (request: { readonly verb: InviteVerb; readonly ofMany?: boolean }): string[] => {
  if (request.verb === 'INVITE') return ['input', 'accountId'];
  return ['input', request.ofMany === true ? 'inviteIds' : 'inviteId'];
};

function isLanguage(tag: string): boolean {
  if (tag.length > 35 || !/^[A-Za-z0-9-]+$/.test(tag)) return false;
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

const isName = (name: string | null): boolean =>
  name === null || (name.trim() !== '' && name.length <= 200 && !/\p{Cc}/u.test(name));
