import type { JWTPayload } from 'jose';
import type { Viewer } from '../accounts';
import type { AuthConfig } from '../config/auth';

/** The longest text of a claim, and the most texts of one list: more than any login service issues. */
const MAX_LENGTH = 255;
const MAX_ITEMS = 1000;

/**
 * What the claims of a verified token mean; null if one has the wrong form, because a token that is half understood is not
 * believed. A subject may be absent; where it is there, it is a text of 1 to 255 characters, as is every other claim.
 */
export function toViewer(
  payload: JWTPayload,
  {
    tenantClaim,
    accountsClaim,
    scopeClaim,
  }: Pick<AuthConfig, 'tenantClaim' | 'accountsClaim' | 'scopeClaim'>,
): Viewer | null {
  const tenant = own(payload, tenantClaim);
  const subject = own(payload, 'sub');
  const accounts = accountsClaim === undefined ? undefined : own(payload, accountsClaim);
  const scope = own(payload, scopeClaim) ?? '';
  const scopes = typeof scope === 'string' ? scope.split(' ').filter((each) => each !== '') : scope;
  if (!isText(tenant)) return null;
  if (subject !== undefined && !isText(subject)) return null;
  if (accounts !== undefined && !isTexts(accounts)) return null;
  if (!isTexts(scopes)) return null;
  return { tenant, accounts: accounts ?? null, subject: subject ?? null, scopes: new Set(scopes) };
}

const own = (payload: JWTPayload, claim: string): unknown =>
  Object.hasOwn(payload, claim) ? payload[claim] : undefined;

/** Control characters and unpaired surrogates cannot be stored everywhere, and no name has them. */
const isText = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length >= 1 &&
  value.length <= MAX_LENGTH &&
  !/[\p{Cc}\p{Cs}]/u.test(value);

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= MAX_ITEMS && value.every(isText);
