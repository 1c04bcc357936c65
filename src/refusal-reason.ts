/** Why a request was not authenticated: label values of a metric and words of the log. `missing` is no token, or one too few. */
export const REFUSAL_REASONS = [
  'missing',
  'malformed',
  'alg',
  'kid',
  'signature',
  'iss',
  'aud',
  'exp',
  'nbf',
  'claims',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

const BY_CODE: Readonly<Record<string, RefusalReason>> = {
  ERR_JWT_EXPIRED: 'exp',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'signature',
  ERR_JWKS_NO_MATCHING_KEY: 'kid',
  ERR_JOSE_ALG_NOT_ALLOWED: 'alg',
  ERR_JOSE_NOT_SUPPORTED: 'alg',
  ERR_JWS_INVALID: 'malformed',
  ERR_JWT_INVALID: 'malformed',
};
const BY_CLAIM: Readonly<Record<string, RefusalReason>> = {
  iss: 'iss',
  aud: 'aud',
  exp: 'exp',
  nbf: 'nbf',
};

/** The reason behind an error of jose. What is not known of a key that cannot verify counts as its signature. */
export function reasonOf(error: unknown): RefusalReason {
  const { code, claim } = error as { code?: unknown; claim?: unknown };
  if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') return BY_CLAIM[String(claim)] ?? 'claims';
  return BY_CODE[String(code)] ?? 'signature';
}
