import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { isLoopback } from './values';

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

const claim = z.string().min(1, 'is empty').max(256, 'is too long');

/** A key set as JSON: never a private key, and never one that is shared with whoever signs. */
const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.enum(['RSA', 'EC', 'OKP']) })).min(1) });

const keySetFile = (folder: string) =>
  z.string('must be a file').transform((file, context) => {
    try {
      return keySet.parse(JSON.parse(readFileSync(resolve(folder, file), 'utf8')));
    } catch {
      context.issues.push({
        code: 'custom',
        message: 'is no JSON Web Key Set of public keys',
        input: undefined,
      });
      return z.NEVER;
    }
  });

const keySetUri = z
  .string('must be an address')
  .refine((text) => URL.canParse(text), 'is no address')
  .refine((text) => {
    const { protocol, hostname } = URL.canParse(text) ? new URL(text) : { protocol: '', hostname: '' };
    return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  }, 'must be https, or http on loopback');

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
    });

/** Whose tokens are believed. */
export type AuthConfig = z.infer<ReturnType<typeof authSchema>>;
