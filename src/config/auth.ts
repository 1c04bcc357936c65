import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { isLoopback } from './values';

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

const claim = z.string().min(1, 'is empty').max(256, 'is too long');

/** A key set as JSON: public keys alone. */
const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.enum(['RSA', 'EC', 'OKP']) })).min(1) });

const keySetFile = (folder: string) =>
  z.string('must be a file').transform((file, context) => {
    const refuse = (message: string): never => {
      context.issues.push({ code: 'custom', message, input: undefined });
      return z.NEVER;
    };
    try {
      const parsed: unknown = JSON.parse(readFileSync(resolve(folder, file), 'utf8'));
      if (holdsSecret(parsed))
        return refuse('holds a private key or a shared secret; the file must hold public keys only');
      return keySet.parse(parsed);
    } catch {
      return refuse('is no JSON Web Key Set of public keys');
    }
  });

/** Whether any key, of a set or by itself, could sign tokens: `d` is a private key, `k` and `oct` are shared secrets. */
function holdsSecret(parsed: unknown): boolean {
  const { keys } = (parsed ?? {}) as { keys?: unknown };
  const all: unknown[] = Array.isArray(keys) ? keys : [parsed];
  return all.some((key) => {
    if (typeof key !== 'object' || key === null) return false;
    return 'd' in key || 'k' in key || ('kty' in key && key.kty === 'oct');
  });
}

const keySetUri = z
  .string('must be an address')
  .refine((text) => URL.canParse(text), 'is no address')
  .refine((text) => {
    const { protocol, hostname } = URL.canParse(text) ? new URL(text) : { protocol: '', hostname: '' };
    return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  }, 'must be https, or http on loopback')
  .refine((text) => {
    const { username, password } = URL.canParse(text) ? new URL(text) : { username: '', password: '' };
    return username === '' && password === '';
  }, 'must have no user name and no password in it');

/** `auth:` — whose tokens are believed, and what their claims mean. */
export const authSchema = (folder: string) =>
  z
    .strictObject({
      issuer: z.string('is missing').min(1, 'is empty'),
      audience: z.string('is missing').min(1, 'is empty'),
      jwksUri: keySetUri.optional(),
      jwksFile: keySetFile(folder).optional(),
      algorithms: z
        .array(z.enum(ALGORITHMS, `must be among ${ALGORITHMS.join(', ')}`))
        .min(1, 'is empty')
        .default(['RS256', 'ES256']),
      tenantClaim: claim.default('tenant'),
      accountsClaim: claim.optional(),
      scopeClaim: claim.default('scope'),
    })
    .refine(({ jwksUri, jwksFile }) => (jwksUri === undefined) !== (jwksFile === undefined), {
      error: 'needs jwksUri or jwksFile, and not both',
      // Also where another key of the block is wrong.
      when: ({ value }) => typeof value === 'object' && value !== null,
    });

/** Whose tokens are believed. */
export type AuthConfig = z.infer<ReturnType<typeof authSchema>>;
