import { createHash } from 'node:crypto';
import type { InviteVerb } from '../model';
import type { Consent, RuledVerb } from './rules';

/** A write to an invite that is there. */
export interface InviteWrite {
  readonly verb: RuledVerb;
  readonly inviteId: string;
  readonly language: string | null;
  readonly consent: Consent;
  readonly idempotencyKey: string | null;
}

/** All writes that send or withdraw something. */
export type SendRequest = InviteWrite;

/** What is wrong with one input. */
export interface InputMistake {
  readonly field: string[];
  readonly message: string;
}

/** The first mistake in the inputs' form; null if they can be worked with. */
export function findMistake(request: SendRequest): InputMistake | null {
  const { language, idempotencyKey } = request;
  if (language !== null && !isLanguage(language))
    return mistake('language', 'must be a BCP 47 language tag such as "en" or "pt-BR"');
  if (idempotencyKey !== null && !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey))
    return mistake('idempotencyKey', 'must be 1 to 255 visible ASCII characters');
  return null;
}

/** A hash of what is asked, the key apart: the same call has the same. */
export function hashInput({ idempotencyKey: _key, ...asked }: SendRequest): string {
  const input = Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(input)).digest('base64url');
}

/** The input that says which invite or account is meant. */
export const targetField = (verb: InviteVerb): string[] => [
  'input',
  verb === 'INVITE' ? 'accountId' : 'inviteId',
];

const mistake = (field: string, problem: string): InputMistake => ({
  field: ['input', field],
  message: `${field} ${problem}.`,
});

function isLanguage(tag: string): boolean {
  if (tag.length > 35 || !/^[A-Za-z0-9-]+$/.test(tag)) return false;
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
