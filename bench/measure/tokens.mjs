import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** A key set in a file, and a token that may do everything in the emulators' tenant: RS256, as most issuers sign. */
export async function createTokens(folder) {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwksFile = join(folder, 'keys.json');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'bench', alg: 'RS256', use: 'sig' };
  writeFileSync(jwksFile, JSON.stringify({ keys: [jwk] }));
  const issuer = 'https://login.example.com/';
  const audience = 'rollcall';
  const token = await new SignJWT({ tenant: 'bench', scope: 'staff:read invites:send' })
    .setProtectedHeader({ alg: 'RS256', kid: 'bench' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject('bench')
    .setIssuedAt()
    .setExpirationTime('24h')
    .sign(privateKey);
  return { issuer, audience, jwksFile, token };
}
